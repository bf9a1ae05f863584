"""The page of figures: every number opens the ledger with exactly the cases it counts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

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


def test_the_months_are_drawn_and_a_point_opens_its_cases(visitor: Visitor, office: Office) -> None:
    office.dispatched()
    office.dispatched()
    page = visitor.sign_in(office.cast.headquarters, "/figures?group_by=month")

    chart = page.locator("[data-chart]")
    expect(chart.locator("svg text", has_text="上报")).to_be_visible(timeout=PATIENCE_MS)
    _point(page, "#0072b2").click()

    expect(page).to_have_url(re.compile(r"/ledger\?.*group_by=month&group=\d{4}-\d{2}&figure=reported"))
    expect(page.locator(".scroller tbody tr")).to_have_count(2)
    assert not visitor.complaints


def test_the_units_are_drawn_as_bars_and_a_bar_opens_its_cases(visitor: Visitor, office: Office) -> None:
    office.dispatched()
    page = visitor.sign_in(office.cast.headquarters, "/figures?group_by=unit")

    expect(page.locator("[data-chart] svg")).to_be_visible(timeout=PATIENCE_MS)
    # The hatching that tells bars apart lies over them.
    _point(page, "#0072b2").click(force=True)

    expect(page).to_have_url(re.compile(r"/ledger\?.*group_by=unit&.*figure=reported"))
    expect(page.locator(".scroller tbody tr")).to_have_count(1)
    assert not visitor.complaints


def _point(page: Page, colour: str) -> Locator:
    """Return the first thing filled with a colour: points and bars come before the legend."""
    return page.locator(f"[data-chart] svg path[fill='{colour}' i]").first
