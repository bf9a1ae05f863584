"""A tablet is lost: the office has it erased, the tablet obeys, and the office sees it."""

from __future__ import annotations

from contextlib import closing

from playwright.sync_api import Browser, expect

from tests.build import a_person
from tests.web.axe import serious_faults
from tests.web.office import Office, Visitor
from tests.web.tablet import TAKEN_CHARGE, Tablet

# What the tablet's browser still keeps.
KEPT = """async () => [(await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length, localStorage.length]"""


def test_a_lost_tablet_is_erased_and_the_office_sees_it(
    browser: Browser, office: Office, visitor: Visitor
) -> None:
    with office.cast.county.transaction() as session:
        admin = a_person(session, "admin", None)
    with closing(Tablet(browser, office)) as tablet:
        tablet.enrol(office.cast.worker)
        tablet.page.evaluate(TAKEN_CHARGE)
        desk = visitor.sign_in(admin, "/fleet")
        row = desk.locator(f'[data-device="{office.cast.worker.username}"]')
        expect(row.locator("[data-told]")).to_contain_text("待交")

        row.locator("[data-wipe-deed]").click()
        expect(desk.locator(".el-dialog")).to_contain_text("没有待交的工作")
        assert serious_faults(desk) == []
        desk.locator("[data-run]").click()
        expect(desk.locator(".el-dialog")).to_contain_text("原因")
        desk.fill('[data-field="reason"] input', "掉在公交车上")
        desk.locator("[data-run]").click()
        expect(row.locator('[data-wipe="asked"]')).to_be_visible()
        desk.locator("[data-undo]").click()
        expect(row.locator("[data-wipe]")).to_have_count(0)
        row.locator("[data-wipe-deed]").click()
        desk.fill('[data-field="reason"] input', "真的丢了")
        desk.locator("[data-run]").click()
        expect(row.locator('[data-wipe="asked"]')).to_be_visible()

        tablet.page.reload()
        expect(tablet.page.locator('[data-wipe="wiped"]')).to_contain_text("拾到这台平板请交还")
        expect(tablet.page.get_by_role("navigation", name="主导航")).to_have_count(0)
        assert serious_faults(tablet.page) == []
        tablet.page.wait_for_function(f"async () => (await ({KEPT})()).every((n) => n === 0)")

        desk.locator('[data-number="to_erase"]').click()
        desk.reload()
        expect(desk.locator('[data-number="erased"] strong')).to_have_text("1")
        desk.locator('[data-number="erased"]').click()
        expect(desk).to_have_url(f"{office.url}/fleet?wipe=done")
        expect(row.locator('[data-wipe="erased"]')).to_be_visible()
        expect(row.locator("[data-wipe-deed]")).to_have_count(0)
        assert visitor.complaints == []
