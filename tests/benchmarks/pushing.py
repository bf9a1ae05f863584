"""What handing in costs: alone and in batches, with and without photos, in one cell and in many."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redis import Redis
from sqlalchemy import text

from server.queue import open_queue
from tests.benchmarks.load import Load, Order
from tests.benchmarks.people import People
from tests.benchmarks.processes import cpu_s, pss_mb
from tests.benchmarks.work import Tablet

Figures = Mapping[str, float]
DERIVED = text("SELECT count(*) FROM server.photo WHERE derived_at IS NOT NULL")
SLOWEST_JOB_S = 10.0


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
    drain_s, drain_cpu, worker = _drain(people, seconds)
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
        "single.drain": drain_s,
        "single.drain_cpu": drain_cpu,
        "memory.web": web,
        "memory.worker": worker,
        "memory.both": web + worker,
    }


def batch(people: People, seconds: float, seed: int) -> Figures:
    """Push twenty inspections with forty photos at a time."""
    load, before, after = _push(people, people.apart, 20, 2, seconds, seed)
    _forget_jobs(people)
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
    """Push from sixteen tablets in sixteen cells, then from sixteen in one."""
    apart, _, _ = _push(people, people.apart, 1, 0, seconds / 2, seed)
    together, _, _ = _push(people, people.together, 1, 0, seconds / 2, seed)
    rates = apart.accepted / apart.seconds, together.accepted / together.seconds
    return {
        "apart.rate": rates[0],
        "shared.rate": rates[1],
        "shared.share": rates[1] / rates[0] * 100,
        "shared.conflicts": together.statuses.get("conflict", 0),
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


def _drain(people: People, seconds: float) -> tuple[float, float, float]:
    """Let worker and scheduler work for a while, then pause them again with nothing in hand.

    Returns:
        Seconds and processor seconds for the 200 photos of 100 inspections, and the worker's PSS in MB.
    """
    product = people.product
    pids = [product.pid("worker"), product.pid("postgres")]
    derived, cpu, began = _derived(people), cpu_s(pids), time.perf_counter()
    product.resume()
    time.sleep(seconds)
    done, spent, took = _derived(people) - derived, cpu_s(pids) - cpu, time.perf_counter() - began
    memory = pss_mb(pids[:1])
    _forget_jobs(people)
    _wait_for_jobs_at_work(people)
    product.pause()
    if not done:
        return float("nan"), float("nan"), memory
    return took * 200 / done, spent * 200 / done, memory


def _derived(people: People) -> int:
    with people.database.snapshot() as session:
        return int(session.execute(DERIVED).scalar_one())


def _forget_jobs(people: People) -> None:
    """Empty the queue, so that one round's photos are not the next one's load."""
    with Redis.from_url(people.product.environ["REDIS_URL"]) as redis:
        open_queue(redis).empty()  # type: ignore[no-untyped-call]  # RQ leaves this one method untyped


def _wait_for_jobs_at_work(people: People) -> None:
    """Wait for the worker's hands to be empty: paused inside a transaction it would hold its locks."""
    ends = time.monotonic() + SLOWEST_JOB_S
    with Redis.from_url(people.product.environ["REDIS_URL"]) as redis:
        at_work = open_queue(redis).started_job_registry
        while at_work.get_job_ids(cleanup=False) and time.monotonic() < ends:
            time.sleep(0.05)
