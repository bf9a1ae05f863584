"""What a site costs and who pays, how much power it takes, and what a transformer has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, hypot
from typing import Any

from server.siting.rows.books import Price, Rates, RuleSet
from server.siting.scenarios.spots import SPACE, SPACE_M2, Spot

BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Transformer:
    """A transformer of a community; `spare_kva` None where the utility has not said."""

    id: str
    name: str
    community_id: str
    x: float
    y: float
    spare_kva: float | None


@dataclass(frozen=True, slots=True)
class Bill:
    """What a site needs.

    Attributes:
        items: item → quantity, yuan, who pays.
        yuan: all of it; `budget_yuan` the part that counts against the budget.
        transformer: the id of the one that feeds it, None where none is known; `kw` what it takes.
    """

    items: Mapping[str, Mapping[str, Any]]
    yuan: float
    budget_yuan: float
    transformer: str | None
    kw: float
    shed_m2: float
    groups: int


@dataclass(frozen=True, slots=True)
class Terms:
    """By which a bill is made; `paid_by` overrides the price table."""

    prices: Mapping[str, Price]
    rates: Rates
    rules: RuleSet
    transformers: Sequence[Transformer]
    paid_by: Mapping[str, str]


def bill_of(spot: Spot, terms: Terms) -> Bill:
    """Return what a new site at a place needs; one that stands costs nothing."""
    feeding = _feeding(spot, terms.transformers)
    shed_m2 = spot.ports * (terms.rules.figure(SPACE) or SPACE_M2)
    bikes = terms.rules.figure("group_bikes")
    needs = {
        "port": float(spot.ports),
        "shed_m2": 0.0 if spot.has_shed else round(shed_m2, 1),
        "cable_m": round(_cable_m(spot, feeding, terms.rates), 1),
        "camera": float(_cameras(spot.ports, shed_m2, terms.rules)),
    }
    if spot.status == "existing":
        needs = {}
    items: dict[str, dict[str, Any]] = {
        item: {
            "quantity": quantity,
            "yuan": round(quantity * terms.prices[item].yuan, 2),
            "paid_by": terms.paid_by.get(item, terms.prices[item].paid_by),
        }
        for item, quantity in needs.items()
        if quantity and item in terms.prices
    }
    return Bill(
        items,
        round(sum(one["yuan"] for one in items.values()), 2),
        round(sum(one["yuan"] for one in items.values() if one["paid_by"] == BUDGET), 2),
        feeding.id if feeding else None,
        round(spot.ports * terms.rates.of("port_kw"), 3),
        round(shed_m2, 1),
        ceil(spot.ports / bikes) if bikes else 1,
    )


def _feeding(spot: Spot, transformers: Sequence[Transformer]) -> Transformer | None:
    """Return the nearest transformer of the place's own community."""
    own = [one for one in transformers if one.community_id == spot.community_id]
    return min(own, key=lambda one: (hypot(one.x - spot.x, one.y - spot.y), one.id), default=None)


def _cable_m(spot: Spot, feeding: Transformer | None, rates: Rates) -> float:
    if feeding is None:
        return 0.0
    return hypot(feeding.x - spot.x, feeding.y - spot.y) * rates.of("cable_detour")


def _cameras(ports: int, shed_m2: float, rules: RuleSet) -> int:
    most_m2, most = rules.figure("camera_above_m2"), rules.figure("camera_above_spaces")
    return int((most_m2 is not None and shed_m2 > most_m2) or (most is not None and ports > most))


def limits_kw(transformers: Sequence[Transformer], rates: Rates) -> dict[str, float]:
    """Return by id what each transformer can still feed; those of which nobody knows are left out."""
    factor = rates.of("power_factor")
    return {one.id: round(one.spare_kva * factor, 3) for one in transformers if one.spare_kva is not None}


def fed(spots: Sequence[Spot], bills: Mapping[str, Bill], limits: Mapping[str, float]) -> list[Spot]:
    """Return the places that stand, and those that their transformer could feed were they alone."""
    return [
        spot
        for spot in spots
        if spot.status == "existing"
        or bills[spot.id].kw <= limits.get(bills[spot.id].transformer or "", bills[spot.id].kw)
    ]


def power_sums(
    spots: Sequence[Spot], bills: Mapping[str, Bill], limits: Mapping[str, float]
) -> list[dict[str, Any]]:
    """Return the sums that keep new sites within what each transformer has left."""
    found = []
    for transformer, most in limits.items():
        of = {
            spot.id: bills[spot.id].kw
            for spot in spots
            if spot.status != "existing" and bills[spot.id].transformer == transformer
        }
        if of:
            found.append({"name": f"power:{transformer}", "of": of, "least": None, "most": most})
    return found


def community_sums(spots: Sequence[Spot]) -> list[dict[str, Any]]:
    """Return the sums that ask for a site in every community that has a place for one."""
    members: dict[str, list[str]] = {}
    for spot in spots:
        members.setdefault(spot.community_id, []).append(spot.id)
    return [
        {"name": f"community:{community}", "of": dict.fromkeys(of, 1.0), "least": 1.0, "most": None}
        for community, of in members.items()
    ]


def least_of_each(spots: Sequence[Spot], bills: Mapping[str, Bill]) -> tuple[float, int]:
    """Return the least budget for a site in every community that has none, and how many these are."""
    served = {spot.community_id for spot in spots if spot.status == "existing"}
    least: dict[str, float] = {}
    for spot in spots:
        if spot.community_id not in served:
            yuan = bills[spot.id].budget_yuan
            least[spot.community_id] = min(yuan, least.get(spot.community_id, yuan))
    return sum(least.values()), len(least)
