"""Heat of a million cases as its readers get it, over HTTP: any window, any filter, tiles, hot spots."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.tiles import Tile
from server.communities.territory import Territory
from server.maps.tiles import queries
from server.wiring import LAYERS
from tests.benchmarks.people import People
from tests.benchmarks.wire import Line, Refused

KINDS = ("h3", "grid_cell", "community", "neighbourhood")
FIRST, DAYS, WINDOWS, TIMES = date(2024, 1, 1), 1_040, 8, 9
ZOOMS = (10, 11, 12)
# The tile in which most cases lie.
_FULLEST = text("""
SELECT floor((ST_X(geom_3857) + 20037508.342789244) / size)::integer AS x,
       floor((20037508.342789244 - ST_Y(geom_3857)) / size)::integer AS y
  FROM server."case", (SELECT 40075016.685578488 / (1 << :z) AS size) AS tile
 WHERE geom_3857 IS NOT NULL GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1""")
_CASES = text("""
SELECT count(*) FROM server."case"
 WHERE (reported_at AT TIME ZONE 'Asia/Shanghai')::date
       BETWEEN CAST(:first AS date) AND CAST(:last AS date)""")
ALL = 10**9
Figures = Mapping[str, float]


def over_http(people: People, seed: int, beside_points: bool) -> Figures:
    """Ask for heat and hot spots, one question at a time; sums are compared with the cases'.

    With `beside_points` heat tiles are compared with tiles of all points, which takes minutes at ten million.
    """
    draw = Random(seed)
    with Line(people.url, people.desk) as line, people.database.snapshot() as session:
        category = session.scalar(
            text('SELECT category FROM server."case" GROUP BY 1 ORDER BY count(*) DESC')
        )
        windows = [_window(draw) for _ in range(WINDOWS)]
        chosen = f"&category={category}&severity=A&state=open"
        _sums_are_right(line, session, windows)
        return {
            "heat.http_ms": max(middle(line, [f"by={kind}"]) for kind in KINDS),
            "heat.window_ms": max(middle(line, [f"by={kind}&{one}" for one in windows]) for kind in KINDS),
            "heat.chosen_ms": max(
                middle(line, [f"by={kind}&{one}{chosen}" for one in windows]) for kind in KINDS
            ),
            "heat.months_ms": middle(line, ["by=grid_cell"], "/api/v1/heat/timeslices"),
            "heat.hot_ms": middle(line, ["by=h3&resolution=8"], "/api/v1/hotspots"),
            **(_tiles(line, session) if beside_points else {}),
        }


def _window(draw: Random) -> str:
    first = FIRST + timedelta(days=draw.randrange(DAYS - 30))
    last = first + timedelta(days=draw.randrange(7, (FIRST + timedelta(days=DAYS) - first).days))
    return f"from={first}&to={last}"


def middle(line: Line, questions: Sequence[str], path: str = "/api/v1/heat") -> float:
    """Return the median of the questions' times in ms, each asked nine times after once that counts not."""
    took = []
    for turn in range(TIMES + 1):
        for question in questions:
            began = time.perf_counter()
            line.ask("GET", f"{path}?{question}")
            if turn:
                took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def _sums_are_right(line: Line, session: Session, windows: Sequence[str]) -> None:
    for window in windows[:3]:
        first, last = (part.partition("=")[2] for part in window.split("&"))
        told = session.scalar(_CASES, {"first": first, "last": last})
        found = [line.ask("GET", f"/api/v1/heat?by={kind}&{window}")["total"] for kind in KINDS]
        if found != [told] * len(KINDS):
            raise Refused(f"{window}: {found} for {told} cases")


def _tiles(line: Line, session: Session) -> Figures:
    """Return how much faster and smaller a tile of heat is than one of all its points, at zooms 10 to 12."""
    faster, smaller = [], []
    for z in ZOOMS:
        x, y = session.execute(_FULLEST, {"z": z}).one()
        began = time.perf_counter()
        raw_bytes = _drawn(session, Tile(z, x, y))
        raw_s = time.perf_counter() - began
        took = []
        for _ in range(TIMES):
            began = time.perf_counter()
            status, body = line.send("GET", f"/tiles/heat/{z}/{x}/{y}.mvt?by=h3")
            took.append(time.perf_counter() - began)
            if status != 200 or not body:
                raise Refused(f"heat tile {z}/{x}/{y}: {status}")
        faster.append(raw_s / statistics.median(took))
        smaller.append(raw_bytes / len(body))
    return {"heat.tile_times": min(faster), "heat.tile_smaller": min(smaller)}


def _drawn(session: Session, at: Tile) -> int:
    """Return how many bytes a tile of all points takes; the tile itself stays where it is made."""
    layer, seen = LAYERS["cases"], Territory(None)
    sql = queries.statement(layer).text
    measured = text(f"SELECT length(body) FROM ({sql}) AS made")
    found: int = session.execute(measured, queries.bound(layer, seen, at, ALL)).scalar_one()
    return found
