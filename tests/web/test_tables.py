"""Imports and exports at the office desk, and a photo that is taken away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from server.communities.rosters.columns import ROSTERS
from server.sheets.layout import Layout
from server.sheets.reading import read_table
from server.sheets.writing import SheetWriter
from tests.build import a_person
from tests.integration.sheets.tables import a_row, a_table
from tests.web.office import Office, Visitor
from tests.web.working import do, make_tables

PATIENCE_MS = 20_000


def finished(page: Page, office: Office, state: str = "done") -> None:
    """Let the workers do what the page has just asked for, and wait until the page tells of it."""
    told = page.locator("[data-task-state]")
    expect(told).to_have_attribute("data-task-state", "waiting", timeout=PATIENCE_MS)
    make_tables(office)
    expect(told).to_have_attribute("data-task-state", state, timeout=PATIENCE_MS)


def saved(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as begun:
        page.click(button)
    file = folder / begun.value.suggested_filename
    begun.value.save_as(file)
    return file


def test_an_export_with_the_filters_of_the_ledger_is_left_and_found_again(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    office.dispatched()
    office.report(category="small_ad_not_cleared")
    page = visitor.sign_in(office.cast.dispatcher, "/ledger?state=dispatched")

    page.get_by_role("link", name="导出 Excel").click()
    expect(page.locator(".filter")).to_have_text("状态 = dispatched")
    page.click("[data-start-export]")
    expect(page.locator("[data-task-state=waiting]")).to_be_visible(timeout=PATIENCE_MS)
    expect(page).to_have_url(re.compile("task="))
    visitor.open("/map")
    make_tables(office)
    visitor.open("/tables")
    page.get_by_role("button", name="查看").first.click()

    expect(page.locator("[data-number=rows] dd")).to_have_text("1")
    file = saved(page, "[data-download]", tmp_path)
    assert file.name.startswith("整改台账")
    assert len(list(read_table(file).rows)) == 1
    assert not visitor.complaints


def test_an_old_ledger_is_mapped_tried_mended_by_leaving_out_and_taken_in(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    row = a_row(office.cast)
    row["什么时候"] = row.pop("发现日期")
    table = a_table(tmp_path, [row, {**row, "案卷号": "2024-18", "什么时候": "去年"}])
    page = visitor.sign_in(office.cast.headquarters, "/tables?section=import")

    page.get_by_label("表格文件").set_input_files(table)
    page.click("[data-send]")
    expect(page.locator("[data-task-state=waiting]")).to_be_visible(timeout=PATIENCE_MS)
    make_tables(office)
    expect(page.get_by_text("还缺少必填字段：发现日期")).to_be_visible()
    page.locator("[data-column=什么时候] .el-select").click()
    page.get_by_role("option", name="发现日期 *").click()
    page.fill("input[name=save-as]", "泗河旧台账")
    page.click("[data-dry-run]")
    finished(page, office)

    expect(page.locator("[data-fault]")).to_have_count(1)
    expect(page.locator("[data-fault]")).to_contain_text("去年")
    report = saved(page, "[data-report]", tmp_path)
    assert "3,什么时候,去年" in report.read_text(encoding="utf-8-sig")

    page.reload()
    expect(page.locator("[data-fault]")).to_have_count(1)
    page.click("[data-commit]")
    finished(page, office, "refused")
    page.get_by_label("跳过有误的行").check()
    page.click("[data-commit]")
    finished(page, office)
    expect(page.locator("[data-number=closed_cases] dd")).to_have_text("1")
    visitor.open("/ledger?state=closed")
    expect(page.locator(".rows tbody tr")).to_have_count(1)
    assert not visitor.complaints


def test_a_roster_comes_from_its_template_is_tried_and_taken_in(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    with office.cast.county.transaction() as session:
        admin = a_person(session, "admin", None)
    page = visitor.sign_in(admin, "/tables?section=roster")

    with page.expect_download() as begun:
        page.click("[data-template]")
        expect(page.locator("[data-task-state=waiting]")).to_be_visible(timeout=PATIENCE_MS)
        make_tables(office)
    begun.value.save_as(tmp_path / "template.xlsx")
    assert "小区*" in read_table(tmp_path / "template.xlsx").titles

    def a_roster(row: dict[str, object], name: str = "小区.xlsx") -> Path:
        columns = ROSTERS["communities"].columns
        with SheetWriter(tmp_path / name, columns, Layout("住宅小区名册")) as sheet:
            sheet.add([row.get(column.name) for column in columns])
        return tmp_path / name

    new = {"community": "新苑", "neighbourhood": "370831001003", "kind": "商品房小区"}
    page.get_by_label("表格文件").set_input_files(a_roster({**new, "lon": 2.35, "lat": 48.85}))
    page.click("[data-dry-run]")
    finished(page, office, "refused")
    expect(page.locator("[data-fault]")).to_contain_text("2.35")

    a_roster({**new, "lon": 117.3, "lat": 35.5})
    page.click("[data-dry-run]")
    expect(page.get_by_role("alert")).to_contain_text("选择后已被修改")
    mended = a_roster({**new, "lon": 117.3, "lat": 35.5}, "小区（改）.xlsx")
    page.get_by_label("表格文件").set_input_files(mended)
    page.click("[data-dry-run]")
    finished(page, office)
    page.click("[data-commit]")
    finished(page, office)
    expect(page.locator("[data-number=created] dd")).to_have_text("1")
    assert not visitor.complaints


def test_whoever_may_only_read_the_ledger_sees_exports_alone(visitor: Visitor, office: Office) -> None:
    page = visitor.sign_in(office.cast.dispatcher, "/tables?section=roster")

    expect(page.locator("[data-section]")).to_have_count(1)
    expect(page.get_by_text("还没有导入或导出任务。")).to_be_visible()


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-CN"), ("dark", "en")])
def test_imports_and_exports_have_no_serious_fault(
    visitor: Visitor, office: Office, tmp_path: Path, theme: str, language: str
) -> None:
    with office.cast.county.transaction() as session:
        admin = a_person(session, "admin", None)
    page = visitor.sign_in(admin, "/tables")
    page.evaluate(
        "([theme, language]) => {localStorage['wangge.theme'] = theme;"
        " localStorage['wangge.language'] = language}",
        [theme, language],
    )
    axe = (Path("server") / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text()

    def check() -> None:
        page.wait_for_load_state("networkidle")
        page.evaluate(axe)
        faults = page.evaluate("axe.run().then(found => found.violations)")
        assert [
            (fault["id"], fault["nodes"][0]["html"])
            for fault in faults
            if fault["impact"] in {"serious", "critical"}
        ] == []

    for section in ("export", "import", "roster"):
        visitor.open(f"/tables?section={section}")
        check()
    visitor.open("/tables?section=import")
    page.locator("input[type=file]").first.set_input_files(
        a_table(tmp_path, [a_row(office.cast, 发现日期="?")])
    )
    page.click("[data-send]")
    expect(page.locator("[data-task-state=waiting]")).to_be_visible(timeout=PATIENCE_MS)
    make_tables(office)
    page.click("[data-dry-run]")
    finished(page, office)
    check()


def test_a_photo_is_taken_away_with_time_place_and_number(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    case_id = office.report()
    do(office, "derive")
    with office.cast.county.transaction() as session:
        sha256 = bytes(session.scalar(text("SELECT sha256 FROM server.photo_claim LIMIT 1")) or b"").hex()
    page = visitor.sign_in(office.cast.dispatcher, f"/cases/{case_id}")

    page.locator("[data-role=before] button").click()
    with page.expect_download() as begun:
        page.get_by_role("dialog").get_by_role("button", name="水印").click()
        do(office, "watermark", str(case_id), sha256)
    begun.value.save_as(tmp_path / "copy.jpg")

    assert (tmp_path / "copy.jpg").read_bytes()[:3] == b"\xff\xd8\xff"
    assert not visitor.complaints
