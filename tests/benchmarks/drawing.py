"""What a tile of points costs: the first after a change, kept, and held by the browser already."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

import requests
from redis import Redis
from sqlalchemy import text

from server.maps.kept import Kept, hear_commits
from tests.benchmarks.people import People
from tests.benchmarks.wire import Line, Refused

POINTS, TIMES = 4_000, 40
TILE = "/tiles/facilities/11/1691/806.mvt"
# Within that tile, four thousand lamps of one community, laid once.
_LAY = text("""
INSERT INTO geo.facility (facility_id, community_id, kind, name, geom)
SELECT gen_random_uuid(), community_id, 'lamp', 'lamp ' || n,
       ST_SetSRID(ST_MakePoint(117.26 + 0.15 * (n % 80) / 80, 35.61 + 0.12 * (n / 80) / 50), 4326)
  FROM (SELECT community_id FROM geo.community ORDER BY community_id LIMIT 1) AS one,
       generate_series(0, :points - 1) AS n
 WHERE (SELECT count(*) FROM geo.facility) < :points""")
_TOUCH = text(
    "UPDATE geo.facility SET version = version + 1"
    " WHERE facility_id = (SELECT facility_id FROM geo.facility ORDER BY facility_id LIMIT 1)"
)
Figures = Mapping[str, float]


def tiles(people: People, seconds: float, seed: int) -> Figures:
    """Ask for one tile of 4,000 points, forty times each way, one at a time."""
    with people.database.transaction() as session:
        session.execute(_LAY, {"points": POINTS})
    with (
        Line(people.url, people.desk) as line,
        Redis.from_url(people.product.environ["REDIS_URL"]) as redis,
    ):
        hear_commits(people.database.engine, Kept(redis))
        fresh = [_took(line, 200, before=lambda: change(people)) for _ in range(TIMES)]
        kept = [_took(line, 200) for _ in range(TIMES)]
        etag = requests.get(
            people.url + TILE, headers={"Authorization": f"Bearer {people.desk}"}, timeout=60
        ).headers["ETag"]
        held = [_took(line, 304, etag) for _ in range(TIMES)]
    middle = {
        "fresh": statistics.median(fresh),
        "kept": statistics.median(kept),
        "held": statistics.median(held),
    }
    return {
        **{f"tile.{name}": took_s * 1000 for name, took_s in middle.items()},
        "tile.held_times": middle["fresh"] / middle["held"],
    }


def change(people: People) -> None:
    """Change one of the points, as somebody at a desk would."""
    with people.database.transaction() as session:
        session.execute(_TOUCH)


def _took(line: Line, expected: int, etag: str = "", before: Callable[[], object] = lambda: None) -> float:
    before()
    began = time.perf_counter()
    status, body = line.send("GET", TILE, If_None_Match=etag or '"none"')
    took_s = time.perf_counter() - began
    if status != expected:
        raise Refused(f"GET {TILE}: {status} {body[:300].decode(errors='replace')}")
    return took_s
