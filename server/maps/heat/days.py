"""Counts of any period and reach, from the packed facts of its days and what is not folded into them yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from geo.heatmap import COUNTERS, FOUND, Counts
from geo.packed_days import NOWHERE, OF_CASES, OF_VIOLATIONS, UNKNOWN, UnknownSpot, sums
from server.communities.territory import Territory
from server.maps.heat.asking import HeatFilter

# One statement, so that no delta is met twice or never while a job folds it.
_PERIOD = (
    "day >= coalesce(CAST(:first AS date), '-infinity') AND day <= coalesce(CAST(:last AS date), 'infinity')"
)
_READ = f"""
SELECT day, facts, NULL::jsonb AS delta FROM server.heat_day WHERE {_PERIOD}
UNION ALL
SELECT day, NULL, to_jsonb(d) FROM server.heat_delta d WHERE {_PERIOD}"""
# What has no hexagon yet is counted from the records themselves, at the same moment.
_BESIDE = f"""
UNION ALL
SELECT NULL, NULL, to_jsonb(l) FROM ({{loose}}) AS l (place, month, {", ".join(COUNTERS)})"""
_SPOTS = text("""
SELECT spot, community_id::text, coalesce(grid_cell_code, ''), h3_7, h3_8, h3_9, h3_10
  FROM server.heat_spot ORDER BY spot""")
_CODES = text("""
SELECT code FROM server.heat_category
 WHERE category = ''
    OR (CAST(:categories AS text[]) IS NULL OR category = ANY(CAST(:categories AS text[])))
   AND (CAST(:items AS text[]) IS NULL OR item = ANY(CAST(:items AS text[])))""")
_NEIGHBOURHOODS = text("SELECT community_id::text, neighbourhood_code::text FROM geo.community")
_OF_DIVISION = text(
    "SELECT community_id::text FROM geo.community"
    " WHERE starts_with(neighbourhood_code::text, CAST(:division AS text))"
)
_IN_CELLS = text(
    "SELECT community_id::text FROM geo.community_cell WHERE grid_cell_code = ANY(CAST(:cells AS text[]))"
)
_OF_UNIT = text(
    "SELECT community_id::text FROM server.service_contract"
    " WHERE unit_code = :unit AND daterange(starts_on, ends_on) @> CAST(:day AS date)"
)
Counted = tuple[str, date | None, Counts]


@dataclass(frozen=True, slots=True)
class Spot:
    """All the places in which something lies; a hexagon is None where it has none yet."""

    community: str
    grid_cell: str
    h3_7: int | None
    h3_8: int | None
    h3_9: int | None
    h3_10: int | None

    def place(self, kind: str) -> str:
        """Return the place of a kind, empty where there is none."""
        found = getattr(self, kind)
        return found if isinstance(found, str) else "" if found is None else f"{found:x}"


@dataclass(slots=True)
class Spots:
    """The spots of one database by their numbers, and the places of each kind that they lie in."""

    by_number: Mapping[int, Spot]
    _indexes: dict[str, tuple[list[str], NDArray[np.int64]]] = field(default_factory=dict)

    def index(self, kind: str) -> tuple[list[str], NDArray[np.int64]]:
        """Return the places of a kind, and for each number of a spot the number of its place."""
        if kind not in self._indexes:
            numbers: dict[str, int] = {}
            found = np.full(max(self.by_number, default=-1) + 1, UNKNOWN, dtype=np.int64)
            for number, spot in self.by_number.items():
                found[number] = numbers.setdefault(spot.place(kind), len(numbers))
            self._indexes[kind] = list(numbers), found
        return self._indexes[kind]


@dataclass(frozen=True, slots=True)
class Within:
    """What a caller sees: communities, or cells and communities of what lies in no cell; None is all."""

    communities: frozenset[str] | None
    cells: frozenset[str] | None

    def holds(self, spot: Spot) -> bool:
        """Return whether a spot lies within reach."""
        if self.cells is not None and spot.grid_cell:
            return spot.grid_cell in self.cells
        return self.communities is None or spot.community in self.communities


@dataclass(slots=True)
class _Part:
    """Facts of some days, packed and not folded yet."""

    packed: list[Any] = field(default_factory=list)
    deltas: list[Mapping[str, Any]] = field(default_factory=list)


_known: WeakKeyDictionary[Engine, Spots] = WeakKeyDictionary()


def counts(
    session: Session,
    wanted: HeatFilter,
    seen: Territory,
    *,
    by_month: bool,
    loose: str,
    bound: Mapping[str, Any],
) -> list[Counted]:
    """Return place, first day of the month (None unless `by_month`) and counts of a period's days.

    Which cases are a unit's cannot be told from packed facts, only what inspections of its communities found.

    Args:
        loose: the SQL that counts what has no hexagon yet, where hexagons are asked for; `bound` is for it.
    """
    beside = _BESIDE.format(loose=loose) if loose else ""
    rows = session.execute(text(_READ + beside), {**bound, "first": wanted.since, "last": wanted.until}).all()
    parts = _parts(rows, by_month=by_month)
    within, codes = _within(session, seen), _codes(session, wanted)
    tallies = _tallies(session, wanted, parts, within, codes)
    for month, part in parts.items():
        _add(tallies[month], part.deltas, wanted, within)
    named = _neighbourhoods(session) if wanted.by == "neighbourhood" else None
    found = [
        (place if named is None else named[place], month, Counts(*told.tolist()))
        for month, tally in tallies.items()
        for place, told in tally.items()
        if (place or not loose) and told.any()
    ]
    return found + [_loose(delta) for day, _, delta in rows if day is None]


def _parts(rows: Iterable[Any], *, by_month: bool) -> dict[date | None, _Part]:
    parts: dict[date | None, _Part] = {}
    for day, facts, delta in rows:
        if day is not None:
            part = parts.setdefault(day.replace(day=1) if by_month else None, _Part())
            part.packed.append(facts) if delta is None else part.deltas.append(delta)
    return parts


def _tallies(
    session: Session,
    wanted: HeatFilter,
    parts: Mapping[date | None, _Part],
    within: Within | None,
    codes: NDArray[np.int64] | None,
) -> dict[date | None, dict[str, NDArray[np.int64]]]:
    def tallied(spots: Spots) -> dict[date | None, dict[str, NDArray[np.int64]]]:
        return {
            month: _tally(spots, wanted, b"".join(part.packed), within, codes)
            for month, part in parts.items()
        }

    try:
        return tallied(_spots(session))
    except UnknownSpot:
        return tallied(_spots(session, anew=True))


def _loose(told: Mapping[str, Any]) -> Counted:
    month = None if told["month"] is None else date.fromisoformat(told["month"])
    return told["place"], month, Counts(*(int(told[name]) for name in COUNTERS))


def _tally(
    spots: Spots, wanted: HeatFilter, facts: bytes, within: Within | None, codes: NDArray[np.int64] | None
) -> dict[str, NDArray[np.int64]]:
    places, index = spots.index(wanted.kind)
    if within is not None:
        index = index.copy()
        for number, spot in spots.by_number.items():
            if not within.holds(spot):
                index[number] = NOWHERE
    counted = OF_VIOLATIONS if wanted.finds else OF_CASES
    found = sums(facts, index, len(places), counted, codes)
    return {places[number]: found[number] for number in np.flatnonzero(found.any(axis=1))}


def _add(
    tally: dict[str, NDArray[np.int64]],
    deltas: Iterable[Mapping[str, Any]],
    wanted: HeatFilter,
    within: Within | None,
) -> None:
    """Add what is not folded yet."""
    for delta in deltas:
        hexagons = (delta[f"h3_{resolution}"] for resolution in (7, 8, 9, 10))
        spot = Spot(delta["community_id"], delta["grid_cell_code"] or "", *hexagons)
        counter = _counter(delta, wanted)
        if counter is not None and (within is None or within.holds(spot)):
            told = tally.setdefault(spot.place(wanted.kind), np.zeros(len(COUNTERS), dtype=np.int64))
            told[COUNTERS.index(counter)] += delta["n"]


def _counter(delta: Mapping[str, Any], wanted: HeatFilter) -> str | None:
    """Return the counter in which a delta counts, None where it is not asked for."""
    kind, _, became = delta["standing"].partition("_")
    if kind == "inspected":
        return "inspections"
    asked = not wanted.category or delta["category"] in wanted.category
    if not asked or (wanted.item and delta["item"] not in wanted.item) or (kind == FOUND) != wanted.finds:
        return None
    return f"{became or kind}_{delta['severity'].lower()}"


def _within(session: Session, seen: Territory) -> Within | None:
    if seen.division is not None:
        return Within(_texts(session, _OF_DIVISION, division=seen.division), None)
    if seen.cells is not None:
        cells = list(seen.cells)
        return Within(_texts(session, _IN_CELLS, cells=cells), frozenset(cells))
    if seen.unit is not None:
        return Within(_texts(session, _OF_UNIT, unit=seen.unit, day=seen.parameters()["day"]), None)
    return None


def _texts(session: Session, sql: Any, **bound: Any) -> frozenset[str]:
    return frozenset(session.execute(sql, bound).scalars())


def _codes(session: Session, wanted: HeatFilter) -> NDArray[np.int64] | None:
    if not wanted.category and not wanted.item:
        return None
    bound = {name: wanted.parameters()[name] for name in ("categories", "items")}
    return np.array(session.execute(_CODES, bound).scalars().all(), dtype=np.int64)


def _neighbourhoods(session: Session) -> dict[str, str]:
    return {row[0]: row[1] for row in session.execute(_NEIGHBOURHOODS)}


def _spots(session: Session, *, anew: bool = False) -> Spots:
    """Return the spots of the session's database; those of a process are read again when one is missing."""
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    if anew or engine not in _known:
        _known[engine] = Spots({row.spot: Spot(*row[1:]) for row in session.execute(_SPOTS)})
    return _known[engine]
