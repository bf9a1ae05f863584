"""What heat of a million cases costs: kept counts beside SnapToGrid and a join with a hexagon grid."""

from __future__ import annotations

import io
import os
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import psycopg2
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.heatmap import STANDINGS
from geo.hexagons import RESOLUTIONS, hexagons
from server.communities.territory import Territory
from server.db import Database, make_engine
from server.maps.heat import queries
from server.maps.heat.asking import HeatFilter
from server.maps.heat.jobs import fill_hexagons
from tests.benchmarks.finding import found_over_http, lay
from tests.benchmarks.indexes import put_aside
from tests.benchmarks.people import People
from tests.benchmarks.product import product
from tests.benchmarks.warming import over_http

# Ten million are laid by hand, without what is compared: BENCH_CASES=10000000.
POINTS, CHUNK, TIMES = int(os.environ.get("BENCH_CASES", "1000000")), 50_000, 5
MOST_COMPARED = 1_000_000
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
EVERYWHERE = Territory(date(2026, 11, 20))
Figures = Mapping[str, float]

_COMMUNITIES = """
SELECT community_id::text, ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom) FROM geo.community"""
_CATEGORIES = "SELECT category, (SELECT min(measure) FROM server.measure) FROM server.category"
_LAY = f"""
COPY server."case" (case_id, category, severity, measure, source, community_id, geom, reported_at,
     {", ".join(f"h3_{res}" for res in RESOLUTIONS)}) FROM STDIN"""
# The rest of ten million stand where the first million does, at other times.
_REPEAT = f"""
INSERT INTO server."case" (case_id, category, severity, measure, source, community_id, geom, reported_at,
       {", ".join(f"h3_{res}" for res in RESOLUTIONS)})
SELECT gen_random_uuid(), category, severity, measure, source, community_id, geom,
       reported_at + turn * interval '5 hours', {", ".join(f"h3_{res}" for res in RESOLUTIONS)}
  FROM server."case", generate_series(1, %s) AS turn"""
# A cell of 350 m is as large as a hexagon of resolution 9.
_SNAPPED = text("""
SELECT count(*), sum(n) FROM (
  SELECT ST_SnapToGrid(ST_Transform(geom, 4548), 350) AS cell, count(*) AS n
    FROM server."case" GROUP BY 1) g""")
# Hexagons with sides of 245 m of Web Mercator, 200 m here; cases are found by the index on their stored copy.
_JOINED = text("""
SELECT count(*), sum(n) FROM (
  SELECT h.i, h.j, count(*) AS n
    FROM (SELECT (ST_HexagonGrid(245, ST_SetSRID(ST_Extent(geom_3857), 3857))).* FROM server."case") h
    JOIN server."case" c ON ST_Intersects(c.geom_3857, h.geom) GROUP BY 1, 2) g""")


def heat(people: People, seconds: float, seed: int) -> Figures:
    """Lay a million cases into a database of its own and count them by place; some ten minutes."""
    with product() as own:
        own.wangge("migrate")
        own.wangge("load-county", "--no-demo")
        own.wangge("demo", "load", "--communities", "100", "--years", "1")
        _lay(own.cluster.url("postgres", "wangge"), Random(seed))
        engine = make_engine(own.environ["DATABASE_URL"], pool_size=1)
        with Database(engine).transaction() as session:
            # The worker's task of every minute; the demo's records came without.
            for table, key in (('"case"', "case_id"), ("inspection", "inspection_id")):
                while fill_hexagons(session, table, key):
                    pass
        with Database(engine).open() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            rebuilt = _timed(session, lambda: session.execute(text("SELECT server.rebuild_heat()")), 1)
            session.commit()
            figures = {"heat.rebuild_s": rebuilt[0], **_compared(session)}
            session.rollback()
        engine.dispose()
        own.open()
        own.pause()
        readers = People(own, people.generator)
        return {**figures, **over_http(readers, seed, POINTS <= MOST_COMPARED), **found_over_http(readers)}


def _compared(session: Session) -> Figures:
    session.execute(text("SET max_parallel_workers_per_gather = 0"))
    cases: int = session.execute(text('SELECT count(*) FROM server."case"')).scalar_one()
    ours = {
        by: _timed(session, partial(_total, session, by), TIMES) for by in ("h3", "grid_cell", "community")
    }
    exact = all(_total(session, by) == cases for by in ours)
    figures = {
        "heat.h3_ms": ours["h3"][0] * 1000,
        "heat.cells_ms": ours["grid_cell"][0] * 1000,
        "heat.exact": float(exact),
    }
    if cases > 2 * MOST_COMPARED:
        return figures
    snapped = _timed(session, lambda: session.execute(_SNAPPED).one(), 3)
    joined = _timed(session, lambda: session.execute(_JOINED).one(), 1)
    return {
        **figures,
        "heat.snap_times": snapped[1] / ours["h3"][1],
        "heat.join_times": joined[0] / ours["h3"][0],
    }


def _total(session: Session, by: str) -> int:
    found = queries.counts(session, HeatFilter(by=by), EVERYWHERE)
    return sum(counts.cases(("a", "b", "c"), STANDINGS) for _, _, counts in found)


def _timed(session: Session, work: Callable[[], Any], times: int) -> tuple[float, float]:
    """Return the median seconds by the clock, and those of the processor (ours and PostgreSQL's), a run."""
    backend: int = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    spent, used = [], _processor_s(backend)
    for _ in range(times):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent), max((_processor_s(backend) - used) / times, 1 / TICKS_A_SECOND / times)


def _processor_s(backend: int) -> float:
    ticks = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / TICKS_A_SECOND + time.process_time()


def _lay(superuser_url: str, draw: Random) -> None:
    with (
        put_aside(superuser_url, ["case", "inspection", "violation"]),
        psycopg2.connect(superuser_url) as connection,
    ):
        _fill(connection.cursor(), draw)
    with psycopg2.connect(superuser_url) as connection, connection.cursor() as cursor:
        cursor.execute('ANALYZE server."case"')


def _fill(cursor: Any, draw: Random) -> None:
    # Guards and deltas would be measured, too: the counts are rebuilt afterwards.
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(_COMMUNITIES)
    communities = cursor.fetchall()
    cursor.execute(_CATEGORIES)
    categories = cursor.fetchall()
    for _ in range(min(POINTS, MOST_COMPARED) // CHUNK):
        lines = "".join(_line(draw, communities, categories) for _ in range(CHUNK))
        cursor.copy_expert(_LAY, io.StringIO(lines))
    lay(cursor)
    cursor.execute(_REPEAT, (POINTS // MOST_COMPARED - 1,))


def _line(draw: Random, communities: list[Any], categories: list[Any]) -> str:
    community, west, south, east, north = draw.choice(communities)
    lon, lat = draw.uniform(west, east), draw.uniform(south, north)
    at = FIRST + timedelta(hours=draw.randrange(25_000))
    (category, measure), severity = draw.choice(categories), draw.choice("ABC")
    row = (UUID(int=draw.getrandbits(128)), category, severity, measure, "checklist", community)
    place = f"SRID=4326;POINT({lon!r} {lat!r})"
    return "\t".join(map(str, (*row, place, at.isoformat(), *hexagons(lon, lat).values()))) + "\n"
