"""The page of figures: every number opens the ledger with exactly the cases it counts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor

PATIENCE_MS = 20_000


def test_a_number_opens_the_ledger_with_its_cases_and_says_what_it_counts(
    visitor: Visitor, office: Office
) -> None:
    office.dispatched()
    office.report(category="small_ad_not_cleared")
    office.report(category="small_ad_not_cleared")
    page = visitor.sign_in(office.cast.headquarters, "/figures?group_by=category")

    row = page.locator("[data-table=cases] tbody tr", has_text="小广告")
    number = row.locator("[data-figure=filed]")
    expect(number).to_have_text("2", timeout=PATIENCE_MS)
    number.get_by_role("link").click()

    expect(page).to_have_url(re.compile(r"/ledger\?.*figure=filed"))
    expect(page.locator(".scroller tbody tr")).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="统计口径")).to_be_visible()
    page.get_by_role("button", name="取消统计口径").click()
    expect(page.locator(".scroller tbody tr")).to_have_count(3)
    assert not visitor.complaints


def test_links_show_how_long_cases_took(visitor: Visitor, office: Office) -> None:
    office.dispatched()
    page = visitor.sign_in(office.cast.headquarters, "/figures?group_by=month")

    dispatching = page.locator("tr[data-link=dispatch]").first
    expect(dispatching.locator("td").first).to_have_text("1", timeout=PATIENCE_MS)
    expect(dispatching).to_contain_text("小时")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_is_for_everybody_in_either_language_and_appearance(
    visitor: Visitor, office: Office, language: str, theme: str
) -> None:
    office.dispatched()
    page = visitor.sign_in(office.cast.headquarters, "/figures")
    speaks(page, language, theme)

    visitor.open("/figures")
    expect(page.locator("[data-table=cases]")).to_be_visible(timeout=PATIENCE_MS)

    assert serious_faults(page) == []
