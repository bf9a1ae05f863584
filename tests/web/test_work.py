"""The page of what waits: a desk hands many cases on at once, a company mends on a phone, a leader signs."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from tests.pictures import jpeg
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor


def _choose(page: Page, field: str, text: str) -> None:
    page.locator(f'[data-field="{field}"] .el-select').click()
    page.keyboard.type(text)
    page.locator(".el-select-dropdown__item:visible", has_text=text).first.click()


def _company(office: Office) -> str:
    with office.cast.county.transaction() as session:
        named = text("SELECT name_zh FROM server.unit WHERE code = :code")
        return str(session.execute(named, {"code": office.cast.fixer.unit_code}).scalar_one())


def test_a_desk_dispatches_many_a_company_mends_on_its_phone(
    visitor: Visitor, office: Office, browser: Browser, tmp_path: Path
) -> None:
    office.report()
    office.report(category="small_ad_not_cleared")

    page = visitor.sign_in(office.cast.dispatcher, "/work")
    page.get_by_role("button", name="待派遣").click()
    page.get_by_text("全选本页").click()
    page.get_by_role("button", name="批量派遣").click()
    _choose(page, "unit", _company(office))
    page.fill('[data-field="demand"] textarea', "三日内清理")
    page.locator("[data-run]").click()

    expect(page.get_by_text("没有等待派遣的案件。")).to_be_visible()
    assert serious_faults(page) == []

    phone = browser.new_context(
        locale="zh-CN", viewport={"width": 390, "height": 844}, reduced_motion="reduce", is_mobile=True
    )
    company = Visitor(phone, office)
    page = company.sign_in(office.cast.fixer, "/work")
    page.get_by_role("button", name="签收", exact=True).first.click()
    page.locator("[data-run]").click()
    page.get_by_role("button", name="待整改").click()
    page.get_by_role("button", name="申请销号").click()
    page.fill('[data-field="done"] textarea', "已清理完毕")
    _choose(page, "paid_by", "物业")
    picture = tmp_path / "after.jpg"
    picture.write_bytes(jpeg(77, (640, 480)))
    page.set_input_files('[data-field="photos"] input[type="file"]', picture)
    page.locator("[data-spot]").click()
    page.locator("[data-run]").click()

    expect(page.get_by_text("没有正在整改的案件。")).to_be_visible()
    speaks(page, "en", "dark")
    page.reload()
    expect(page.get_by_role("heading", name="To do")).to_be_visible()
    assert serious_faults(page) == []
    assert not visitor.complaints
    assert not company.complaints
    phone.close()
