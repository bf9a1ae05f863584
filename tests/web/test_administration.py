"""A day of an administrator: units, who walks what, rules, checklists, tablets; deeds taken back again."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from checklists.catalog import catalog
from checklists.xlsform.writing import form_of
from server.communities.service import local_day
from server.sheets.writing import write_book
from tests.build import a_person
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor
from tests.web.working import make_tables


def choose(page: Page, field: str, words: str) -> None:
    page.locator(f'[data-field="{field}"] .el-select').click()
    page.locator(".el-select-dropdown__item:visible", has_text=words).first.click()


def run(page: Page) -> None:
    page.locator("[data-run]").click()
    expect(page.locator("[data-run]")).to_have_count(0)


def test_an_administrator_keeps_units_walks_rules_checklists_and_tablets(
    visitor: Visitor, office: Office
) -> None:
    with office.cast.county.transaction() as session:
        admin = a_person(session, "admin", None)
    later = (local_day(datetime.now(UTC)) + timedelta(days=3)).isoformat()

    page = visitor.sign_in(admin, "/units")
    keep_a_unit(page)
    page.goto(f"{office.url}/roles?text=case.close")
    expect(page.locator('[data-action="case.close"]')).to_contain_text("街道")
    assert serious_faults(page) == []

    page.goto(f"{office.url}/assignments?text={office.cast.cell}")
    give_a_cell_away_and_take_it_back(page, office.cast.cell)

    page.goto(f"{office.url}/rules?table=category_rules&text=parking_disorderly")
    change_a_deadline_and_withdraw_it(page, later)
    page.locator('[data-table="link_limits"]').click()
    foresee_and_withdraw(page, "accept/A", {"amount": "9"}, later, line="link_red")
    page.get_by_role("link", name="工作日历").click()
    expect(page.locator(".month")).to_have_count(12)
    assert serious_faults(page) == []
    page.go_back()
    expect(page.locator('[data-rule="accept/A"]')).to_be_visible()

    page.goto(f"{office.url}/checklists")
    try_and_plan_a_checklist(page, office, later)

    page.goto(f"{office.url}/fleet")
    expect(page.locator('[data-number="in_use"]')).to_be_visible()
    assert serious_faults(page) == []
    page.locator('[data-filter="nearly_full"]').check()
    expect(page).to_have_url(f"{office.url}/fleet?nearly_full=true")
    page.locator("[data-codes]").click()
    page.locator(".people .el-checkbox").first.click()
    page.locator("[data-make]").click()
    expect(page.locator("[data-code] img")).to_have_count(1)
    assert serious_faults(page) == []

    page.goto(f"{office.url}/rules")
    speaks(page, "en", "dark")
    page.reload()
    expect(page.get_by_role("heading", name="Rules")).to_be_visible()
    expect(page.locator("[data-rule]").first).to_be_visible()
    assert serious_faults(page) == []
    # A limit of nothing is refused, as it should be.
    assert [one for one in visitor.complaints if "422" not in one] == []


def keep_a_unit(page: Page) -> None:
    page.locator("[data-new]").click()
    page.fill('[data-field="code"] input', "new_company")
    page.fill('[data-field="name_zh"] input', "新物业公司")
    choose(page, "kind", "物业服务企业")
    run(page)
    expect(page.get_by_role("heading", name="新物业公司")).to_be_visible()
    page.locator('[data-deed="change"]').click()
    page.fill('[data-field="phone"] input', "0537-4221")
    run(page)
    expect(page.locator(".facts").first).to_contain_text("0537-4221")
    page.locator("[data-undo]").click()
    expect(page.locator(".facts").first).not_to_contain_text("0537-4221")
    page.locator('[data-deed="close"]').click()
    page.fill('[data-field="reason"] input', "机构改革")
    run(page)
    page.locator('[data-deed="reopen"]').click()
    page.fill('[data-field="reason"] input', "误操作")
    run(page)
    expect(page.locator('[data-deed="close"]')).to_be_enabled()
    assert serious_faults(page) == []
    page.goto(page.url.replace("new_company", "emergency_bureau"))
    expect(page.locator('[data-matter="rules"]')).to_be_visible()
    expect(page.locator('[data-deed="close"]')).to_be_disabled()


def give_a_cell_away_and_take_it_back(page: Page, cell: str) -> None:
    row = page.locator(f'[data-cell="{cell}"]')
    row.locator(".el-checkbox").click()
    page.locator("[data-take]").click()
    run(page)
    expect(row).to_contain_text("无人负责")
    assert serious_faults(page) == []
    page.locator("[data-undo]").click()
    expect(row).not_to_contain_text("无人负责")


def change_a_deadline_and_withdraw_it(page: Page, later: str) -> None:
    rule = page.locator('[data-rule="parking_disorderly/C"]')
    rule.locator("[data-change]").click()
    page.fill('[data-field="limit_amount"] input', "0")
    page.fill('[data-field="source"] input', "指挥部会议纪要第3号")
    page.fill('[data-field="valid_from"] input', later)
    page.keyboard.press("Enter")
    page.locator("[data-run]").click()
    expect(page.locator(".el-dialog [role=alert]")).to_contain_text("/limit_amount")
    page.fill('[data-field="limit_amount"] input', "3")
    expect(page.locator('[data-foreseen][data-open="0"]')).to_be_visible()
    run(page)
    rule.locator("[data-unfold]").click()
    expect(rule.locator('[data-state="later"]')).to_contain_text("指挥部会议纪要第3号")
    assert serious_faults(page) == []
    rule.locator("[data-withdraw]").click()
    expect(rule.locator('[data-state="later"]')).to_have_count(0)


def foresee_and_withdraw(page: Page, rule: str, values: dict[str, str], later: str, *, line: str) -> None:
    """Look at what another row would mean, let it hold from a day to come, and take it back."""
    row = page.locator(f'[data-rule="{rule}"]')
    row.locator("[data-change]").click()
    for field, value in values.items():
        page.fill(f'[data-field="{field}"] input', value)
    page.fill('[data-field="source"] input', "会议纪要第5号")
    page.fill('[data-field="valid_from"] input', later)
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-line="{line}"]')).to_be_visible()
    expect(page.locator(".el-picker__popper:visible")).to_have_count(0)
    assert serious_faults(page) == []
    run(page)
    row.locator("[data-unfold]").click()
    expect(row.locator('[data-state="later"]')).to_contain_text("会议纪要第5号")
    row.locator("[data-withdraw]").click()
    expect(row.locator('[data-state="later"]')).to_have_count(0)


def a_file(content: bytes) -> FilePayload:
    return FilePayload(name="T2.json", mimeType="application/json", buffer=content)


def send_to_workers(page: Page, office: Office) -> None:
    """Let the workers read what the page has sent; it says that they read once the server has it."""
    expect(page.locator("[data-reading]")).to_have_attribute("data-reading", "asked")
    make_tables(office)
    expect(page.locator("[data-reading]")).to_have_count(0)


def a_form(document: dict[str, Any]) -> FilePayload:
    with NamedTemporaryFile(suffix=".xlsx") as file:
        write_book(Path(file.name), form_of(document))
        return {"name": "T2.xlsx", "mimeType": "application/octet-stream", "buffer": file.read()}


def try_and_plan_a_checklist(page: Page, office: Office, later: str) -> None:
    page.locator('[data-checklist="T2"] a').first.click()
    page.locator("[data-next]").click()
    page.locator('[data-answer="yes"]').click()
    expect(page.locator('[data-finding="indoor_charging"]')).to_contain_text("将立案")
    assert serious_faults(page) == []

    page.go_back()
    document = deepcopy(dict(catalog().get("T2").document))
    document["items"][1]["label_zh"] = "门厅、楼梯间、走道是否有充电"
    page.locator("[data-take-in]").click()
    page.set_input_files("[data-file]", a_file(b"{"))
    expect(page.locator(".el-dialog [role=alert]")).to_contain_text("不是有效的 JSON")
    faulty = {**document, "items": [{**document["items"][1], "type": "guess"}]}
    page.set_input_files("[data-file]", a_file(json.dumps(faulty).encode()))
    expect(page.locator(".el-dialog")).to_contain_text("charging_in_hall_or_stairs")
    page.set_input_files(
        "[data-file]", a_form(document | {"items": [{**document["items"][1], "code": "二"}]})
    )
    send_to_workers(page, office)
    expect(page.locator('[data-troubles="stop"]')).to_contain_text("survey")
    assert serious_faults(page) == []
    page.set_input_files("[data-file]", a_form(document))
    send_to_workers(page, office)
    expect(page.locator('.el-dialog [data-pointer="/charging_in_hall_or_stairs/label_zh"]')).to_be_visible()
    page.get_by_label("自何日起").last.fill(later)
    page.keyboard.press("Enter")
    page.locator("[data-publish]").click()
    expect(page.locator('[data-checklist="T2"]')).to_contain_text(later)
    page.locator('[data-checklist="T2"] a').first.click()
    page.locator('[data-tab="history"]').click()
    page.locator("[data-withdraw]").click()
    expect(page.locator('[data-plan="withdrawn"]')).to_be_visible()
    assert serious_faults(page) == []
