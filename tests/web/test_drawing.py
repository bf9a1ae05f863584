"""Planners and headquarters draw on the map: cells split and redrawn, ground drawn, all of it undone."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.web.axe import serious_faults, speaks
from tests.web.office import Office, Visitor

PATIENCE_MS = 40_000


class Canvas:
    """The map of a page, told in degrees."""

    def __init__(self, page: Page, zoom: float, lon: float, lat: float) -> None:
        self.page, self.zoom, self.lon, self.lat = page, zoom, lon, lat
        box = page.locator(".ground canvas").first.bounding_box()
        assert box is not None
        self.middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def at(self, east_px: float, north_px: float) -> tuple[float, float]:
        """Return the place on the page so many pixels from the middle."""
        return self.middle[0] + east_px, self.middle[1] - north_px

    def click(self, east_px: float = 0, north_px: float = 0) -> None:
        self.page.mouse.move(*self.at(east_px, north_px), steps=3)
        self.page.mouse.click(*self.at(east_px, north_px))
        self.page.wait_for_timeout(350)  # two clicks in a row would be one double click


def drawn(page: Page) -> None:
    expect(page.locator(".ground[aria-busy=false]")).to_be_visible(timeout=PATIENCE_MS)


def cells(office: Office) -> int:
    with office.cast.county.transaction() as session:
        found: int = session.execute(
            text("SELECT count(*) FROM geo.grid_cell WHERE valid_to IS NULL")
        ).scalar_one()
    return found


def opened(visitor: Visitor, office: Office) -> Canvas:
    with office.cast.county.transaction() as session:
        lon, lat = session.execute(
            text(
                "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Centroid(geom) AS p FROM geo.grid_cell"
                " WHERE code = :c) g"
            ),
            {"c": office.cast.cell},
        ).one()
    page = visitor.sign_in(office.cast.headquarters, "/")
    page.goto(f"{office.url}/map#view=16/{lat}/{lon}")
    drawn(page)
    return Canvas(page, 16, lon, lat)


def test_a_cell_is_split_on_the_map_after_a_preview_and_the_split_is_undone(
    visitor: Visitor, office: Office
) -> None:
    before = cells(office)
    canvas = opened(visitor, office)
    page = canvas.page
    page.click("[data-draw]")
    page.click("[data-act=split]")
    canvas.click()
    expect(page.locator("[data-chosen]")).to_contain_text(office.cast.cell)

    canvas.click(-330, 3)
    canvas.click(330, 3)
    page.keyboard.press("Enter")
    page.click("[data-preview]")

    expect(page.locator("[data-new-cell]")).to_have_count(2)
    assert cells(office) == before
    page.fill("input[name=why]", "住户增多")
    page.click("[data-confirm]")
    expect(page.locator("[data-note]")).to_contain_text("已完成", timeout=PATIENCE_MS)
    assert cells(office) == before + 1
    page.click("[data-undo]")
    expect(page.locator("[data-note]")).to_contain_text("已撤销", timeout=PATIENCE_MS)
    assert cells(office) == before
    assert not visitor.complaints


def test_open_ground_is_drawn_picked_and_taken_back(visitor: Visitor, office: Office) -> None:
    canvas = opened(visitor, office)
    page = canvas.page

    def grounds() -> list[tuple[UUID, int]]:
        with office.cast.county.transaction() as session:
            rows = session.execute(
                text(
                    "SELECT ground_id, version FROM geo.open_ground"
                    " WHERE valid_to IS NULL AND name = '新空地'"
                )
            )
            return [(row[0], row[1]) for row in rows]

    page.click("[data-draw]")
    page.click("[data-act=add]")
    page.fill("input[name=thing-name]", "新空地")
    for east, north in ((130, -30), (230, -30), (230, 30), (130, 30)):
        canvas.click(east, north)
    page.keyboard.press("Enter")
    page.click("[data-save]")
    expect(page.locator("[data-note]")).to_contain_text("已完成", timeout=PATIENCE_MS)
    assert [version for _, version in grounds()] == [1]
    page.click("[data-cancel]")
    page.click("[data-act=move]")
    for _ in range(30):  # until the tile with the new ground has come
        canvas.click(180)
        if page.locator("[data-chosen]").count():
            break
    expect(page.locator("[data-chosen]")).to_contain_text("新空地")
    page.click("[data-cancel]")
    page.click("[data-undo]")
    expect(page.locator("[data-undo]")).to_have_count(0, timeout=PATIENCE_MS)
    assert grounds() == []


@pytest.mark.parametrize(("language", "theme"), [("zh-CN", "light"), ("en", "dark")])
def test_the_pencil_is_for_everybody_who_may_draw(
    visitor: Visitor, office: Office, language: str, theme: str
) -> None:
    page = opened(visitor, office).page
    speaks(page, language, theme)
    page.reload()
    drawn(page)
    page.click("[data-draw]")

    expect(page.locator("[data-act]")).to_have_count(6)
    assert serious_faults(page) == []
    page.click("[data-act=add]")
    expect(page.locator("[data-step]")).to_have_text(re.compile("."))
