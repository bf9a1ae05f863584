"""What a browser prints: the page's words on paper, without what leads elsewhere, and nothing cut off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.web.office import Office, Visitor

PAGE = re.compile(rb"/Type\s*/Page\b")
A4_LANDSCAPE_PX = 1024  # 297 mm less both margins, at 96 dots an inch
A4_PX = 695


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_printed_ledger_and_case_show_their_words_alone_and_cut_nothing(
    visitor: Visitor, office: Office, theme: str
) -> None:
    case_id = office.dispatched()
    visitor.page.add_init_script(f"localStorage.setItem('wangge.theme', '{theme}')")
    page = visitor.sign_in(office.cast.dispatcher, "/ledger")
    number = page.locator(".rows tbody a").first
    expect(number).to_be_visible()
    page.emulate_media(media="print")

    for path, width_px in (("/ledger", A4_LANDSCAPE_PX), (f"/cases/{case_id}", A4_PX)):
        page.set_viewport_size({"width": width_px, "height": 900})
        page.goto(office.url + path)
        expect(page.locator(".rows tbody tr").first).to_be_visible()
        expect(page.locator("h1")).to_be_visible()
        expect(page.get_by_role("navigation")).to_be_hidden()
        expect(page.get_by_role("search")).to_be_hidden()
        expect(page.locator(".el-button:visible")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= width_px
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    printed = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(PAGE.findall(printed)) <= 3

    page.goto(f"{office.url}/ledger")
    expect(number).to_be_visible()
    assert len(PAGE.findall(page.pdf(prefer_css_page_size=True))) == 1, "an empty page follows the list"
