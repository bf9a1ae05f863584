"""Demand from figures: households, rates, counts and cases in, e-bikes at every building out, explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from server.siting.rows.books import Rates

# A case lies where the worker stood: at most so far from the building it is about.
CASE_REACH_M = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where people live: a building, or a community whose buildings are not known."""

    id: str
    community_id: str
    name: str
    households: float
    x: float
    y: float
    lon: float
    lat: float
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """The e-bikes that look for a place to charge, and what they were reckoned from.

    Attributes:
        bikes_by: `rate`, `own_rate` (of the building or community) or `count` (the last T2 inspection).
        counted: what T2 counted in the whole community, None without a count.
        cases: fly-wire cases of the last twelve months that fall to it; those without a place are shared out.
    """

    place: Place
    bikes: float
    bikes_per_household: float
    bikes_by: str
    share_outside: float
    share_by: str
    cases: float
    case_weight: float
    weight: int
    counted: Mapping[str, Any] | None
    sources: tuple[str, ...]

    def because(self) -> tuple[str, str]:
        """Return in English and Chinese how the weight was reckoned."""
        home, home_zh = f"{self.place.households:g} households", f"{self.place.households:g} 户"
        if self.bikes_by == "count" and self.counted is not None:
            told = f"{self.bikes:.1f} e-bikes, its part of {self.counted['bikes']:g} counted"
            told_zh = f"现场清点 {self.counted['bikes']:g} 辆，按户数分得 {self.bikes:.1f} 辆"
        else:
            told = f"{home} × {self.bikes_per_household:g} e-bikes"
            told_zh = f"{home_zh} × 每户 {self.bikes_per_household:g} 辆"
        told += f" × {self.share_outside:g} charging outside"
        told_zh += f" × 户外充电比例 {self.share_outside:g}"
        if self.cases:
            told += f" + {self.cases:.2g} fly-wire cases × {self.case_weight:g}"
            told_zh += f" + 飞线案卷 {self.cases:.2g} 起 × {self.case_weight:g}"
        return f"{told} = {self.weight}", f"{told_zh} = {self.weight} 辆"


def figured(
    places: Sequence[Place],
    rates: Rates,
    counts: Mapping[str, Mapping[str, Any]],
    cases: Sequence[Mapping[str, Any]],
) -> list[Figure]:
    """Return the demand of every place.

    A count of e-bikes in a community takes the place of households × rate, shared out as these are; a
    building with a rate of its own keeps it and is taken off the count first.
    """
    falling = _cases_of(places, cases)
    parts = _counted_parts(places, rates, counts)
    weight = rates.of("case_weight")
    found = []
    for at, place in enumerate(places):
        rate, own = rates.at("bikes_per_household", place.id, place.community_id)
        share, own_share = rates.at("share_outside", place.id, place.community_id)
        count = counts.get(place.community_id)
        bikes, by = place.households * rate.value, "own_rate" if own else "rate"
        if at in parts:
            bikes, by = parts[at], "count"
        found.append(
            Figure(
                place,
                bikes,
                rate.value,
                by,
                share.value,
                "own_rate" if own_share else "rate",
                falling[at],
                weight,
                round(bikes * share.value + falling[at] * weight),
                count,
                (rate.source, share.source),
            )
        )
    return found


def _counted_parts(
    places: Sequence[Place], rates: Rates, counts: Mapping[str, Mapping[str, Any]]
) -> dict[int, float]:
    """Return by position what a count gives to places without a rate of their own."""
    usual: dict[str, list[tuple[int, float]]] = {}
    kept: dict[str, float] = {}
    for at, place in enumerate(places):
        rate, own = rates.at("bikes_per_household", place.id)
        if place.community_id not in counts:
            continue
        if own:
            kept[place.community_id] = kept.get(place.community_id, 0.0) + place.households * rate.value
        else:
            usual.setdefault(place.community_id, []).append((at, place.households))
    found: dict[int, float] = {}
    for community, members in usual.items():
        left = max(float(counts[community]["bikes"]) - kept.get(community, 0.0), 0.0)
        whole = sum(households for _, households in members)
        for at, households in members:
            found[at] = left * (households / whole if whole else 1 / len(members))
    return found


def _cases_of(places: Sequence[Place], cases: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return how many cases fall to each place: to the nearest in reach, else shared by the community."""
    members: dict[str, list[int]] = {}
    for at, place in enumerate(places):
        members.setdefault(place.community_id, []).append(at)
    found = [0.0] * len(places)
    for case in cases:
        of = members.get(case["community_id"], [])
        near = _nearest(places, of, case) if case["x"] is not None else None
        for at in of if near is None else [near]:
            found[at] += 1.0 if near is not None else 1.0 / len(of)
    return found


def _nearest(places: Sequence[Place], of: Sequence[int], case: Mapping[str, Any]) -> int | None:
    apart = [(hypot(places[at].x - case["x"], places[at].y - case["y"]), at) for at in of]
    metres, at = min(apart, default=(CASE_REACH_M + 1, -1))
    return at if metres <= CASE_REACH_M else None
