"""Papers at the office desk: drafted, through all hands, served, received, scanned; templates replaced."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from server.auth.actor import Actor
from server.papers import service
from server.papers.layout import standard
from tests.build import a_person
from tests.integration.ledger.acting import column
from tests.pictures import jpeg
from tests.unit.papers.reading import text_of
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor


def drafted(office: Office, kind: str = "assignment") -> str:
    """Return the id of a paper that the dispatcher drafted about a dispatched case."""
    case_id: UUID = office.dispatched()
    number = str(column(office.cast.county, case_id, "number"))
    with office.cast.county.transaction() as session:
        made = service.draft(
            session,
            kind=kind,
            numbers=[number],
            body=None,
            to_unit=None,
            fields={},
            actor=office.cast.dispatcher,
            now=office.cast.later(),
        )
    return str(made["paper_id"])


def a_chief(office: Office) -> Actor:
    with office.cast.county.transaction() as session:
        return a_person(session, "subdistrict", office.cast.dispatcher.unit_code)


def give(page: Page, command: str) -> None:
    page.click(f'[data-command="paper.{command}"]')
    page.click("[data-run]")
    expect(page.get_by_role("dialog")).to_have_count(0)


def fill_moment(page: Page, name: str, moment: str) -> None:
    page.fill(f"[data-field={name}] input", moment)
    page.keyboard.press("Enter")


def test_a_paper_is_drafted_changed_and_goes_through_all_hands(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    case_id, chief = office.dispatched(), a_chief(office)
    number = str(column(office.cast.county, case_id, "number"))
    page = visitor.sign_in(office.cast.dispatcher, "/papers")

    page.click("[data-draft]")
    page.locator("[data-field=kind] .el-select").click()
    page.get_by_role("option", name="交办单").click()
    page.fill("[data-field=cases] textarea", number)
    page.click("[data-run]")
    expect(page.get_by_role("heading", name="交办单 未编号")).to_be_visible()
    page.click('[data-command="paper.edit"]')
    page.fill("[data-field=demand] textarea", "两日内清走并设隔离桩")
    page.click("[data-run]")
    expect(page.locator("[data-value=demand]")).to_have_text("两日内清走并设隔离桩")
    expect(page.locator('[data-command="paper.issue"]')).to_have_count(0)
    address = page.url.removeprefix(office.url)
    visitor.leave()

    visitor.sign_in(office.cast.shift_leader, address)
    give(page, "review")
    visitor.leave()
    visitor.sign_in(chief, address)
    give(page, "countersign")
    give(page, "issue")
    expect(page.get_by_role("heading", level=1)).to_contain_text("〔")
    with page.expect_download() as begun:
        page.click("[data-download]")
    begun.value.save_as(tmp_path / "paper.docx")

    assert begun.value.suggested_filename.startswith("交办单 ")
    assert "两日内清走并设隔离桩" in text_of((tmp_path / "paper.docx").read_bytes())
    assert not visitor.complaints


def test_an_issued_paper_is_served_received_and_its_scan_comes_back(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    paper, chief, cast = drafted(office), a_chief(office), office.cast
    hands = {"paper.review": cast.shift_leader, "paper.countersign": chief, "paper.issue": chief}
    for version, (command, actor) in enumerate(hands.items(), start=1):
        with cast.county.transaction() as session:
            service.obey(
                session,
                paper_id=UUID(paper),
                command=command,
                base_version=version,
                data={},
                actor=actor,
                now=cast.later(),
            )
    page = visitor.sign_in(chief, f"/papers/{paper}")

    page.click('[data-command="paper.serve"]')
    page.locator("[data-field=manner] .el-select").click()
    page.get_by_role("option", name="直接送达").click()
    for name, words in (("place", "物业办公室"), ("server_1", "张一"), ("server_2", "李二")):
        page.fill(f"[data-field={name}] input", words)
    fill_moment(page, "served_at", "2026-11-20 16:00")
    page.locator("[data-field=received]").get_by_text("已签收", exact=True).click()
    page.click("[data-run]")
    expect(page.get_by_role("region", name="送达")).to_contain_text("2026-11-20 16:00")
    page.click('[data-command="paper.receive"]')
    page.fill("[data-field=received_by] input", "赵三")
    fill_moment(page, "received_at", "2026-11-20 16:10")
    page.click("[data-run]")
    expect(page.get_by_role("region", name="签收")).to_contain_text("赵三")
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(jpeg(5, (320, 240)))
    page.get_by_label("上传盖章扫描件").first.set_input_files(scan)
    page.click("[data-attach]")
    with page.expect_download() as begun:
        page.click("[data-scan]")
    begun.value.save_as(tmp_path / "back.jpg")

    assert (tmp_path / "back.jpg").read_bytes() == scan.read_bytes()
    assert not visitor.complaints


def test_the_list_is_narrowed_and_told_in_the_address(visitor: Visitor, office: Office) -> None:
    drafted(office)
    drafted(office, "supervision")
    page = visitor.sign_in(office.cast.shift_leader, "/papers")
    expect(page.locator(".rows tbody tr")).to_have_count(2)

    page.locator("[data-filter=kind]").click()
    page.get_by_role("option", name="督办单").click()

    expect(page).to_have_url(f"{office.url}/papers?kind=supervision")
    expect(page.locator(".rows tbody tr")).to_have_count(1)
    page.locator(".rows tbody a").click()
    expect(page.get_by_role("heading", name="督办单 未编号")).to_be_visible()


def test_the_office_replaces_a_template_and_takes_ours_back(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    good, bad = tmp_path / "ours.docx", tmp_path / "bad.docx"
    good.write_bytes(standard("reminder"))
    bad.write_bytes(b"no document")
    page = visitor.sign_in(office.cast.headquarters, "/papers?section=templates")
    kind = page.locator("[data-kind=reminder]")

    kind.locator("[data-replace]").click()
    kind.locator("input[type=file]").set_input_files(bad)
    kind.locator("[data-upload]").click()
    expect(kind.get_by_role("alert")).to_be_visible()
    kind.locator("input[type=file]").set_input_files(good)
    kind.locator("[data-upload]").click()
    expect(kind.locator("header")).to_contain_text("本单位模板")
    kind.locator("[data-restore]").click()
    page.click("[data-run]")

    expect(kind.locator("header")).to_contain_text("内置模板")


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-CN"), ("dark", "en")])
def test_no_page_of_papers_has_a_serious_fault(
    visitor: Visitor, office: Office, theme: str, language: str
) -> None:
    paper = drafted(office, "rectification_notice")
    page = visitor.sign_in(office.cast.headquarters, "/papers")
    speaks(page, language, theme)

    for path in ("/papers", f"/papers/{paper}", "/papers?section=templates"):
        visitor.open(path)
        expect(page.locator("main")).to_contain_text(
            "公文" if language == "zh-CN" else "papers", ignore_case=True
        )
        assert not serious_faults(page), path

    assert not visitor.complaints
