"""What another siting rule or rate would mean for the whole county, told before it is set."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach
from server.communities.service import local_day
from server.siting.ground import queries
from server.siting.ground.area import Home, homes_on
from server.siting.ground.demand import demand_of
from server.siting.ground.figures import Figure
from server.siting.rows import service as rows
from server.siting.rows.books import FACILITY, RATE, RULES, Rate, Rates, Rule, RuleSet
from server.siting.rows.errors import UnknownRuleSet
from server.siting.scenarios.asked import PORTS, USUAL_GROUND
from server.siting.scenarios.spots import How, Spot, Spots, Wanted, find_spots, grounds_for

# Coarser than a plan's own grid: the county is looked at while somebody types.
STEP_M = 20.0
SIGHT_M = 110.0
MOST_NAMED = 20
DEMAND_RATES = frozenset({"bikes_per_household", "share_outside", "case_weight"})


def of_rule(session: Session, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what another rule of a set would mean: for sites that stand or are planned, and for open ground.

    `changed` names up to 20 sites that a hard rule would reject anew or no longer.

    Raises:
        NotYours, InvalidInput, RuleStands: as when it is set.
    """
    reach(actor, rows.SET)
    values = rows.would_be(session, RULES, given, now)
    day = local_day(now)
    held = _set_on(session, given["rule_set"], day)
    then = with_rule(held, given["name"], values)
    homes = homes_on(session, day)
    found = _spots(session, homes, (held, then), day)
    return {"lines": lines_of(*found), "changed": _changed(*found, homes)}


def of_rate(session: Session, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what another rate would mean for the e-bikes looked for; no lines: it bears on money or power.

    Raises:
        NotYours, InvalidInput, RuleStands, NotFound: as when it is set.
    """
    reach(actor, rows.SET)
    values = rows.would_be(session, RATE, given, now)
    if given["name"] not in DEMAND_RATES:
        return {"lines": [], "changed": []}
    held = rows.rates_on(session, local_day(now))
    homes = homes_on(session, local_day(now))
    figures = [demand_of(session, homes, now, one) for one in (held, with_rate(held, given, values))]
    return {"lines": demand_lines(*figures), "changed": []}


def with_rule(held: RuleSet, name: str, values: Mapping[str, Any] | None) -> RuleSet:
    """Return a set with one of its rules replaced, added, or (None) ended."""
    others = [rule for rule in held.rules if rule.name != name]
    if values is None:
        return replace(held, rules=tuple(others))
    rule = Rule(name, values["kind"], float(values["value"]), values["unit"], values["hard"], "")
    return replace(held, rules=tuple(sorted((*others, rule), key=lambda one: one.name)))


def with_rate(held: Rates, given: Mapping[str, Any], values: Mapping[str, Any] | None) -> Rates:
    """Return the rates with one replaced or, where a place has its own, that one ended (None)."""
    name, place = given["name"], str(given["place"] or "")
    if not place:
        county = {**held.county, name: Rate(float(values["value"]), "")} if values else held.county
        return replace(held, county=county)
    placed = {key: rate for key, rate in held.placed.items() if key != (name, place)}
    if values is not None:
        placed[name, place] = Rate(float(values["value"]), "")
    return replace(held, placed=placed)


def lines_of(now: Spots, then: Spots) -> list[dict[str, Any]]:
    """Return how sites, grid places and communities fare under two rule sets."""
    sites = [[one for one in found.every if one.kind == "site"] for found in (now, then)]
    grid = [[one for one in found.every if one.kind in ("grid", "shed")] for found in (now, then)]
    communities = {one.community_id for one in grid[0]}
    return [
        _line("sites_rejected", [_rejected(one) for one in sites], len(sites[0])),
        _line("places_free", [_free(one) for one in grid], len(grid[0])),
        _line(
            "communities_without_place",
            [communities - {spot.community_id for spot in _free(one)} for one in grid],
            len(communities),
        ),
    ]


def demand_lines(now: Sequence[Figure], then: Sequence[Figure]) -> list[dict[str, Any]]:
    """Return the e-bikes of the county by two rates, and how many communities have others."""
    sums = [_by_community(one) for one in (now, then)]
    other = sum(sums[0].get(key, 0) != sums[1].get(key, 0) for key in sums[0].keys() | sums[1].keys())
    return [
        {"what": "ebikes", "now": sum(sums[0].values()), "then": sum(sums[1].values()), "of": None},
        {"what": "communities_changed", "now": 0, "then": other, "of": len(sums[0])},
    ]


def _by_community(figures: Sequence[Figure]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in figures:
        found[one.place.community_id] = found.get(one.place.community_id, 0) + one.weight
    return found


def _line(what: str, pair: Sequence[Collection[Any]], of: int) -> dict[str, Any]:
    return {"what": what, "now": len(pair[0]), "then": len(pair[1]), "of": of}


def _rejected(spots: Sequence[Spot]) -> list[Spot]:
    return [one for one in spots if one.rejected_by]


def _free(spots: Sequence[Spot]) -> list[Spot]:
    return [one for one in spots if not one.rejected_by]


def _set_on(session: Session, name: str, day: date) -> RuleSet:
    try:
        return rows.rule_set_on(session, name, day)
    except UnknownRuleSet:
        return RuleSet(name, ())


def _spots(
    session: Session, homes: Sequence[Home], sets: Sequence[RuleSet], day: date
) -> tuple[Spots, Spots]:
    ids = [home.id for home in homes]
    kinds = {rule.kind for one in sets for rule in one.distances if rule.kind.startswith(FACILITY)}
    facilities = sorted(kind.removeprefix(FACILITY) for kind in kinds)
    things = queries.things_around(session, ids, day, SIGHT_M, facilities)
    grounds = grounds_for(homes, queries.grounds_of(session, ids, day), USUAL_GROUND, outline=False)
    sites = [
        Wanted(
            one["id"],
            "site",
            one["name"],
            one["x"],
            one["y"],
            one["ports"] or PORTS,
            False,
            one["community_id"],
        )
        for one in queries.sites_around(session, ids, day, 0.0)
    ]
    how = How(STEP_M, 0.0, PORTS)
    held, then = (find_spots(homes, grounds, sites, things, rules, how) for rules in sets)
    return held, then


def _changed(now: Spots, then: Spots, homes: Sequence[Home]) -> list[dict[str, Any]]:
    names = {home.id: home.name for home in homes}
    before = {one.id: one.rejected_by for one in now.every if one.kind == "site"}
    return [
        {
            "site_id": one.id,
            "name": one.name,
            "community_id": one.community_id,
            "community_name": names.get(one.community_id, ""),
            "rejected_by": one.rejected_by,
        }
        for one in then.every
        if one.kind == "site" and bool(one.rejected_by) != bool(before.get(one.id))
    ][:MOST_NAMED]
