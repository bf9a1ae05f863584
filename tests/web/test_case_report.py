"""What somebody of the office finds himself is reported on a page, and joins the case it belongs to."""

from __future__ import annotations

import re
from uuid import UUID

from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import text

from tests.integration.ledger.acting import column
from tests.pictures import jpeg
from tests.web.axe import serious_faults
from tests.web.office import Office, Visitor

COMMUNITY = "SELECT name FROM geo.community WHERE community_id = :id"


def choose(page: Page, field: str, words: str) -> None:
    """Type into a field that offers choices, and take the one."""
    page.get_by_role("combobox", name=field).fill(words)
    page.get_by_role("option", name=words).first.click()


def fill_in(page: Page, office: Office, seed: int) -> None:
    """Tell community, category, photo and place of a problem."""
    with office.cast.county.transaction() as session:
        name = session.scalar(text(COMMUNITY), {"id": office.cast.community_id})
    choose(page, "小区", str(name))
    choose(page, "问题类别", "车辆乱停乱放")
    photo: FilePayload = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": jpeg(seed, (320, 240))}
    page.locator("[data-field=photos] input[type=file]").set_input_files(photo)
    page.locator("[data-field=location] [data-drawn]").click()


def test_a_company_reports_what_it_found_and_a_spot_check_joins_the_case_that_stands_there(
    visitor: Visitor, office: Office
) -> None:
    page = visitor.sign_in(office.cast.fixer, "/ledger")
    page.locator("[data-report]").click()
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_text("必填")).to_have_count(4)
    fill_in(page, office, 11)
    page.get_by_role("button", name="上报", exact=True).click()
    page.wait_for_url(re.compile("/cases/[0-9a-f-]{36}$"))
    case_id = page.url.rsplit("/", 1)[1]
    assert column(office.cast.county, UUID(case_id), "source") == "self"

    visitor.leave()
    page = visitor.sign_in(office.cast.shift_leader, "/cases/new")
    fill_in(page, office, 12)
    proposed = page.locator("[data-proposed]")
    expect(proposed).to_contain_text("相距 0 米")
    assert serious_faults(page) == []
    proposed.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="并入这一件").click()
    page.wait_for_url(f"**/cases/{case_id}")
    assert visitor.complaints == []
