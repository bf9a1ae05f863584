"""Heat: what months a period is made of, and the figures that a map colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Literal

import numpy as np

from geo.smoothing import empirical_bayes

WEIGHTS: Mapping[str, int] = {"a": 5, "b": 3, "c": 1}
"""How heavy a case of each severity is in the severity-weighted figure."""

Metric = Literal["count", "open", "severity_weighted", "per_100_households", "per_inspection"]
METRICS: tuple[Metric, ...] = ("count", "open", "severity_weighted", "per_100_households", "per_inspection")
RATES: tuple[Metric, ...] = ("per_100_households", "per_inspection")
STANDINGS = ("open", "closed", "ended")
FOUND = "found"
"""How violations stand that are counted without asking what became of them."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases of a place by standing and severity, inspections of it, and violations that these found.

    `ended` are cases that ended otherwise than by a close-out: declined, merged, voided, handed over. Where
    violations are asked for, they stand as their cases do; `found` are those of no case, or of any.
    """

    open_a: int = 0
    open_b: int = 0
    open_c: int = 0
    closed_a: int = 0
    closed_b: int = 0
    closed_c: int = 0
    ended_a: int = 0
    ended_b: int = 0
    ended_c: int = 0
    inspections: int = 0
    found_a: int = 0
    found_b: int = 0
    found_c: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in COUNTERS))

    def cases(self, severities: Iterable[str], standings: Iterable[str] = STANDINGS) -> int:
        """Return the cases of these severities (`a`, `b`, `c`) and standings."""
        return sum(getattr(self, f"{s}_{severity}") for s in standings for severity in severities)


COUNTERS = tuple(field.name for field in fields(Counts))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases or violations a figure is made of, and which figure it is."""

    metric: Metric
    severities: tuple[str, ...]
    standings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of one place.

    Attributes:
        value: the figure; None where nobody went and nothing was heard, which is no good news.
        smoothed: a rate drawn towards that of all places; None for figures that are no rates.
    """

    status: Literal["visited", "not_visited"]
    count: int
    inspections: int
    value: float | None
    smoothed: float | None


def whole_months(first: date | None, last: date | None) -> bool:
    """Return whether a period, both days within it, begins and ends with a month; an open end does."""
    begins = first is None or first.day == 1
    return begins and (last is None or (last + timedelta(days=1)).day == 1)


def figures(
    counts: Mapping[str, Counts], asked: Asked, households: Mapping[str, float] | None
) -> dict[str, Figures]:
    """Return the figures of places, in the order of `counts`.

    Args:
        households: of every place; None where nobody knows them.
    """
    places = list(counts)
    events = np.array([_events(counts[place], asked) for place in places], dtype=np.float64)
    base = np.array([_base(counts[place], place, asked.metric, households) for place in places])
    smooth = empirical_bayes(events, base) if asked.metric in RATES else np.full(len(places), np.nan)
    scale = 100.0 if asked.metric == "per_100_households" else 1.0
    return {
        place: _figures(counts[place], asked, float(events[k]), float(base[k]), float(smooth[k]), scale)
        for k, place in enumerate(places)
    }


def _figures(told: Counts, asked: Asked, events: float, base: float, smooth: float, scale: float) -> Figures:
    count = told.cases(asked.severities, asked.standings)
    unknown = told.inspections == 0 and count == 0
    value = None if unknown or base <= 0 else round(scale * events / base, 6)
    return Figures(
        "visited" if told.inspections else "not_visited",
        count,
        told.inspections,
        value,
        None if value is None or np.isnan(smooth) else round(scale * smooth, 6),
    )


def _events(told: Counts, asked: Asked) -> float:
    if asked.metric == "open":
        return told.cases(asked.severities, ("open",) if "open" in asked.standings else ())
    if asked.metric == "severity_weighted":
        return sum(WEIGHTS[one] * told.cases((one,), asked.standings) for one in asked.severities)
    return told.cases(asked.severities, asked.standings)


def _base(told: Counts, place: str, metric: Metric, households: Mapping[str, float] | None) -> float:
    if metric == "per_100_households":
        return float((households or {}).get(place, 0.0))
    return float(told.inspections) if metric == "per_inspection" else 1.0
