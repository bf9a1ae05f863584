"""The marks to reach, with the best peer's figure beside each, and what was measured."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the table.

    Attributes:
        better: whether more or less of it is better.
        peer: who was the best peer and what it did; `peer_value` the same in this line's unit.
        reach: the figure to reach; `aim` the one to aim at.
    """

    what: str
    unit: str
    better: Literal["more", "less"] = "less"
    peer: str = ""
    peer_value: float | None = None
    reach: float | None = None
    aim: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A mark and its values, one a round."""

    key: str
    mark: Mark
    values: Sequence[float]

    @property
    def median(self) -> float:
        """Return the median over the rounds."""
        return statistics.median(self.values)

    @property
    def reached(self) -> bool | None:
        """Return whether the median reaches the mark; None where there is nothing to reach."""
        if self.mark.reach is None:
            return None
        return (
            self.median >= self.mark.reach if self.mark.better == "more" else self.median <= self.mark.reach
        )

    @property
    def times_better(self) -> float | None:
        """Return how many times better than the best peer the median is; None without a peer's figure."""
        if self.mark.peer_value is None or not self.median:
            return None
        ratio = self.median / self.mark.peer_value
        return ratio if self.mark.better == "more" else 1 / ratio

    def as_json(self) -> dict[str, Any]:
        """Return the row for `--json`."""
        return {
            "key": self.key,
            "what": self.mark.what,
            "unit": self.mark.unit,
            "median": self.median,
            "values": list(self.values),
            "peer": self.mark.peer or None,
            "times_better": self.times_better,
            "reach": self.mark.reach,
            "aim": self.mark.aim,
            "reached": self.reached,
        }


SINGLE = "1 inspection of 25 answers + 2 photos of 200 KB, 16 clients"
BATCH = "20 inspections + 40 photos a push, 16 clients"
PLAIN = "20 inspections a push, no photos, 16 clients"

