"""The admin's page of people: hired, given cells, switched off."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.build import CELL, OTHER_CELL, a_person
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor


def test_an_admin_hires_a_worker_gives_cells_and_switches_the_account_off(
    visitor: Visitor, office: Office
) -> None:
    with office.cast.county.transaction() as session:
        admin = a_person(session, "admin", None)
    page = visitor.sign_in(admin, "/people")

    page.get_by_role("button", name="新建人员").click()
    page.fill('[data-field="username"] input', "wang_new")
    page.fill('[data-field="display_name"] input', "王新")
    page.locator('[data-field="role"] .el-select').click()
    page.locator(".el-select-dropdown__item:visible", has_text="网格员").click()
    page.fill('[data-field="cells"] textarea', CELL)
    page.locator("[data-run]").click()

    row = page.get_by_role("row", name="wang_new")
    expect(page.get_by_role("alert")).to_contain_text("初始密码")
    row.get_by_role("button", name="安排网格").click()
    page.fill('[data-field="cells"] textarea', f"{CELL}\n{OTHER_CELL}")
    page.locator("[data-run]").click()
    expect(page.get_by_role("alert")).to_contain_text("2 个网格")
    assert serious_faults(page) == []

    row.get_by_role("button", name="停用").click()
    page.locator("[data-run]").click()
    expect(row).to_contain_text("已停用")

    speaks(page, "en", "dark")
    page.reload()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    assert serious_faults(page) == []
    assert not visitor.complaints
