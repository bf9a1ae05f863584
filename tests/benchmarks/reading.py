"""What fetching costs: everything, what changed, and the pages of the office."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from sync import changes
from tests.benchmarks.people import People
from tests.benchmarks.pulling import pull
from tests.benchmarks.pushing import p95
from tests.benchmarks.wire import Line

Figures = Mapping[str, float]
T = TypeVar("T")
CHANGED = 1000
PAGE = 5000  # the most that a page may hold
PAGES = 100


def everything(people: People, seconds: float, seed: int) -> Figures:
    """Pull a scope of 12,500 inspections from the start, plain and compressed."""
    reader = people.reader
    plain_s, plain = _timed(lambda: pull(people.url, reader, limit=PAGE))
    packed_s, packed = _timed(lambda: pull(people.url, reader, limit=PAGE, encoding="gzip"))
    return {
        "pull.rate": plain.records / plain_s,
        "pull.gzip_rate": packed.records / packed_s,
        "pull.bytes": plain.received_bytes / plain.records,
    }


def changed(people: People, seconds: float, seed: int) -> Figures:
    """Change 1,000 of those inspections and pull from where the tablet stood."""
    reader = people.reader
    held = pull(people.url, reader)
    with people.database.transaction() as session:
        changes.append(session, "inspection", random.Random(seed).sample(held.inspections, CHANGED))
    took, came = _timed(lambda: pull(people.url, reader, held.cursor))
    if len(came.inspections) != CHANGED:
        raise AssertionError(f"{CHANGED} inspections changed, {len(came.inspections)} came")
    return {"changed.ms": took * 1000}


def changed_of_many(people: People, seconds: float, seed: int) -> Figures:
    """Do the same while a million rows of other cells stand beside."""
    people.crowd()
    return {"million.ms": changed(people, seconds, seed)["changed.ms"]}


def office(people: People, seconds: float, seed: int) -> Figures:
    """Open the ledger's first page and cases of it, one at a time."""
    with Line(people.url, people.desk) as line:
        lists = [_timed(lambda: line.ask("GET", "/api/v1/cases?limit=50")) for _ in range(PAGES)]
        ids = [case["case_id"] for case in lists[0][1]["items"]]
        if not ids:
            raise LookupError("the ledger is empty; push something first")
        draw = random.Random(seed)
        cases = [
            _timed(lambda: line.ask("GET", f"/api/v1/cases/{draw.choice(ids)}"))[0] for _ in range(PAGES)
        ]
    return {**_times("ledger", [one[0] for one in lists]), **_times("case", cases)}


def _timed(act: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    got = act()
    return time.perf_counter() - began, got


def _times(name: str, times: list[float]) -> Figures:
    return {f"{name}.p50": statistics.median(times) * 1000, f"{name}.p95": p95(times) * 1000}
