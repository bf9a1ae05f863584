"""`make chaos SECONDS=600 SEED=7`: a product, lines that break, processes that are killed; then the proof."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from server import wiring
from server.db import Database, make_engine
from server.photos.store import Folder
from tests.benchmarks.product import product
from tests.chaos.killer import Killer
from tests.chaos.storm import Storm, Sums, Weather

KILL_EVERY_S = (3.0, 12.0)
SHOWN = 30


@click.command()
@click.option("--seconds", default=600.0, show_default=True)
@click.option("--seed", type=int, help="Repeats the draws of another run; drawn anew unless given.")
@click.option("--writers", default=12, show_default=True)
@click.option("--rate", default=0.2, show_default=True, help="The chance that a request meets a fault.")
@click.option("--kill/--spare", default=True, help="Whether processes are killed, too.")
def main(seconds: float, seed: int | None, writers: int, rate: float, kill: bool) -> None:
    """Let tablets work in a storm and prove that nothing is lost, doubled or missed; exit 1 otherwise."""
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    weather = Weather(seed, seconds, writers, rate)
    print(f"seed {seed}: {writers} writers for {seconds:.0f} s", flush=True)
    sums, kills = run(weather, kill=kill)
    show(weather, sums, kills)
    sys.exit(0 if sums.findings.sound else 1)


def run(weather: Weather, *, kill: bool) -> tuple[Sums, Counter[str]]:
    """Return what came of one storm over a product of its own, and how often its processes were killed."""
    with product() as made, tempfile.TemporaryDirectory() as folder:
        made.wangge("migrate")
        made.wangge("load-county")
        made.open()
        engine = make_engine(made.environ["DATABASE_URL"], pool_size=3)
        database = Database(engine, {"travelling": wiring.TRAVELLING})
        killer = Killer(made.places.run, random.Random(f"{weather.seed}/kills"), every_s=KILL_EVERY_S)
        photos = Folder(Path(made.environ["PHOTO_STORE"]))
        storm = Storm(made.address.url, database, photos, Path(folder), weather)
        try:
            with storm.open():
                with killer if kill else nullcontext():
                    storm.blow(lambda words: print(f"  {words}", flush=True))
                sums = storm.settle()
            if not sums.findings.sound:
                _keep(made.places.log)
            return sums, killer.kills
        finally:
            engine.dispose()


def _keep(logs: Path) -> None:
    """Keep what the product said, when something is to be explained by it."""
    kept = shutil.copytree(logs, tempfile.mkdtemp(prefix="wangge-chaos-"), dirs_exist_ok=True)
    print(f"  what the product said is kept in {kept}", flush=True)


def show(weather: Weather, sums: Sums, kills: Counter[str]) -> None:
    """Print the sums, and what to type to see a failure again."""
    found = sums.findings
    table = Table("chaos", "", show_edge=False)
    rows = {
        "seed": weather.seed,
        "seconds": f"{weather.seconds:.0f}",
        "writers": weather.writers,
        "mutations sent": found.sent,
        "acknowledged": found.acknowledged,
        "lost": found.lost,
        "doubled": found.doubled,
        "missed by pullers": found.missed,
        "records compared on tablets": found.compared,
        "photos read back by hash": f"{found.photos_verified} of {found.photos}",
        "answers": _told(found.statuses),
        "as the model says, and why": f"{found.fated} of {found.sent}",
        "done": _told(found.done),
        "why not done": _told(found.reasons),
        "requests": sums.requests,
        "faults": _told(sums.faults),
        "kills": _told(kills),
        "crashes of tablets": sums.crashes,
        "clock jumps": sums.jumps,
        "reassignments": sums.moves,
        "checklists published": sums.publications,
        "verifications asked for": sums.questions,
    }
    for label, value in rows.items():
        table.add_row(label, str(value))
    Console(width=110).print(table)
    for fault in found.faults[:SHOWN]:
        print(f"  {fault}")
    if not found.sound:
        print(f"Again: make chaos SECONDS={weather.seconds:.0f} SEED={weather.seed}")


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"


if __name__ == "__main__":
    main()
