"""The tablet's pages, as a grid worker of the demo county has them after his first pull."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Geolocation, Page

from tests.benchmarks.product import Product
from tests.screenshots.views import Look

# Who has the most open cases in his cells, and a place among them.
WALKER = """
SELECT u.username || ' ' || ST_X(p.spot) || ' ' || ST_Y(p.spot)
  FROM server.assignment a
  JOIN server."user" u USING (user_id)
  JOIN (SELECT code, ST_PointOnSurface(geom) AS spot FROM geo.grid_cell) p ON p.code = a.grid_cell_code
 WHERE u.role = 'grid_worker' AND u.active
 ORDER BY (SELECT count(*) FROM server."case" c
            WHERE c.grid_cell_code = a.grid_cell_code AND c.state = 'in_progress') DESC, u.username
 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class TabletView:
    """One page of the tablet: its address below `/tablet`, and what is touched before it is pictured."""

    name: str
    path: str
    touch: tuple[str, ...] = ()
    settle_ms: int = 400


TABLET_VIEWS = (
    TabletView("tablet-today", "/"),
    TabletView("tablet-map", "/", ("button:has(svg):text-matches('地图|Map')", "[data-cases]"), 600),
    TabletView("tablet-community", "/", ("ol.rows a.card",)),
    TabletView("tablet-edit", "/", ("ol.rows a.card", "a[data-asset]")),
    TabletView("tablet-inspect", "/inspect"),
    TabletView("tablet-walk", "/inspect", ("[data-checklist=T0]",)),
    TabletView("tablet-card", "/inspect", ("[data-checklist=T2]",)),
    TabletView("tablet-cases", "/cases"),
    TabletView("tablet-case", "/cases", ("main li a.card",)),
    TabletView("tablet-outbox", "/outbox"),
    TabletView("tablet-report", "/propose/report"),
    TabletView("tablet-complaint", "/propose/complaint"),
    TabletView("tablet-me", "/me"),
    TabletView("tablet-log", "/me/log"),
    TabletView("tablet-storage", "/me/storage"),
)
TABLET_LOOKS = (
    Look("zh-light", "zh-CN", "light", 390, 844),
    Look("en-dark", "en", "dark", 390, 844),
    Look("zh-wide", "zh-CN", "light", 800, 1280),
)


def picture(browser: Browser, running: Product, folder: Path, views: tuple[TabletView, ...]) -> None:
    """Picture these pages in each look, each look on a tablet of its own."""
    username, lon, lat = running.as_superuser(WALKER).split()
    place: Geolocation = {"longitude": float(lon), "latitude": float(lat), "accuracy": 6.0}
    for look in TABLET_LOOKS:
        context = browser.new_context(
            locale=look.language,
            viewport={"width": look.width, "height": look.height},
            has_touch=True,
            reduced_motion="reduce",
            permissions=["geolocation"],
            geolocation=place,
        )
        remembered = {"wangge.theme": look.theme, "wangge.language": look.language}
        lines = [f"localStorage.setItem({name!r}, {value!r});" for name, value in remembered.items()]
        context.add_init_script("".join(lines))
        page = context.new_page()
        code = json.loads(running.wangge("device", "code", username, "--json"))["enrolment_code"]
        page.goto(f"{running.address.url}/tablet/#enrol={code}")
        page.locator("form button[type=submit]").click()
        page.locator("ol.rows").wait_for(timeout=60_000)
        for view in views:
            _show(page, f"{running.address.url}/tablet{view.path}", view)
            page.screenshot(path=folder / f"{view.name}-{look.name}.png")
        context.close()


def _show(page: Page, address: str, view: TabletView) -> None:
    page.goto(address)
    page.locator("main h1").first.wait_for()
    for place in view.touch:
        found = page.locator(place).first
        found.wait_for()
        if place.startswith("[data-cases"):
            continue
        found.click()
    page.wait_for_timeout(view.settle_ms)