MARKS: Mapping[str, Mark] = {
    "start.migrate": Mark("migrations, from an empty database", "s"),
    "start.county": Mark("load-county, with the demo places", "s"),
    "start.ready": Mark("web, worker and scheduler until ready", "s"),
    "single.rate": Mark(SINGLE, "inspections/s", "more", "ODK Central 42.8", 42.8, 4 * 42.8, 5 * 42.8),
    "single.cpu": Mark("  processor time of web and database", "CPU s per 100", "less", "3.7", 3.7, 1.0, 0.8),
    "single.web_cpu": Mark("    of web", "CPU s per 100"),
    "single.database_cpu": Mark("    of the database", "CPU s per 100"),
    "single.redis_cpu": Mark("  processor time of Redis beside", "CPU s per 100"),
    "single.client_cpu": Mark("  processor time of the 16 clients beside", "CPU s per 100"),
    "single.p50": Mark("  p50", "ms"),
    "single.p95": Mark("  p95", "ms", "less", "457 to 500", 457, 150),
    "single.drain": Mark("  the worker's share afterwards (photos read, thumbnails)", "s per 100"),
    "single.drain_cpu": Mark("  processor time of that", "CPU s per 100"),
    "memory.web": Mark("PSS of web under that load", "MB"),
    "memory.worker": Mark("PSS of one worker at work", "MB"),
    "memory.forker": Mark("PSS of the process they are forked from", "MB"),
    "memory.both": Mark("PSS of these three", "MB", "less", "ODK 310 to 490 (RSS)", 310, 250),
    "batch.rate": Mark(BATCH, "inspections/s", "more", "Mergin 25", 25, 8 * 25, 12 * 25),
    "batch.cpu": Mark("  processor time of web and database", "CPU s per 100"),
    "batch.p95": Mark("  p95 of a push", "ms"),
    "plain.rate": Mark(PLAIN, "inspections/s", "more", reach=1000),
    "plain.cpu": Mark("  processor time of web and database", "CPU s per 100"),
    "plain.p95": Mark("  p95 of a push", "ms"),
    "shared.rate": Mark("16 tablets in one cell, 1 inspection a push, no photos", "inspections/s", "more"),
    "apart.rate": Mark("16 tablets in 16 cells, the same pushes", "inspections/s", "more"),
    "shared.share": Mark("  one cell against 16 cells", "%", "more", "Mergin 0.8 to 1.9/s", reach=90),
    "shared.conflicts": Mark("  conflicts in one cell", "of all", "less", "Mergin: many", reach=0),
    "pull.rate": Mark(
        "pull of 13k records, 12.5k with answers", "records/s", "more", "ODK 3.4k", 3400, 20_000
    ),
    "pull.gzip_rate": Mark("  the same, compressed", "records/s", "more"),
    "pull.bytes": Mark("  bytes of a record, plain", "bytes"),
    "changed.ms": Mark("pull of 1,000 changed of 12.5k", "ms", "less", "ODK 530", 530, 60),
    "million.ms": Mark("  beside 1 million rows of other cells", "ms", "less", reach=60),
    "ledger.p50": Mark("first page of the ledger, 50 cases, one client: p50", "ms"),
    "ledger.p95": Mark("  p95", "ms"),
    "case.p50": Mark("one case in full: p50", "ms"),
    "case.p95": Mark("  p95", "ms"),
    "tile.fresh": Mark("a tile of 4,000 points: the first after a change, p50", "ms"),
    "tile.kept": Mark("  kept: p50", "ms"),
    "tile.held": Mark("  held by the browser (304): p50", "ms"),
    "tile.held_times": Mark("  a 304 against the first after a change", "times", "more", reach=10),
    "crowd.load_s": Mark("1 million cases with 4 million entries, loaded", "s"),
    "crowd.page_p50": Mark("  page of 50 by any three filters, first or deep: p50", "ms"),
    "crowd.page_p95": Mark("    p95", "ms", reach=100),
    "crowd.command_p50": Mark("  a command (dispatch, assign, check, close, note): p50", "ms"),
    "crowd.command_p95": Mark("    p95", "ms", reach=30),
    "crowd.filed_rate": Mark("  16 filers at once, one of 8 rolled back", "cases/s", "more"),
    "crowd.filed_p95": Mark("    p95 of a report until its commit", "ms"),
    "crowd.filed_wrong": Mark("    numbers missing or given twice", "numbers", reach=0),
    "crowd.raised": Mark("  open cases that rise in one night", "cases", "more"),
    "crowd.raise_s": Mark("    the run that raises them all", "s", reach=60),
    "crowd.again": Mark("    raised by a second run", "cases", reach=0),
    "crowd.prove_s": Mark("  ledger verify, for each million entries", "s", reach=60),
    "crowd.prove_mb": Mark("    most memory of it", "MB"),
    "heat.h3_ms": Mark("heat of 1 million cases, all time, by hexagons", "ms"),
    "heat.cells_ms": Mark("  by grid cells", "ms"),
    "heat.snap_times": Mark("  processor time of SnapToGrid against it", "times", "more", reach=10),
    "heat.join_times": Mark("  time of a join with a hexagon grid against it", "times", "more", reach=100),
    "heat.exact": Mark("  sums equal to the cases themselves", "of all", "more", reach=1),
    "heat.http_ms": Mark("  over HTTP, all time, the slowest kind of place: p50", "ms", reach=100),
    "heat.window_ms": Mark("    any days from and to", "ms", reach=100),
    "heat.chosen_ms": Mark("    any days, one category, severity and state", "ms", reach=100),
    "heat.item_ms": Mark("    violations of one checklist item, all time", "ms", reach=100),
    "heat.standing_ms": Mark("    violations whose case is open", "ms", reach=100),
    "heat.company_ms": Mark("    violations of what a company serves", "ms", reach=100),
    "heat.months_ms": Mark("    all months for the slider, grid cells", "ms"),
    "heat.hot_ms": Mark("  hot spots of the county's hexagons over HTTP", "ms", reach=1000),
    "heat.tile_times": Mark(
        "  tiles at zooms 10 to 12: time of all points against it", "times", "more", reach=15
    ),
    "heat.tile_smaller": Mark("    bytes of all points against it", "times", "more", reach=50),
    "heat.rebuild_s": Mark("  counted anew", "s"),
    "items.first": Mark(
        "first page of 100 of 10,000 features, again and again, 4 clients", "pages/s", "more"
    ),
    "items.first_times": Mark("  against tipg, equal features", "times", "more", reach=5),
    "items.window": Mark("  pages of fifty windows, again and again", "pages/s", "more"),
    "items.window_times": Mark("    against tipg", "times", "more", reach=5),
    "items.anywhere": Mark("  pages that begin anywhere, each asked for once", "pages/s", "more"),
    "items.anywhere_times": Mark("    against tipg", "times", "more", reach=5),
    "tipg.fresh_times": Mark(
        "  tiles of 60 to 4,400 points, made anew: tipg's time against it", "times", "more", reach=3
    ),
    "tipg.changed_times": Mark("    the first after a change", "times", "more"),
    "tipg.kept_times": Mark("    kept in Redis", "times", "more", reach=20),
    "tipg.kept_1_times": Mark("      one client: tiles a second", "times", "more"),
    "tipg.kept_8_times": Mark("      eight clients: tiles a second", "times", "more"),
    "tipg.kept_cpu_times": Mark(
        "      processor time of web, Redis and PostgreSQL", "times", "more", reach=20
    ),
    "tipg.held_times": Mark(
        "    held by the browser (304) against the first after a change", "times", "more", reach=10
    ),
    "siting.2k_s": Mark("siting, 2,000 demand points and candidates", "CPU s"),
    "siting.2k_gap": Mark("  gap", "%", reach=0),
    "siting.spopt_times": Mark("  processor time of spopt and CBC against it", "times", "more", reach=50),
    "siting.spopt_times_alone": Mark("    without start and imports on both sides", "times", "more"),
    "siting.2k_ties_s": Mark("  then cost, then walks", "CPU s"),
    "siting.20k_s": Mark("siting, 20,000 by 5,000", "CPU s", reach=15),
    "siting.20k_gap": Mark("  gap", "%", reach=0),
    "siting.20k_first_s": Mark("  first plan with a bound", "CPU s", reach=2),
    "siting.cbc_times": Mark("  processor time of sparse CBC against it", "times", "more", reach=2),
    "siting.cbc_times_alone": Mark("    without start and imports on both sides", "times", "more"),
    "siting.20k_ties_s": Mark("  then cost, then walks", "CPU s"),
    "siting.town_s": Mark("  crowded in 400 communities, unequal prices, a budget", "CPU s", reach=15),
    "siting.town_gap": Mark("    gap", "%", reach=0),
    "siting.town_times": Mark("    processor time of sparse CBC against it", "times", "more", reach=2),
    "siting.town_times_alone": Mark("    without start and imports on both sides", "times", "more"),
    "siting.town_ties_s": Mark("    then cost, then walks", "CPU s"),
    "siting.again_s": Mark("  a site forbidden: new bound and plan", "CPU s", reach=1),
    "siting.100k_s": Mark("siting, 100,000 by 10,000", "CPU s", reach=20),
    "siting.100k_gap": Mark("  gap", "%", reach=0.1),
    "siting.100k_mb": Mark("  most memory", "MB", reach=300),
    "siting.walks_s": Mark("walks of 100,000 homes on 250,000 nodes", "CPU s", reach=5),
    "siting.walks_mb": Mark("  most memory", "MB", reach=300),
    "siting.ground_s": Mark("candidates in 300 communities of 7,500 buildings", "CPU s", reach=5),
    "handheld.shell_kb": Mark("the tablet's page before the map, gzip", "kB", reach=400),
    "handheld.ready_ms": Mark(
        "  opened with 5,000 cases in store, processor 4 times slower", "ms", reach=3000
    ),
    "handheld.pull_long": Mark("  longest task of its main thread while they come", "ms", reach=50),
    "handheld.pull_own": Mark("    the page's own work of it", "CPU ms", reach=50),
    "handheld.map_long": Mark("    while the map with them opens", "ms", reach=50),
    "handheld.map_own": Mark("      the page's own work of it", "CPU ms", reach=50),
    "handheld.moved_long": Mark("    and while that map is moved and zoomed", "ms", reach=50),
    "handheld.moved_own": Mark("      the page's own work of it", "CPU ms", reach=50),
    "line.bytes": Mark(
        "100 photos of 3 MB at 1 MB/s, 100 ms, cut every 2 s: sent", "of their bytes", reach=1.05
    ),
    "line.seconds": Mark("  until the last arrived", "s"),
    "line.cuts": Mark("  cuts on the way", "cuts"),
}
