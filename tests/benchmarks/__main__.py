"""`make bench`: measure the marks on this machine and print them as one table."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import click

from tests.benchmarks import (
    besides,
    crowded,
    drawing,
    handheld,
    heating,
    lining,
    pushing,
    reading,
    siting,
    table,
)
from tests.benchmarks.generator import Faulty, generator
from tests.benchmarks.marks import MARKS, Row
from tests.benchmarks.people import People
from tests.benchmarks.product import Product, product
from tests.benchmarks.wire import Refused

Case = Callable[[People, float, int], Mapping[str, float]]
CASES: Mapping[str, Case] = {
    "single": pushing.single,
    "batch": pushing.batch,
    "plain": pushing.plain,
    "shared": pushing.shared,
    "pull": reading.everything,
    "changed": reading.changed,
    "office": reading.office,
    "maps": drawing.tiles,
    "million": reading.changed_of_many,
    "line": lining.photos,
    "ledger": crowded.ledger,
    "heat": heating.heat,
    "tipg": besides.beside_tipg,
    "siting": siting.siting,
    "handheld": handheld.handheld,
}
# Minutes long by their nature, so measured only when they are asked for.
LONG = frozenset({"line", "ledger", "heat", "tipg", "siting", "handheld"})

WARM_UP_S = 4.0


@click.command()
@click.option("--seconds", default=8.0, show_default=True, help="How long each load lasts in a round.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 50))
@click.option("--only", multiple=True, type=click.Choice(list(CASES)), help="Measure only this; repeatable.")
@click.option("--seed", default=7, show_default=True, help="What the work is drawn from.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
def main(seconds: float, rounds: int, only: Sequence[str], seed: int, as_json: bool) -> None:
    """Start a product of its own, as durable as the real one, measure in interleaved rounds, print."""
    figures: dict[str, list[float]] = defaultdict(list)
    idle = os.getloadavg()[0]
    with product() as running, generator() as load:
        for key, took in _start(running):
            figures[key].append(took)
        people = People(running, load)
        people.warm_up(min(seconds, WARM_UP_S))
        for turn in range(rounds):
            for name in only or (name for name in CASES if name not in LONG):
                _measure(figures, name, people, seconds, seed + turn)
    rows = [Row(key, MARKS[key], values) for key, values in figures.items()]
    print(table.as_json(rows, idle)) if as_json else table.show(sorted(rows, key=_place), idle)


def _start(running: Product) -> Sequence[tuple[str, float]]:
    steps: Mapping[str, Callable[[], object]] = {
        "start.migrate": lambda: running.wangge("migrate"),
        "start.county": lambda: running.wangge("load-county", "--demo"),
        "start.ready": running.open,
    }
    taken = []
    for key, act in steps.items():
        began = time.perf_counter()
        act()
        taken.append((key, time.perf_counter() - began))
        _tell(f"{MARKS[key].what}: {taken[-1][1]:.1f} s")
    running.pause()
    return taken


def _measure(figures: dict[str, list[float]], name: str, people: People, seconds: float, seed: int) -> None:
    """Measure one case once; a case that cannot be measured is said and leaves no figure."""
    try:
        found = CASES[name](people, seconds, seed)
    except (Faulty, Refused, LookupError) as problem:
        _tell(f"{name} was not measured: {problem}")
        return
    for key, value in found.items():
        figures[key].append(value)
    _tell(f"{name}: " + ", ".join(f"{key.split('.')[1]} {value:.4g}" for key, value in found.items()))


def _place(row: Row) -> int:
    return list(MARKS).index(row.key)


def _tell(words: str) -> None:
    print(f"  {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    main()
