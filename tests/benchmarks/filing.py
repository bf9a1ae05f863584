"""Sixteen filers at once beside a crowded ledger; some of them change their mind at the last moment."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy import text

from server.db import Database
from server.ledger.sync import COMMAND_TYPES
from sync.canonical import digest
from sync.entity import cell_bucket
from sync.mutations import Mutation, Sender
from tests.benchmarks.pushing import p95

FILERS, EACH, EVERY = 16, 25, 8
"""Filers, what each files, and of how many the one that is rolled back."""

_SPOTS = text("""
SELECT u.user_id, u.username, u.unit_code, a.grid_cell_code, m.community_id,
       ST_X(ST_PointOnSurface(m.geom)) AS lon, ST_Y(ST_PointOnSurface(m.geom)) AS lat
  FROM server."user" u JOIN server.assignment a USING (user_id)
  JOIN geo.community_cell c USING (grid_cell_code)
  JOIN geo.community m USING (community_id)
 WHERE u.role = 'grid_worker' AND u.active AND a.valid_to IS NULL AND m.valid_to IS NULL
 ORDER BY md5(a.grid_cell_code || m.community_id) LIMIT :many""")
_LAST = text("SELECT coalesce(max(seq), 0) FROM server.case_number WHERE year = :year")
_GIVEN = text("SELECT seq FROM server.case_number WHERE year = :year AND seq > :last ORDER BY seq")


@dataclass(frozen=True, slots=True)
class Spot:
    """A worker, and a community that one of his cells touches."""

    user_id: UUID
    username: str
    unit_code: str
    cell: str
    community_id: UUID
    lon: float
    lat: float


def filing(database: Database, draw: Random) -> Mapping[str, float]:
    """Return how fast sixteen filers get their numbers, and how many numbers are missing or given twice."""
    now = datetime.now(UTC)
    with database.snapshot() as session:
        spots = [Spot(*row) for row in session.execute(_SPOTS, {"many": FILERS})]
        last = session.execute(_LAST, {"year": now.year}).scalar_one()
    took: list[float] = []
    seeds = [draw.random() for _ in spots]
    began = time.perf_counter()
    with ThreadPoolExecutor(FILERS) as pool:
        filed = sum(pool.map(lambda spot, seed: _file(database, spot, Random(seed), took), spots, seeds))
    seconds = time.perf_counter() - began
    with database.snapshot() as session:
        given = list(session.scalars(_GIVEN, {"year": now.year, "last": last}))
    wrong = len(set(range(last + 1, last + filed + 1)).symmetric_difference(given))
    return {
        "crowd.filed_rate": filed / seconds,
        "crowd.filed_p95": p95(took),
        "crowd.filed_wrong": float(wrong + len(given) - len(set(given))),
    }


def _file(database: Database, spot: Spot, draw: Random, took: list[float]) -> int:
    """File `EACH` reports and give up one of `EVERY` before its commit; return how many were filed."""
    handler = COMMAND_TYPES["case.report"].handler
    scope = frozenset((cell_bucket(spot.cell),))
    device = UUID(int=uuid6.uuid7().int)
    sender = Sender(spot.user_id, device, "grid_worker", spot.unit_code, spot.username, scope)
    filed = 0
    for turn in range(EACH):
        began = time.perf_counter()
        with database.transaction() as session:
            [outcome] = handler(session, sender, [_report(spot, draw)], datetime.now(UTC))
            if turn % EVERY == EVERY - 1:
                session.rollback()
            else:
                filed += outcome.status == "applied"
        took.append((time.perf_counter() - began) * 1000)
    return filed


def _report(spot: Spot, draw: Random) -> Mutation:
    data: dict[str, Any] = {
        "category": "parking_disorderly",
        "severity": "C",
        "community_id": str(spot.community_id),
        "location": {"lon": spot.lon, "lat": spot.lat, "accuracy_m": 5, "datum": "wgs84"},
        "description": "车辆停在消防通道旁",
        "photos": [draw.randbytes(32).hex()],
    }
    mid, case_id = (UUID(int=uuid6.uuid7().int) for _ in range(2))
    return Mutation(mid, 1, "case.report", case_id, None, None, (), data, digest(data))
