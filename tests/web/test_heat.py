"""The heat map: from a coloured place to the ledger lines behind it, month by month, with what stands out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.integration.ledger.acting import a_digest, a_mutation, an_id
from tests.integration.maps.heat.counting import inspected
from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor

PATIENCE_MS = 40_000
REPORTED = 6


@pytest.fixture
def heated(office: Office) -> Office:
    """Return the office with some cases around one spot."""
    cast = office.cast
    for number in range(REPORTED):
        data = {
            "category": "parking_disorderly",
            "severity": "C",
            "community_id": str(cast.community_id),
            "location": cast.location(5.0 * number),
            "description": "",
            "photos": [a_digest()],
        }
        [outcome] = cast.push(cast.worker, a_mutation("case.report", an_id(), data))
        assert outcome.status == "applied", outcome
    return office


def opened(visitor: Visitor, office: Office, query: str = "") -> Page:
    page = visitor.sign_in(office.cast.headquarters, f"/heat{query}")
    expect(page.locator("[data-told=total]")).to_be_visible(timeout=PATIENCE_MS)
    return page


@pytest.mark.parametrize("query", ["", "?by=community", "?by=h3&resolution=9"])
def test_a_manager_drills_from_heat_to_exactly_the_ledger_lines_it_counts_and_to_a_case(
    visitor: Visitor, heated: Office, query: str
) -> None:
    page = opened(visitor, heated, query)
    first = page.locator("[data-top]").first
    counted = int(first.locator("strong").inner_text())
    first.click()
    expect(page.locator("[data-raw]")).to_have_text(str(counted))

    page.locator("[data-ledger]").click()

    expect(page).to_have_url(re.compile(r"/ledger\?(grid_cell|community_id|hexagon)="))
    expect(page.locator(".scroller tbody tr")).to_have_count(counted)
    page.locator(".scroller tbody tr a").first.click()
    expect(page).to_have_url(re.compile(r"/cases/[0-9a-f-]{36}$"))
    expect(page.locator("[data-role=before], ol").first).to_be_visible()
    assert not visitor.complaints


def test_violations_lead_to_the_inspections_that_found_them(visitor: Visitor, office: Office) -> None:
    found = inspected(office.cast, "bike_room_blocked", "lamp_broken")
    page = opened(visitor, office, "?what=violations&by=community&hot=off")
    expect(page.locator("[data-told=total]")).to_contain_text("共 2 项")

    page.locator("[data-top]").first.click()
    page.locator("[data-ledger]").click()

    expect(page).to_have_url(re.compile(r"/inspections\?violating=true&community_id="))
    expect(page.locator("[data-chosen=violating]")).to_be_visible()
    expect(page.locator("table.rows tbody tr")).to_have_count(1)
    expect(page.locator(f"a[href='/inspections/{found}']")).to_have_count(1)
    assert not visitor.complaints


def test_the_months_slide_without_asking_the_server_again(visitor: Visitor, heated: Office) -> None:
    page = opened(visitor, heated)
    expect(page.locator("[data-month]")).to_have_text("整个时段")
    asked = len(visitor.asked)

    page.locator("input[type=range]").press("ArrowRight")
    expect(page.locator("[data-month]")).to_contain_text(f"共 {REPORTED} 件")
    page.locator("[data-play]").click()

    expect(page.locator("[data-month]")).to_contain_text(re.compile(r"\d{4}-\d{2}"))
    assert [
        address for address in visitor.asked[asked:] if "/heat" in address or "/hotspots" in address
    ] == []


def test_hot_spots_are_told_with_their_certainty_and_can_be_put_away(
    visitor: Visitor, heated: Office
) -> None:
    page = opened(visitor, heated)

    expect(page.locator("[data-told=hot]")).to_contain_text(
        re.compile(r"热点 [1-9]\d* 处"), timeout=PATIENCE_MS
    )
    page.get_by_text("显示热点").click()

    expect(page).to_have_url(re.compile("hot=off"))
    expect(page.locator("[data-legend=hot]")).to_have_count(0)


def test_without_cases_hot_spots_say_why_there_are_none(visitor: Visitor, office: Office) -> None:
    page = opened(visitor, office)

    expect(page.get_by_text("各处数值完全相同")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("[data-legend=unseen]")).to_contain_text("未巡查")


def test_a_filter_stands_in_the_address(visitor: Visitor, heated: Office) -> None:
    page = opened(visitor, heated, "?severity=A")

    expect(page.locator("[data-told=total]")).to_contain_text("共 0 件")
    page.locator("[data-filter=by]").click()
    page.get_by_role("option", name="住宅小区").click()

    expect(page).to_have_url(re.compile(r"by=community.*severity=A"))


def test_the_map_leaves_as_picture_and_as_geojson(visitor: Visitor, heated: Office, tmp_path: Path) -> None:
    page = opened(visitor, heated)

    with page.expect_download() as drawn:
        page.locator("[data-export=png]").click()
    drawn.value.save_as(tmp_path / "heat.png")
    with page.expect_download() as told:
        page.locator("[data-export=geojson]").click()
    told.value.save_as(tmp_path / "heat.geojson")

    with Image.open(tmp_path / "heat.png") as picture:
        assert picture.height > 400
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 10
    features = json.loads((tmp_path / "heat.geojson").read_text(encoding="utf-8"))["features"]
    assert sum(feature["properties"]["count"] for feature in features) == REPORTED


@pytest.mark.parametrize(("language", "theme"), [("zh-CN", "light"), ("en", "dark")])
def test_the_heat_map_is_for_everybody_in_either_language_and_appearance(
    visitor: Visitor, heated: Office, language: str, theme: str
) -> None:
    page = opened(visitor, heated)
    speaks(page, language, theme)

    visitor.open("/heat")
    expect(page.locator("[data-told=hot]")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("[data-top]").first.click()

    assert serious_faults(page) == []
