"""What a worker meets beside his work: a code to scan, a conflict, a paid line, a wrong clock, no room,
a newer program, no network for ever."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, Route, expect
from sqlalchemy import text

from server.cli import main
from tests.chaos.faults import Draw, Fault
from tests.chaos.wire import Request
from tests.pictures import heic
from tests.web.axe import serious_faults
from tests.web.lone_tablet import BadLine
from tests.web.office import Office, Visitor
from tests.web.tablet import TAKEN_CHARGE, Tablet, in_hand

FILM_PX, FRAMES = 480, 30
_UNCONDITIONAL = re.compile(rb"(?i)if-(none-match|modified-since):[^\r]*\r\n")
NEWER = b"\n// newer"
# The program is updated, and the new one waits for the old one to go.
UPDATED = """async () => {
  const one = await navigator.serviceWorker.getRegistration()
  await one.update()
  for (let tries = 0; !one.waiting && tries < 200; tries++) await new Promise((done) => setTimeout(done, 50))
  return one.waiting !== null
}"""
# A store without room, and with room again.
FULL = """() => {
  IDBObjectStore.prototype.roomy ??= IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }
}"""
ROOMY = "() => { IDBObjectStore.prototype.put = IDBObjectStore.prototype.roomy }"
# A browser that tells of less room than two days of work need.
NARROW = "() => { navigator.storage.estimate = async () => ({usage: 1e9, quota: 1.09e9}) }"
# What a browser says of a line that is paid by the byte, and of no line of this machine.
PAID = "() => Object.defineProperty(navigator.connection, 'saveData', {get: () => true}) && null"


def film_of(picture: bytes, path: Path) -> Path:
    """Write a film in which the picture is held before the camera, as a browser reads it: MJPEG."""
    code = Image.open(io.BytesIO(picture)).convert("RGB").resize((FILM_PX * 3 // 4,) * 2)
    frame = Image.new("RGB", (FILM_PX * 4 // 3, FILM_PX), "#998877")
    frame.paste(code, (FILM_PX // 4, FILM_PX // 8))
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=92)
    path.write_bytes(out.getvalue() * FRAMES)
    return path


def test_the_code_that_the_office_shows_is_scanned_by_the_tablets_camera(
    browser: Browser, chromium: Path, office: Office, visitor: Visitor, tmp_path: Path
) -> None:
    desk = visitor.sign_in(office.cast.shift_leader, "/desks")
    desk.get_by_role("button", name="登记平板").click()
    desk.get_by_role("combobox", name="给谁").fill(office.cast.worker.username)
    desk.get_by_role("option", name=re.compile(office.cast.worker.username)).click()
    desk.locator("[data-run]").click()
    picture = desk.locator("[data-invitation] img").screenshot()

    film = film_of(picture, tmp_path / "code.mjpeg")
    with in_hand(browser, chromium, film) as camera, closing(Tablet(camera, office)) as tablet:
        tablet.page.goto(f"{office.url}/tablet/")
        tablet.page.get_by_role("button", name="扫二维码").click()
        tablet.page.get_by_role("heading", name="我的小区").wait_for()
        tablet.go("我的")
        expect(tablet.page.get_by_text("网格员 · ")).to_be_visible()
        assert tablet.complaints == []


class UpdatedLine(BadLine):
    """A line to a server that gets a newer program while the tablet works."""

    newer = False

    def _answer(self, request: Request, fault: Fault | None) -> bytes:
        if not self.newer or not request.line.startswith("GET /tablet/sw.js"):
            return super()._answer(request, fault)
        answer = super()._answer(replace(request, head=_UNCONDITIONAL.sub(b"", request.head)), fault)
        head, body = answer.split(b"\r\n\r\n", 1)
        if b"gzip" in head.lower():
            body = gzip.decompress(body)
        kept = [one for one in head.split(b"\r\n") if not one.lower().startswith(b"content-")]
        kept += [b"Content-Type: text/javascript", b"Content-Length: %d" % len(body + NEWER)]
        return b"\r\n".join([*kept, b"", body + NEWER])


@pytest.fixture
def line(office: Office) -> Iterator[UpdatedLine]:
    with UpdatedLine(office.url, Draw("troubles", 0)) as proxy:
        assert isinstance(proxy, UpdatedLine)
        yield proxy


def sync(page: Page) -> None:
    """Press the button of the sync on the outbox's page."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="待送").click()
    page.get_by_role("button", name="立即同步").click()


