"""A tablet's page in Chromium: when it can be used, and what holds it up with 5,000 cases in store."""

from __future__ import annotations

import gzip
import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import uuid6
from playwright.sync_api import BrowserContext, Page, sync_playwright

from server.local import browser, front_end
from server.web.routes import DIST
from sync import changes
from sync.entity import Wire, cell_bucket
from tests.benchmarks.main_thread import Tasks, watched
from tests.benchmarks.people import People, Spot

CASES, CELLS, TIMES, SLOW, STEPS = 5_000, 4, 5, 4, 5
SCREEN: Mapping[str, Any] = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "has_touch": True}
DRAWING = ("--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
Figures = Mapping[str, float]


def handheld(people: People, seconds: float, seed: int) -> Figures:
    """Enrol a tablet whose cells hold 5,000 cases, pull them, open the page anew, look at the map."""
    front_end.build()
    spots = people.spots[-CELLS:]
    with (
        _laid(people, spots, random.Random(seed)),
        sync_playwright() as playwright,
        TemporaryDirectory() as profile,
    ):
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=browser.chromium(), args=DRAWING, **SCREEN
        )
        context.set_default_timeout(60_000)
        weight, pulled = _enrolled(context, people, spots)
        ready = [_ready_ms(context, people.url) for _ in range(TIMES)]
        mapped = _mapped(context.pages[0])
        moved = _moved(context.pages[0])
        context.close()
    return {
        "handheld.shell_kb": weight / 1000,
        "handheld.pull_long": pulled.wall,
        "handheld.pull_own": pulled.own,
        "handheld.ready_ms": statistics.median(ready),
        "handheld.map_long": mapped.wall,
        "handheld.map_own": mapped.own,
        "handheld.moved_long": moved.wall,
        "handheld.moved_own": moved.own,
    }


def _enrolled(context: BrowserContext, people: People, spots: Sequence[Spot]) -> tuple[int, Tasks]:
    """Enrol and pull; return the weight of the shell and the tasks while the records came."""
    page, loaded = context.pages[0], list[str]()
    page.on("request", lambda request: loaded.append(urlsplit(request.url).path))
    page.goto(f"{people.url}/tablet/#enrol={people.code([spot.cell for spot in spots])}")
    button = page.get_by_role("button", name="登记", exact=True)
    button.wait_for()
    files = {DIST / path[1:] for path in loaded if path.startswith("/assets/")}
    with watched(page) as tasks:
        button.click()
        page.get_by_role("heading", name="我的小区").wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.wait_for_timeout(2_000)
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files), tasks


def _ready_ms(context: BrowserContext, url: str) -> float:
    """Open the page from its service worker on a processor four times slower; return when it can be used."""
    page = context.new_page()
    context.pages[0].close()
    slow = context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    page.goto(f"{url}/tablet/", wait_until="commit")
    page.get_by_role("link", name="巡查").wait_for()
    page.get_by_role("heading", name="我的小区").wait_for()
    # The first moment at which a touch would have been answered.
    took = page.evaluate("() => new Promise((told) => setTimeout(() => told(performance.now())))")
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return float(took)


def _mapped(page: Page) -> Tasks:
    """Look at the map of all cases; return the tasks until it stands."""
    page.wait_for_timeout(1_000)
    with watched(page) as tasks:
        page.get_by_role("button", name="地图").click()
        page.locator(f"[data-cases='{CASES}']").wait_for()
        page.wait_for_timeout(2_000)
    return tasks


def _moved(page: Page) -> Tasks:
    """Zoom into the map until cases stand by themselves, move it about; return the tasks."""
    box = page.locator(".map").bounding_box()
    assert box is not None
    across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(across, down)
    with watched(page) as tasks:
        for _ in range(STEPS):
            page.mouse.wheel(0, -500)
            page.wait_for_timeout(500)
            page.mouse.down()
            page.mouse.move(across + 90, down + 60, steps=8)
            page.mouse.up()
            page.mouse.move(across, down)
            page.wait_for_timeout(500)
    return tasks


@contextmanager
def _laid(people: People, spots: Sequence[Spot], draw: random.Random) -> Iterator[None]:
    """Let 5,000 open cases travel to these cells, until the round is over."""
    now = datetime.now(UTC)
    wires = [_wire(spot, draw, now) for spot in spots for _ in range(CASES // len(spots))]
    with people.database.transaction() as session:
        changes.put(session, "case", wires)
    yield
    with people.database.transaction() as session:
        changes.put(session, "case", [replace(wire, buckets=frozenset()) for wire in wires])


def _wire(spot: Spot, draw: random.Random, now: datetime) -> Wire:
    case_id = str(uuid6.uuid7())
    reported_at = now - timedelta(hours=draw.uniform(0, 200))
    due_at = reported_at + timedelta(hours=draw.uniform(24, 240))
    named = dict.fromkeys(("rework", "refused", "returned", "buck_passing", "extension", "rebound"), 0)
    data: dict[str, Any] = {
        **dict.fromkeys(("closed_at", "inspection_id", "asset", "reported_by", "checker_id", "demand")),
        **dict.fromkeys(("claimed_at", "ended_at", "finding", "merged_into", "repeat_of", "transferred_to")),
        **dict.fromkeys(("paused_at", "resume_on", "lead_unit", "unit", "unit_name")),
        **{f"{name}_count": count for name, count in named.items()},
        "case_id": case_id,
        "number": f"370831-2026-{draw.randrange(10**6):06d}",
        "state": "filed",
        "version": 2,
        "category": draw.choice(("parking_disorderly", "small_ad_not_cleared", "fire_lane_blocked")),
        "severity": draw.choice("ABC"),
        "measure": 12,
        "level": 0,
        "reported_at": reported_at.isoformat(),
        "filed_at": reported_at.isoformat(),
        "first_due_at": due_at.isoformat(),
        "due_at": due_at.isoformat(),
        "yellow_at": (due_at - timedelta(hours=12)).isoformat(),
        "community_id": spot.community_id,
        "community_name": "泗河新村",
        "grid_cell_code": spot.cell,
        "location": {
            "lon": spot.lon + draw.uniform(-0.002, 0.002),
            "lat": spot.lat + draw.uniform(-0.002, 0.002),
            "accuracy_m": 6.5,
            "datum": "wgs84",
        },
        "evidence": {"expected": 1, "received": 1, "missing": 0},
        "description": "三辆车停在单元门前，占用消防车通道",
        "source": "tablet",
        "origin": "bench",
        "parties": {"offender": None, "repairer": None, "urging": None, "investigating": []},
        "departments": [],
    }
    return Wire(case_id, 2, frozenset({cell_bucket(spot.cell)}), data)
