"""The planner's page: where charging should stand, whom it serves, and what if."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.build import a_person
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor
from tests.web.working import do

PATIENCE_MS = 60_000


def asked(page: Page, name: str) -> str:
    """What the address holds under a name."""
    return parse_qs(urlparse(page.url).query).get(name, [""])[0]


def a_planner(office: Office) -> Any:
    """Somebody who plans for the county."""
    with office.cast.county.transaction() as session:
        return a_person(session, "planner", "construction_hq")


def a_plan(visitor: Visitor, office: Office) -> Page:
    """Ask for a plan of three communities by the form, and let the workers make it."""
    page = visitor.sign_in(a_planner(office), "/siting")
    page.locator("[data-new]").click()
    page.get_by_label("名称").fill("老旧小区一期")
    page.get_by_text("按小区", exact=True).click()
    page.locator("[data-field=communities]").click()
    options = page.locator(".el-select-dropdown__item:visible")
    for at in range(3):
        options.nth(at).click()
    page.keyboard.press("Escape")
    expect(page.locator("[data-demand]")).to_contain_text("3 个小区", timeout=PATIENCE_MS)
    page.get_by_label("预算（万元）").fill("6")
    page.get_by_label("预算（万元）").press("Tab")
    page.locator("[data-ask]").click()
    page.wait_for_url(re.compile("scenario="))
    do(office, "build-siting", asked(page, "scenario"))
    page.wait_for_url(re.compile("plan="), timeout=PATIENCE_MS)
    do(office, "solve-siting", asked(page, "plan"))
    expect(page.locator("[data-plan-state=solved]")).to_be_visible(timeout=PATIENCE_MS)
    return page


def test_a_planner_runs_a_plan_tries_what_if_keeps_it_and_compares(visitor: Visitor, office: Office) -> None:
    page = a_plan(visitor, office)

    expect(page.locator("[data-proof]")).to_contain_text("已证明最优")
    expect(page.locator("[data-figure=covered] dd")).to_contain_text("%")
    expect(page.locator("[data-marks]:not([data-marks='0'])")).to_be_visible(timeout=PATIENCE_MS)
    first = asked(page, "plan")

    site = page.locator("[data-site]:not(:has(.tag))").first
    name = site.locator("button").inner_text()
    site.locator("button").click()
    page.locator("[data-forbid]").click()
    trial = page.locator("[data-trial]")
    expect(trial).to_contain_text("禁用", timeout=PATIENCE_MS)
    expect(page.locator("[data-table=sites]")).not_to_contain_text(name.split()[-1])
    expect(page.locator("[data-proof]")).to_contain_text("已证明最优")

    page.locator("[data-site]:not(:has(.tag)) button").first.click()
    page.locator("[data-pin]").click()
    expect(trial.locator("li")).to_have_count(2, timeout=PATIENCE_MS)
    pinned = page.locator("[data-table=sites] .tag", has_text="必设")
    expect(pinned).to_have_count(1)
    page.locator("[data-undo]").click()
    expect(trial.locator("li")).to_have_count(1)
    expect(pinned).to_have_count(0)
    page.locator("[data-gates] summary").click()
    page.locator("[data-gates] [data-gate]:not(.is-disabled)").first.click()
    expect(trial.locator("li").nth(1)).to_contain_text("打开", timeout=PATIENCE_MS)
    page.locator("[data-undo]:not([disabled])").click()
    expect(trial.locator("li")).to_have_count(1)
    page.locator("[data-try-budget] input").fill("20")
    page.locator("[data-try-budget] input").press("Tab")
    page.locator("[data-try]:not([disabled])").click()
    expect(trial.locator("li").nth(1)).to_contain_text("20 万元", timeout=PATIENCE_MS)
    page.locator("[data-undo]:not([disabled])").click()
    expect(trial.locator("li")).to_have_count(1)
    assert asked(page, "plan") == first

    page.locator("[data-keep]").click()
    page.wait_for_url(re.compile(f"beside={first}"))
    do(office, "solve-siting", asked(page, "plan"))
    expect(page.locator("[data-plan-state=solved]")).to_be_visible(timeout=PATIENCE_MS)
    expect(trial).to_be_hidden()
    expect(page.locator("[data-table=sites]")).not_to_contain_text(name.split()[-1])

    page.locator("[data-tab=compare]").click()
    expect(page.locator("[data-line=cost]")).to_be_visible()
    expect(page.locator("[data-compare]")).to_contain_text("两个方案都有")
    page.go_back()
    expect(page.locator("[data-table=sites]")).to_be_visible()
    page.locator("[data-tab=curve]").click()
    expect(page.locator("[data-curve] svg")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("[data-more-points]").click()
    page.get_by_text("列表", exact=True).click()
    expect(page.locator(".curve tbody tr").nth(3)).to_be_visible(timeout=PATIENCE_MS)
    assert not visitor.complaints


@pytest.mark.parametrize(("language", "theme"), [("zh-CN", "light"), ("en", "dark")])
def test_the_page_is_for_everybody_in_either_language_and_appearance(
    visitor: Visitor, office: Office, language: str, theme: str, tmp_path: Path
) -> None:
    page = a_plan(visitor, office)
    address = page.url.removeprefix(office.url)
    speaks(page, language, theme)

    for path in ("/siting", "/siting?new=1", address):
        visitor.open(path)
        expect(page.locator("[role=region][aria-busy=false]").first).to_be_visible(timeout=PATIENCE_MS)
        if "plan=" in path:
            expect(page.locator("[data-proof]")).to_be_visible(timeout=PATIENCE_MS)
        page.screenshot(path=str(tmp_path / f"siting-{language}-{theme}.png"))
        assert serious_faults(page) == [], path
