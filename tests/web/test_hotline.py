"""Work orders of the hotline at the office desk: pasted, imported, matched, answered and closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.integration.complaints.hotline.calling import CALLER, a_block, a_sheet
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor
from tests.web.working import make_tables

PATIENCE_MS = 30_000


def community_of(office: Office) -> str:
    with office.cast.county.transaction() as session:
        name: str = session.execute(
            text("SELECT name FROM geo.community WHERE community_id = :id"), {"id": office.cast.community_id}
        ).scalar_one()
        return name


def pasted(page: Page, *blocks: str) -> None:
    """Paste orders, look at the preview and take them in."""
    page.click("[data-section=paste]")
    page.fill("textarea[name=orders]", "\n".join(blocks))
    page.click("[data-preview]")
    expect(page.locator("[data-fate=new]")).to_have_count(len(blocks), timeout=PATIENCE_MS)
    page.click("[data-take]")
    expect(page.locator("[data-order]")).to_have_count(len(blocks), timeout=PATIENCE_MS)


def test_an_order_is_pasted_matched_answered_and_closed(visitor: Visitor, office: Office) -> None:
    office.report(category="fire_lane_blocked", severity="A")
    page = visitor.sign_in(office.cast.dispatcher, "/hotline")
    page.click("[data-section=paste]")
    page.fill("textarea[name=orders]", a_block("SD1", 来电时间="昨天"))
    page.click("[data-preview]")
    expect(page.get_by_role("alert")).to_contain_text("来电时间", timeout=PATIENCE_MS)
    page.click("[data-section=paste]")

    pasted(page, a_block("SD1", 诉求地址=f"{community_of(office)}3号楼"))
    page.get_by_role("link", name="SD1").click()
    expect(page.locator("[data-value=caller]")).to_have_text(CALLER, timeout=PATIENCE_MS)
    page.locator("[data-community]").first.get_by_role("button").click()
    expect(page.locator("[data-value=community_name]")).to_have_text(community_of(office))
    page.locator("[data-proposed]").first.get_by_role("button", name="关联").click()
    expect(page.locator("[data-linked]")).to_have_count(1)
    page.click("[data-draft]")
    expect(page.locator("textarea[name=reply]")).to_have_value(
        "您好！您于2026年11月19日反映的问题（工单编号：SD1）已收悉，现将办理情况答复如下：\n"
        + _sentence(office)
        + "\n感谢您对小区治理工作的监督和支持。"
    )
    page.click("[data-reply]")
    expect(page.locator("[data-state]")).to_have_text("已答复")
    page.click("[data-command=contact]")
    page.locator("[data-field=contacted_on] input").fill("2026-11-20")
    page.keyboard.press("Enter")
    for field, choice in (("satisfied", "满意"), ("solved", "已解决")):
        page.locator(f"[data-field={field}] .el-select").click()
        page.get_by_role("option", name=choice, exact=True).click()
    page.click("[data-run]")
    expect(page.locator("[data-state]")).to_have_text("已办结")
    assert not [told for told in visitor.complaints if "422" not in told]


def _sentence(office: Office) -> str:
    day = '\'FMYYYY"年"FMMM"月"FMDD"日"\''
    local = "AT TIME ZONE 'Asia/Shanghai'"
    sql = (
        f"SELECT k.number, t.label_zh, to_char(k.filed_at {local}, {day}) AS filed,"
        f" to_char(k.due_at {local}, {day}) AS due"
        ' FROM server."case" k JOIN server.category t USING (category)'
    )
    with office.cast.county.transaction() as session:
        case = session.execute(text(sql)).one()
    return (
        f"经核实，{community_of(office)}“{case.label_zh}”问题属实，已于{case.filed}立案（案卷号：{case.number}），"
        f"正在交办责任单位，整改期限为{case.due}。"
    )


def test_a_sheet_is_mapped_tried_and_taken_in(visitor: Visitor, office: Office, tmp_path: Path) -> None:
    row: dict[str, object] = {"order_no": "SD7", "called_at": "2026-11-18 09:00", "content": "停水"}
    page = visitor.sign_in(office.cast.dispatcher, "/hotline")
    page.click("[data-section=sheet]")
    page.locator("input[type=file]").set_input_files(a_sheet(tmp_path, row, titles={"content": "说了什么"}))
    page.click("[data-send]")
    expect(page.locator("[data-task-state=waiting]")).to_be_visible(timeout=PATIENCE_MS)
    make_tables(office)
    expect(page.get_by_text("还缺少必填字段：诉求内容")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("[data-column=说了什么] .el-select").click()
    page.get_by_role("option", name="诉求内容 *").click()
    for button in ("[data-dry-run]", "[data-commit]"):
        page.click(button)
        expect(page.locator("[data-task-state=waiting]")).to_be_visible(timeout=PATIENCE_MS)
        make_tables(office)
        expect(page.locator("[data-number=created] dd")).to_have_text("1", timeout=PATIENCE_MS)

    expect(page.locator("[data-order=SD7]")).to_be_visible(timeout=PATIENCE_MS)
    assert not visitor.complaints


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-CN"), ("dark", "en")])
def test_the_pages_of_orders_have_no_serious_fault(
    visitor: Visitor, office: Office, theme: str, language: str
) -> None:
    page = visitor.sign_in(office.cast.dispatcher, "/hotline")
    speaks(page, language, theme)
    visitor.open("/hotline")

    pasted(page, a_block("SD1", 诉求地址=community_of(office)), a_block("SD2"))
    assert not serious_faults(page)
    page.get_by_role("link", name="SD1").click()
    expect(page.locator("[data-community]").first).to_be_visible(timeout=PATIENCE_MS)
    assert not serious_faults(page)
    assert not visitor.complaints


def test_a_company_sees_no_orders(visitor: Visitor, office: Office) -> None:
    page = visitor.sign_in(office.cast.fixer, "/ledger")

    expect(page.get_by_role("link", name="整改台账", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="12345工单")).to_have_count(0)
