"""A day without a network: three walks with photos, an empty battery, and a bad line home to the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from server.auth import enrolment
from tests.chaos.faults import Draw
from tests.chaos.proxy import Proxy
from tests.web.lone_tablet import STORM, BadLine, MortalBrowser
from tests.web.office import Office, Visitor
from tests.web.tablet import CAMERA, HAND, choose

PATIENCE_S = 60
PROBLEMS = ("车辆乱停乱放", "小广告未清理", "毁绿种菜")


@pytest.fixture
def line(office: Office) -> Iterator[Proxy]:
    with BadLine(office.url, Draw("journey", 0)) as proxy:
        yield proxy


def in_hand(browser: Browser, chromium: Path, profile: Path, office: Office) -> MortalBrowser:
    """Return a worker's tablet at the place of the cases."""
    where = office.cast.location()
    return MortalBrowser(
        browser,
        chromium,
        profile,
        args=CAMERA,
        locale="zh-CN",
        viewport=HAND,
        has_touch=True,
        permissions=["geolocation", "camera"],
        geolocation={"longitude": where["lon"], "latitude": where["lat"], "accuracy": 6},
    )


def a_code(office: Office) -> str:
    """Return an enrolment code for the worker."""
    now, username = datetime.now(UTC), office.cast.worker.username
    with office.cast.county.transaction() as session:
        return enrolment.make_code(session, username=username, actor=None, now=now).enrolment_code


def walk(page: Page, problem: str) -> None:
    """Begin a daily walk and note one problem with a photo."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="巡查").click()
    choose(page, "T0")
    page.get_by_role("button", name="拍照，报一个问题").click()
    expect(page.locator(".finder video")).not_to_have_js_property("videoWidth", 0)
    page.get_by_role("dialog", name="拍照").get_by_role("button", name="按下快门").click()
    page.get_by_role("button", name=problem).click()
    expect(page.locator("[data-found]")).to_contain_text("证据齐全")
    expect(page.get_by_text("已保存在平板上")).to_be_visible()


def hand_in(page: Page) -> None:
    """Say that the rest is in order, and hand the walk in."""
    page.get_by_role("button", name="其余均正常").click()
    page.get_by_role("button", name="交出巡查").click()
    expect(page.get_by_role("heading", name="已交出")).to_be_visible()


def hurry(page: Page) -> None:
    """Press the button of the sync. While one runs it is disabled, under another name, and does nothing."""
    page.get_by_role("button", name=re.compile("同步")).evaluate("button => button.click()")


def test_a_day_without_a_network_ends_in_the_ledger(
    browser: Browser, chromium: Path, office: Office, line: Proxy, visitor: Visitor, tmp_path: Path
) -> None:
    with closing(in_hand(browser, chromium, tmp_path / "profile", office)) as tablet:
        page = tablet.page
        page.goto(f"{line.url}/tablet/#enrol={a_code(office)}")
        page.get_by_role("button", name="登记", exact=True).click()
        page.get_by_role("heading", name="我的小区").wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")

        tablet.context.set_offline(True)
        for problem in PROBLEMS[:2]:
            walk(page, problem)
            hand_in(page)
        walk(page, PROBLEMS[2])
        # The battery dies in the middle of a burst.
        page.get_by_role("button", name="连拍").click()
        page.get_by_role("dialog", name="拍照").get_by_role("button", name="按下快门").click()
        expect(page.get_by_text("已拍 1 张")).to_be_visible()
        expect(page.get_by_text("已保存在平板上")).to_be_visible()
        tablet.die()

        tablet.wake()
        page = tablet.page
        tablet.context.set_offline(True)
        page.goto(f"{line.url}/tablet/inspect")
        page.get_by_role("link", name="继续").click()
        expect(page.locator("[data-found]")).to_contain_text(PROBLEMS[2])
        expect(page.locator("[data-tray]")).to_have_attribute("data-tray", "1")
        hand_in(page)
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="待送").click()
        expect(page.locator("[data-fate=waiting]")).to_have_count(3)

        line.draw = STORM
        tablet.context.set_offline(False)
        for _ in range(5):
            hurry(page)
            page.wait_for_timeout(1000)
        line.calm()
        accepted = page.locator("[data-fate=accepted], [data-fate=warned]")
        # After the storm it would try again by itself, but as late as its last failures taught it.
        for _ in range(PATIENCE_S):
            if accepted.count() == 3:
                break
            hurry(page)
            page.wait_for_timeout(1000)
        expect(accepted).to_have_count(3)

    with office.cast.county.transaction() as session:
        stored = session.scalars(text("SELECT state FROM server.photo")).all()
        opened = session.scalars(text('SELECT category FROM server."case" ORDER BY 1')).all()
    assert list(stored) == ["stored"] * 4
    assert list(opened) == ["green_vegetable_plot", "parking_disorderly", "small_ad_not_cleared"]
    ledger = visitor.sign_in(office.cast.dispatcher, "/ledger")
    for problem in PROBLEMS:
        expect(ledger.get_by_role("row").filter(has_text=problem)).to_have_count(1)