def edit(page: Page, office: Office, name: str) -> None:
    """Give the lift another name and another place, as the worker sees it."""
    page.goto(f"{page.url.split('/tablet')[0]}/tablet/communities/{office.cast.community_id}")
    page.get_by_role("button", name=re.compile("全部显示")).click()
    page.locator("[data-asset]").filter(has_text="1号梯").click()
    page.get_by_role("textbox", name="名称").fill(name)
    page.get_by_role("button", name="用现在的位置").click()
    page.get_by_role("button", name="交出修改").click()
    expect(page.locator("[data-fate]")).to_have_attribute("data-fate", "waiting")


def test_two_versions_of_a_lift_a_paid_line_and_a_program_that_is_older_than_the_servers(
    browser: Browser, chromium: Path, office: Office, line: UpdatedLine
) -> None:
    lift, case_id = office.facility(), office.report()
    with in_hand(browser, chromium) as camera, closing(Tablet(camera, office, line.url)) as tablet:
        page = tablet.enrol(office.cast.worker)
        page.evaluate(TAKEN_CHARGE)

        # Taken back before it was sent, then done anew: nothing of the first is ever told.
        tablet.context.set_geolocation({**tablet.place, "latitude": tablet.place["latitude"] + 0.0004})
        tablet.context.set_offline(True)
        edit(page, office, "东梯")
        page.get_by_role("button", name="撤回").click()
        page.get_by_role("dialog").get_by_role("button", name="撤回").click()
        expect(page.get_by_text("还没有交出过内容")).to_be_visible()
        edit(page, office, "1号楼东梯")

        # Meanwhile somebody else has moved the lift, too.
        at = {name: office.cast.location()[name] for name in ("lon", "lat")}
        moved = {"old": at, "new": {**at, "lon": at["lon"] + 0.0003}}
        office.push(office.cast.checker, "facility.edit", lift, {"fields": {"location": moved}})
        tablet.context.set_offline(False)
        sync(page)
        page.locator("[data-fate=conflict]").click()
        both = page.get_by_role("region", name="两份对照")
        expect(both.get_by_role("row").filter(has_text="位置")).to_contain_text("不同")
        for way in ("重新改", "仍用我的", "就按服务器的"):
            expect(page.get_by_role("button", name=way)).to_be_visible()
        assert serious_faults(page) == []
        page.get_by_role("button", name="仍用我的").click()
        expect(page.locator("[data-fate]")).to_have_attribute("data-fate", "accepted")

        # Of late photos the torn one is named and not kept; one that the tablet cannot show is kept as it is.
        page.goto(f"{line.url}/tablet/cases/{case_id}/photos")
        whole = tablet.picture(7)
        torn: FilePayload = {**whole, "name": "torn.jpg", "buffer": whole["buffer"][:2000]}
        unshown: FilePayload = {"name": "8.heic", "mimeType": "", "buffer": heic(8)}
        page.locator("input[type=file]").set_input_files([torn, whole, unshown])
        told = page.get_by_role("alert")
        expect(told).to_contain_text("torn.jpg：照片残缺，打不开，没有保存。请重新拍一张")
        expect(told).to_contain_text("其余 2 张已保存")
        expect(page.get_by_role("button", name="查看照片 2").locator("[data-unshown]")).to_be_visible()

        # They wait on a paid line until they may go.
        tablet.everywhere(PAID)
        page.get_by_role("button", name="交出").click()
        expect(page.locator("[data-fate]")).to_have_attribute("data-fate", "photos")
        tablet.go("待送")
        expect(page.get_by_text("流量网络：照片已暂停，等无线网。")).to_be_visible()
        page.get_by_role("button", name="用流量传照片").click()
        expect(page.locator("[data-fate]").first).to_have_attribute("data-fate", "accepted")

        # A newer program waits until the draft is left, and the draft outlives it.
        tablet.go("巡查")
        tablet.choose("T4")
        page.get_by_role("textbox", name="小广告数量").fill("3")
        expect(page.get_by_text("已保存在平板上")).to_be_visible()
        line.newer = True
        assert page.evaluate(UPDATED)
        expect(page.get_by_text("程序有新版本")).to_have_count(0)
        page.get_by_role("button", name="返回").click()
        with page.expect_navigation():
            page.get_by_role("button", name="现在更新").click()
        page.get_by_role("link", name="继续").click()
        expect(page.get_by_role("textbox", name="小广告数量")).to_have_value("3")

    with office.cast.county.transaction() as session:
        name = session.scalar(text("SELECT name FROM geo.facility WHERE facility_id = :id"), {"id": lift})
        photos = session.scalar(text("SELECT count(*) FROM server.photo WHERE state = 'stored'"))
    assert (name, photos) == ("1号楼东梯", 3)


