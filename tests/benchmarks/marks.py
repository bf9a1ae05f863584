"""What is measured, one function a row or a group of rows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from tests.benchmarks.product import Product

CLIENTS = 16
ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure. `p95` is None where one run is all there is."""

    what: str
    median: float
    p95: float | None
    unit: str


def set_up(product: Product) -> Iterator[Row]:
    """Yield how long a fresh database takes until the product answers, and how long when it is filled."""
    yield _once("migrations, from an empty database", lambda: product.wangge("migrate"))
    yield _once("load-county, into an empty database", lambda: product.wangge("load-county"))
    yield _once("load-county, again", lambda: product.wangge("load-county"))
    yield _once("web, worker and scheduler until ready", product.open)


def pages(product: Product) -> Iterator[Row]:
    """Yield the times of plain pages, one client at a time, and with sixteen at once."""
    for path in ("/healthz", "/readyz", "/", "/api/v1/openapi.json"):
        times = _fetch(product.address.url + path, ROUNDS)
        yield _row(f"GET {path}, one client", times)
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        url = f"{product.address.url}/readyz"
        times = [t for part in clients.map(lambda _: _fetch(url, ROUNDS), range(CLIENTS)) for t in part]
    elapsed = time.perf_counter() - began
    yield _row(f"GET /readyz, {CLIENTS} clients", times)
    yield Row(f"GET /readyz, {CLIENTS} clients", len(times) / elapsed, None, "answers/s")


MARKS: tuple[Callable[[Product], Iterator[Row]], ...] = (set_up, pages)


def _fetch(url: str, rounds: int) -> list[float]:
    """Return the seconds that each of a number of requests took, over one kept connection."""
    times = []
    with requests.Session() as session:
        for _ in range(rounds):
            began = time.perf_counter()
            session.get(url, timeout=30).raise_for_status()
            times.append(time.perf_counter() - began)
    return times


def _once(what: str, act: Callable[[], object]) -> Row:
    began = time.perf_counter()
    act()
    return Row(what, time.perf_counter() - began, None, "s")


def _row(what: str, times: list[float]) -> Row:
    p95 = statistics.quantiles(times, n=20)[-1]
    return Row(what, statistics.median(times) * 1000, p95 * 1000, "ms")
