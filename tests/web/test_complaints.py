"""Complaints in the browser: a resident reports and follows, the desk takes up and answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.build import a_person
from tests.pictures import jpeg
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor


def _report(page: Page, community: str, photo: Path | None = None) -> tuple[str, str]:
    page.locator("[data-field=community]").click()
    page.get_by_role("option", name=community, exact=True).first.click()
    page.fill("textarea[name=description]", "单元门口堆满杂物，电话13812345678")
    page.fill("input[name=phone]", "13812345678")
    if photo is not None:
        page.set_input_files("input[name=photos]", photo)
    page.locator("[data-send]").click()
    receipt = page.locator("[data-receipt]")
    expect(receipt).to_be_visible()
    return receipt.locator("[data-number]").inner_text(), receipt.locator("[data-code]").inner_text()


def test_a_resident_reports_without_an_account_and_the_desk_answers(
    visitor: Visitor, office: Office, tmp_path: Path
) -> None:
    with office.cast.county.transaction() as session:
        clerk = a_person(session, "intake_clerk", office.cast.dispatcher.unit_code)
    page = visitor.open("/report")
    community = page.request.get(f"{office.url}/api/v1/public/complaint-form").json()["communities"]
    name = next(one["name"] for one in community if one["community_id"] == str(office.cast.community_id))
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(jpeg(77, (320, 240)))
    page.locator("[data-send]").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写")

    number, code = _report(page, name, photo)
    page = visitor.sign_in(clerk, "/complaints")
    row = page.locator(".rows tbody tr")
    expect(row).to_have_count(1)
    expect(row).not_to_contain_text("13812345678")
    page.get_by_role("link", name=number).click()
    expect(page.locator("[data-state]")).to_have_text("待受理")
    page.locator("[data-read-contact]").click()
    expect(page.locator("[data-contact]")).to_contain_text("13812345678")
    page.locator("[data-command='complaint.acknowledge']").click()
    page.locator("[data-run]").click()
    expect(page.locator("[data-state]")).to_have_text("已受理")
    page.locator("[data-command='complaint.answer']").click()
    page.locator("[data-field=answer] textarea").fill("物业已清走")
    page.locator("[data-run]").click()
    expect(page.locator("[data-state]")).to_have_text("已答复")

    page = visitor.open("/report/follow")
    page.fill("input[name=number]", number)
    page.fill("input[name=code]", code)
    page.locator("[data-ask]").click()
    expect(page.locator("[data-answer]")).to_contain_text("物业已清走")
    page.fill("textarea[name=reason]", "还剩一半")
    page.locator("[data-unsettled]").click()
    expect(page.locator("[data-state]")).to_have_text("重新办理")
    assert not visitor.complaints


def test_the_desk_takes_in_what_it_hears_and_the_company_sees_none_of_it(
    visitor: Visitor, office: Office
) -> None:
    page = visitor.sign_in(office.cast.shift_leader, "/complaints")
    page.locator("[data-add]").click()
    page.locator("[data-field=community_id] .el-select").click()
    page.get_by_role("option").first.click()
    page.locator("[data-field=description] textarea").fill("夜里施工")
    page.locator("[data-field=phone] input").fill("13812345678")
    page.locator("[data-run]").click()
    expect(page.locator("[data-state]")).to_have_text("待受理")
    expect(page).to_have_url(re.compile("/complaints/[0-9a-f-]{36}$"))
    visitor.leave()

    page = visitor.sign_in(office.cast.fixer, "/complaints")

    expect(page.get_by_role("navigation")).not_to_contain_text("投诉")
    expect(page).not_to_have_url(re.compile("/complaints"))


@pytest.mark.parametrize(("language", "theme"), [("zh-CN", "light"), ("en", "dark")])
def test_axe_finds_no_serious_fault(visitor: Visitor, office: Office, language: str, theme: str) -> None:
    page = visitor.sign_in(office.cast.shift_leader, "/complaints")
    speaks(page, language, theme)
    body = {"community_id": str(office.cast.community_id), "description": "夜里施工"}
    given = page.request.post(f"{office.url}/api/v1/public/complaints", data=body).json()
    visitor.open("/complaints")
    expect(page.locator(".rows tbody tr")).to_have_count(1)
    faults = {"/complaints": serious_faults(page)}
    page.get_by_role("link", name=given["number"]).click()
    expect(page.locator("[data-state]")).to_be_visible()
    faults["one"] = serious_faults(page)
    for path in ("/report", "/report/follow"):
        visitor.open(path)
        expect(page.locator("h1")).to_be_visible()
        faults[path] = serious_faults(page)

    assert {path: found for path, found in faults.items() if found} == {}
