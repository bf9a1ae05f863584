"""What handing in costs: alone and in batches, with and without photos, in one cell and in many."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from tests.benchmarks.load import Load, Order
from tests.benchmarks.people import People
from tests.benchmarks.processes import cpu_s, own_pss_mb, pss_mb
from tests.benchmarks.work import Tablet

Figures = Mapping[str, float]
DERIVED = text("SELECT count(*) FROM server.photo WHERE derived_at IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds so far, of each kind of process."""

    web: float
    database: float
    redis: float

    def per_100(self, before: Cost, load: Load) -> tuple[float, float, float]:
        """Return the seconds since `before` per 100 inspections: web, database, Redis."""
        spent = self.web - before.web, self.database - before.database, self.redis - before.redis
        web, database, redis = (seconds / load.accepted * 100 for seconds in spent)
        return web, database, redis


def single(people: People, seconds: float, seed: int) -> Figures:
    """Push one inspection with two photos at a time; then let the worker at what it left."""
    product = people.product
    load, before, after = _push(people, people.apart, 1, 2, seconds, seed)
    web = pss_mb([product.pid("web")])
    drained = _drain(people, seconds)
    forker = own_pss_mb(product.pid("forker"))
    web_cpu, database_cpu, redis_cpu = after.per_100(before, load)
    return {
        "single.rate": load.accepted / load.seconds,
        "single.cpu": web_cpu + database_cpu,
        "single.web_cpu": web_cpu,
        "single.database_cpu": database_cpu,
        "single.redis_cpu": redis_cpu,
        "single.client_cpu": load.client_cpu_s / load.accepted * 100,
        "single.p50": statistics.median(load.times_ms),
        "single.p95": p95(load.times_ms),
        "memory.web": web,
        "memory.forker": forker,
        "memory.both": web + drained["memory.worker"] + forker,
        **drained,
    }


def batch(people: People, seconds: float, seed: int) -> Figures:
    """Push twenty inspections with forty photos at a time."""
    load, before, after = _push(people, people.apart, 20, 2, seconds, seed)
    return {
        "batch.rate": load.accepted / load.seconds,
        "batch.cpu": sum(after.per_100(before, load)[:2]),
        "batch.p95": p95(load.times_ms),
    }


def plain(people: People, seconds: float, seed: int) -> Figures:
    """Push twenty inspections without photos at a time."""
    load, before, after = _push(people, people.apart, 20, 0, seconds, seed)
    return {
        "plain.rate": load.accepted / load.seconds,
        "plain.cpu": sum(after.per_100(before, load)[:2]),
        "plain.p95": p95(load.times_ms),
    }


def shared(people: People, seconds: float, seed: int) -> Figures:
    """Push from sixteen tablets in sixteen cells and from sixteen in one, in turns that cancel a drift."""
    where = {"apart": people.apart, "together": people.together}
    loads: dict[str, list[Load]] = {name: [] for name in where}
    for turn, name in enumerate(("apart", "together", "together", "apart")):
        loads[name].append(_push(people, where[name], 1, 0, seconds / 4, seed * 10 + turn)[0])
    apart, together = (
        sum(one.accepted for one in loads[name]) / sum(one.seconds for one in loads[name]) for name in where
    )
    return {
        "apart.rate": apart,
        "shared.rate": together,
        "shared.share": together / apart * 100,
        "shared.conflicts": sum(one.statuses.get("conflict", 0) for one in loads["together"]),
    }


def p95(times: Sequence[float]) -> float:
    """Return the time that nineteen of twenty stay below."""
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _push(
    people: People, tablets: list[Tablet], inspections: int, photos: int, seconds: float, seed: int
) -> tuple[Load, Cost, Cost]:
    order = Order(people.url, tablets, inspections, photos, seconds, seed)
    return people.generator.carry_out(order, lambda: _cost(people))


def _cost(people: People) -> Cost:
    pid = people.product.pid
    return Cost(cpu_s([pid("web")]), cpu_s([pid("postgres")]), cpu_s([pid("redis")]))


def _drain(people: People, seconds: float) -> Figures:
    """Let worker and scheduler at the photos that wait, for so long, and pause them again.

    What they cost is told for the 200 photos of 100 inspections; nothing is told when they got none done.
    """
    product = people.product
    pids = [product.pid("worker"), product.pid("postgres")]
    derived, cpu, began = _derived(people), cpu_s(pids), time.perf_counter()
    product.resume()
    time.sleep(seconds)
    done, spent, took = _derived(people) - derived, cpu_s(pids) - cpu, time.perf_counter() - began
    memory = {"memory.worker": pss_mb(pids[:1])}
    product.pause()
    costs = {"single.drain": took * 200 / done, "single.drain_cpu": spent * 200 / done} if done else {}
    return memory | costs


def _derived(people: People) -> int:
    with people.database.snapshot() as session:
        return int(session.execute(DERIVED).scalar_one())
