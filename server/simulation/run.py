"""Many tablets at once, a thread each, and what became of their work."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from server.simulation.faults import BadLine
from server.simulation.people import Recruit
from server.simulation.proof import Findings, prove
from server.simulation.worker import Tell, Worker
from sync.client import Client, ClientError, Line

PATIENCE_S = 900.0
BARS = {"items": "items acknowledged", "photos": "photos arrived", "proof": "photos read back"}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate; `faults` is the chance that a request is cut."""

    url: str
    tablets: int
    inspections: int
    photos: int
    faults: float
    seed: int


def simulate(plan: Plan, recruits: Sequence[Recruit], *, quiet: bool = False) -> Findings:
    """Let the recruits work, hand in and prove; return the sum of what was found."""
    total = Findings()
    with tempfile.TemporaryDirectory() as folder, _bars(plan, quiet) as bars:
        tasks = {task.description: task.id for task in bars.tasks}

        def tell(name: str, more: int) -> None:
            bars.advance(tasks[BARS[name]], more)

        def one(number: int) -> Findings:
            return _tablet(plan, recruits[number], Path(folder) / f"{number}.db", number, tell)

        with ThreadPoolExecutor(plan.tablets) as pool:
            for found in pool.map(one, range(plan.tablets)):
                total.add(found)
    return total


def _bars(plan: Plan, quiet: bool) -> Progress:
    columns = TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    bars = Progress(*columns, console=Console(stderr=True), disable=quiet)
    items = plan.tablets * plan.inspections
    for name, label in BARS.items():
        bars.add_task(label, total=items if name == "items" else items * plan.photos)
    return bars


def _tablet(plan: Plan, recruit: Recruit, file: Path, number: int, tell: Tell) -> Findings:
    draw = random.Random(f"{plan.seed}/{number}")
    bad_line = BadLine(plan.faults, random.Random(f"{plan.seed}/{number}/line"))
    line = Line(plan.url, patience_s=PATIENCE_S)
    line.http.mount("http://", bad_line)
    line.http.mount("https://", bad_line)
    client = Client(plan.url, file, line=line)
    worker = Worker(client, draw, tell)
    try:
        client.enrol(recruit.enrolment_code, name=f"simulated tablet {number + 1}", platform="simulation")
        worker.work(plan.inspections, plan.photos)
        found = prove(worker, tell)
    except ClientError as error:
        log.exception("a tablet gave up", tablet=recruit.username)
        found = Findings(sent=len(client.store.items()), faults=[f"{recruit.username}: {error}"])
    finally:
        client.close()
    found.cuts = bad_line.cuts
    return found
