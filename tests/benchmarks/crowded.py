"""What a ledger of a million cases costs: pages, commands, a night of escalation, the proof of it all."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from redis import Redis
from sqlalchemy import text
from sqlalchemy.orm import Session

from server import wiring
from server.auth.actor import Actor
from server.db import Database, make_engine
from server.ledger import levels, service
from server.ledger.lists import SEVERAL, Filter
from server.ledger.verify import verify
from server.settings import from_environment
from server.work import Work
from tests.benchmarks import deeds
from tests.benchmarks.crowding import crowd
from tests.benchmarks.filing import FILERS, filing
from tests.benchmarks.people import People
from tests.benchmarks.product import Product, product
from tests.benchmarks.pushing import p95
from tests.benchmarks.questions import Question, asked_of, questions

CASES, PAGES, ROWS, DEEPEST_DAYS = 1_000_000, 120, 50, 1500
# By then every open case has passed its limit twice: all rise that are not at the top already.
A_BAD_NIGHT = timedelta(days=365)
DESKS = ("headquarters", "subdistrict", "property_company")
_PEOPLE = text("""
SELECT DISTINCT ON (u.role)
       u.user_id, u.username, u.display_name, u.role, u.unit_code, n.kind, n.division_code
  FROM server."user" u JOIN server.unit n ON n.code = u.unit_code WHERE u.role = ANY(:roles)
 ORDER BY u.role, u.user_id""")
Figures = Mapping[str, float]


def ledger(people: People, seconds: float, seed: int) -> Figures:
    """Load a million cases into a product of its own and measure there; some ten minutes."""
    with product() as own:
        own.wangge("migrate")
        own.wangge("load-county", "--no-demo")
        own.wangge("demo", "load", "--communities", "300", "--years", "2")
        began = time.perf_counter()
        crowd(own.cluster.url("postgres", "wangge"), CASES, seed)
        load_s = time.perf_counter() - began
        engine = make_engine(own.environ["DATABASE_URL"], pool_size=FILERS)
        database = Database(engine, {"travelling": wiring.TRAVELLING})
        figures = {
            "crowd.load_s": load_s,
            **_pages(database, Random(seed)),
            **_commands(database, Random(seed)),
            **filing(database, Random(seed)),
            **_night(database, own),
            **_proof(database),
        }
        engine.dispose()
    return figures


def _pages(database: Database, draw: Random) -> Figures:
    now = datetime.now(UTC)
    with database.snapshot() as session:
        asked = asked_of(session, now.date())
        desks = _desks(session)
    took = []
    for turn, question in enumerate(questions(asked, draw, PAGES)):
        at = now - timedelta(days=draw.randrange(DEEPEST_DAYS))
        after = (at.isoformat(), str(UUID(int=draw.getrandbits(128)))) if turn % 2 else None
        began = time.perf_counter()
        with database.snapshot() as session:
            service.cases(session, wanted(question), after, ROWS + 1, actor=desks[turn % 3], now=now)
        took.append((time.perf_counter() - began) * 1000)
    return _times("page", took)


def wanted(question: Question) -> Filter:
    """Return the filter that a question of a query string asks for."""
    found: dict[str, Any] = dict(question)
    for name in SEVERAL:
        if name in found:
            found[name] = (int(found[name]) if name == "measure" else found[name],)
    for name in ("opened_from", "opened_to"):
        if name in found:
            found[name] = date.fromisoformat(found[name])
    if "community_id" in found:
        found["community_id"] = UUID(found["community_id"])
    return Filter(**found)


def _desks(session: Session) -> list[Actor]:
    rows = session.execute(_PEOPLE, {"roles": list(DESKS)})
    return [deeds.actor_of(row) for row in rows]


def _commands(database: Database, draw: Random) -> Figures:
    took = deeds.times(database, draw)
    return _times("command", [one for times in took.values() for one in times])


def _night(database: Database, own: Product) -> Figures:
    with Redis.from_url(own.environ["REDIS_URL"]) as redis:
        work = Work(database, from_environment(own.environ), redis, datetime.now(UTC) + A_BAD_NIGHT)
        began = time.perf_counter()
        raised = levels.raise_all_levels(work)
        took = time.perf_counter() - began
        again = levels.raise_all_levels(work)
        return {"crowd.raised": raised, "crowd.raise_s": took, "crowd.again": again}


def _proof(database: Database) -> Figures:
    began = time.perf_counter()
    with database.snapshot() as session:
        proof = verify(session)
    took = time.perf_counter() - began
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"crowd.prove_s": took / proof.entries * 1_000_000, "crowd.prove_mb": most_mb}


def _times(name: str, took: Sequence[float]) -> Figures:
    return {f"crowd.{name}_p50": statistics.median(took), f"crowd.{name}_p95": p95(took)}