def test_a_clock_a_day_wrong_a_full_store_and_a_file_where_no_network_will_come(
    browser: Browser, chromium: Path, office: Office, tmp_path: Path
) -> None:
    with in_hand(browser, chromium) as camera, closing(Tablet(camera, office)) as tablet:
        page = tablet.enrol(office.cast.worker)
        page.evaluate(TAKEN_CHARGE)
        status = page.locator("[data-status]")
        expect(status).to_contain_text("时钟准")
        tablet.context.route("**/sync/v1/config", a_day_ago)
        sync(page)
        expect(status).to_contain_text(re.compile("时钟快 (1 天|24 小时)"))
        tablet.context.unroute("**/sync/v1/config", a_day_ago)

        tablet.context.set_offline(True)
        tablet.go("巡查")
        tablet.choose("T0")
        page.get_by_role("button", name="拍照，报一个问题").click()
        tablet.everywhere(FULL)
        tablet.shoot()
        expect(page.get_by_text("存储空间已满，照片没有保存；以前的都还在。")).to_be_visible()
        expect(status).to_contain_text("存储已满")
        tablet.everywhere(ROOMY)
        tablet.shoot()
        page.get_by_role("button", name="小广告未清理").click()
        page.get_by_role("button", name="其余均正常").click()
        page.get_by_role("button", name="交出巡查").click()
        expect(page.get_by_role("heading", name="已交出")).to_be_visible()
        page.evaluate(NARROW)
        tablet.go("我的")
        page.get_by_role("link", name="存储与同步").click()
        expect(status).to_contain_text("存储将满")
        expect(page.get_by_text("还能存约 1 天的照片")).to_be_visible()
        expect(page.locator("[data-ways]")).to_contain_text("都还在")
        expect(page.locator(".van-toast")).to_be_hidden()  # it fades, and is no dialog to be named
        assert [*serious_faults(page), *tablet.misfits()] == []
        tablet.go("待送")
        with page.expect_download() as saved:
            page.get_by_role("button", name="导出到文件").click()
        file = tmp_path / saved.value.suggested_filename
        saved.value.save_as(file)
        page.locator("[data-fate=waiting]").click()
        page.get_by_role("button", name="撤回").click()
        page.get_by_role("dialog").get_by_role("button", name="撤回").click()
        expect(page.get_by_text("撤不回")).to_be_visible()

    told = json.loads(taken_in(office, file))
    assert [item["status"] for item in told["items"]] == ["applied"]
    with office.cast.county.transaction() as session:
        opened = session.scalars(text('SELECT category FROM server."case"')).all()
    assert list(opened) == ["small_ad_not_cleared"]


def a_day_ago(route: Route) -> None:
    """Let the server's clock stand a day behind the tablet's."""
    answer = route.fetch()
    told = answer.json()
    for name in ("server_time", "next_sync_after"):
        told[name] = (datetime.fromisoformat(told[name]).astimezone(UTC) - timedelta(days=1)).isoformat()
    route.fulfill(response=answer, json=told)


def taken_in(office: Office, file: Path) -> str:
    """Take an outbox file in by the office's command; return what it says as JSON."""
    settings = office.cast.county.settings
    environ = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "PHOTO_STORE": str(settings.photo_store),
        "SECRET_KEY": settings.secret_key,
    }
    done = CliRunner().invoke(main, ["sync", "import", str(file), "--json"], env=environ)
    assert done.exit_code == 0, done.output
    return done.stdout
