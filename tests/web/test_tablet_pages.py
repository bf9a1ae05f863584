"""The tablet's pages before a grid worker: enrol, walk, inspect card by card, re-check, open offline."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from server.web.routes import DIST
from tests.integration.ledger.acting import column
from tests.web import tablet as tablets
from tests.web import tablet_places as places
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office
from tests.web.tablet import TAKEN_CHARGE, Tablet

LARGEST_SHELL = 400_000


@pytest.fixture(scope="module")
def camera(browser: Browser, chromium: Path) -> Iterator[Browser]:
    with tablets.in_hand(browser, chromium) as with_camera:
        yield with_camera


@pytest.fixture
def tablet(camera: Browser, office: Office) -> Iterator[Tablet]:
    with closing(Tablet(camera, office)) as made:
        yield made


def begin(tablet: Tablet, checklist: str) -> Page:
    """Begin a checklist in the nearest community."""
    tablet.go("巡查")
    tablet.choose(checklist)
    tablet.page.wait_for_url("**/tablet/drafts/*")
    return tablet.page


def test_a_problem_on_the_daily_walk_takes_three_touches_and_opens_a_case(tablet: Tablet) -> None:
    page = tablet.enrol(tablet.office.cast.worker)
    begin(tablet, "T0")

    page.get_by_role("button", name="拍照，报一个问题").click()
    tablet.shoot()
    page.get_by_role("button", name="车辆乱停乱放").click()

    found = page.locator("[data-found]")
    expect(found).to_contain_text("整改时限 1 个工作日")
    expect(found).to_contain_text("证据齐全")
    page.get_by_role("button", name="其余均正常").click()
    page.get_by_role("button", name="交出巡查").click()
    expect(page.get_by_role("heading", name="已交出")).to_be_visible()
    expect(page.locator("[data-fate]")).to_have_attribute("data-fate", "accepted")
    tablet.go("案件")
    page.get_by_role("link", name=re.compile("车辆乱停乱放")).click()
    expect(page.get_by_text("370831-")).to_be_visible()
    expect(page.get_by_text("就在现场")).to_be_visible()
    assert tablet.complaints == []


def test_a_card_shows_what_it_opens_hides_what_is_skipped_and_outlives_the_browser(tablet: Tablet) -> None:
    page = tablet.enrol(tablet.office.cast.worker)
    begin(tablet, "T4")
    expect(page.get_by_text("第 1 项，共 2 项")).to_be_visible()

    page.get_by_role("textbox", name="小广告数量").fill("3")

    expect(page.get_by_text("第 1 项，共 4 项")).to_be_visible()
    notice = page.locator("[data-finding=small_ad_not_cleared]")
    expect(notice).to_contain_text("还缺照片")
    expect(page.get_by_text("已定位 ±6 米")).to_be_visible()
    expect(page.get_by_text("已保存在平板上")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="小广告数量")).to_have_value("3")
    page.get_by_role("button", name="拍照", exact=True).click()
    tablet.shoot()
    page.get_by_role("button", name="拍完了").click()
    expect(notice).to_contain_text("证据齐全")
    page.get_by_role("button", name="检查一遍").click()
    expect(page.get_by_role("button", name="交出巡查")).to_be_disabled()
    page.get_by_role("button", name="其余都记为没法检查").click()
    page.get_by_role("button", name="锁着门").click()
    page.get_by_role("button", name="交出巡查").click()
    expect(page.locator("[data-fate]")).to_have_attribute("data-fate", "accepted")
    assert tablet.complaints == []


def test_a_double_is_shown_before_it_is_reported_and_joins_when_it_is_the_same(tablet: Tablet) -> None:
    office = tablet.office
    office.report()
    page = tablet.enrol(office.cast.worker)
    begin(tablet, "T0")

    page.get_by_role("button", name="不拍照上报").click()
    page.get_by_role("button", name="车辆乱停乱放").click()

    expect(page.get_by_text("附近已有 1 件同类未结案件")).to_be_visible()
    page.get_by_role("button", name="是同一个").click()
    page.get_by_role("button", name="其余均正常").click()
    page.get_by_role("button", name="交出巡查").click()
    expect(page.locator("[data-fate]")).to_have_attribute("data-fate", re.compile("accepted|warned"))
    tablet.go("案件")
    page.get_by_role("button", name="全部未结").click()
    expect(page.get_by_text("1 件", exact=True)).to_be_visible()


def test_a_check_is_done_beside_the_photo_from_before_with_distance_and_reason(tablet: Tablet) -> None:
    office, cast = tablet.office, tablet.office.cast
    case_id = office.dispatched()
    cast.order(cast.fixer, "case.accept", case_id)
    after: dict[str, Any] = {
        "done": "已清走",
        "paid_by": "物业",
        "photos": [office.photo(cast.fixer)],
        "location": cast.location(),
    }
    cast.order(cast.fixer, "case.claim_fixed", case_id, **after)
    cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.checker.user_id))
    page = tablet.enrol(cast.checker)

    page.get_by_role("link", name=re.compile("复查.*车辆乱停乱放", re.S)).click()
    expect(page.get_by_text("就在现场")).to_be_visible()
    expect(page.get_by_role("img", name="整改前")).to_be_visible()
    page.get_by_role("button", name="拍照", exact=True).click()
    expect(page.locator(".ghost")).to_be_visible()
    tablet.shoot()
    page.get_by_role("button", name="拍完了").click()
    page.get_by_role("button", name="不合格").click()
    expect(page.get_by_role("button", name="交出")).to_be_disabled()
    page.get_by_role("textbox", name="理由").fill("仍有车辆")
    page.get_by_role("button", name="交出").click()

    expect(page.locator("[data-fate]")).to_have_attribute("data-fate", "accepted")
    assert column(cast.county, case_id, "state") == "in_progress"


def test_every_page_the_router_knows_is_without_serious_faults_and_fits_gloves(tablet: Tablet) -> None:
    ground = places.laid(tablet.office)
    page = tablet.enrol(tablet.office.cast.worker)
    found = places.addresses(tablet, ground)
    assert set(found) == places.routes(), "a page of the router has no address here"
    faults: list[tuple[str, ...]] = []
    for language, theme, variants in (("zh-CN", "light", None), ("en", "dark", 1)):
        speaks(page, language, theme)
        for path in (path for paths in found.values() for path in paths[:variants]):
            page.goto(f"{tablet.office.url}/tablet{path}")
            page.locator("main h1").wait_for()
            faults += [(language, path, *fault) for fault in serious_faults(page)]
            faults += [(language, path, misfit) for misfit in tablet.misfits()]
        page.goto(f"{tablet.office.url}/tablet/")
        page.get_by_role("button", name=re.compile("地图|Map")).click()
        page.locator("[data-cases='2']").wait_for()
        faults += [(language, "map", *fault) for fault in serious_faults(page)]
        faults += [(language, "map", misfit) for misfit in tablet.misfits()]

    assert faults == []


def test_the_shell_weighs_little_before_the_map(tablet: Tablet) -> None:
    loaded: list[str] = []
    tablet.page.on("request", lambda request: loaded.append(urlsplit(request.url).path))

    tablet.page.goto(f"{tablet.office.url}/tablet/")
    tablet.page.get_by_role("button", name="登记", exact=True).wait_for()

    files = {DIST / path.removeprefix("/") for path in loaded if path.startswith("/assets/")}
    weight = sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
    assert weight < LARGEST_SHELL


def test_it_opens_without_a_network(tablet: Tablet) -> None:
    page = tablet.enrol(tablet.office.cast.worker)
    page.evaluate(TAKEN_CHARGE)

    tablet.context.set_offline(True)
    page.goto(f"{tablet.office.url}/tablet/inspect")

    expect(page.locator("[data-checklist=T0]")).to_be_visible()
    expect(page.locator("[data-status]")).to_contain_text("离线")
