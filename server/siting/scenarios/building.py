"""From a scenario to a problem: places by the rules, demand, walks, money, power. Only jobs load this."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.metric import to_metres
from geo.siting.errors import Conflict, Impossible, NoCandidates
from geo.siting.reading import problem_of
from server.communities.service import local_day
from server.siting.ground import queries
from server.siting.ground.area import Home, homes_of, metric_srid
from server.siting.ground.demand import as_geojson, demand_of
from server.siting.ground.figures import Figure
from server.siting.rows import service as rows
from server.siting.rows.books import FACILITY, Rates, RuleSet
from server.siting.scenarios.asked import Asked
from server.siting.scenarios.money import (
    Bill,
    Terms,
    Transformer,
    bill_of,
    community_sums,
    fed,
    least_of_each,
    limits_kw,
    power_sums,
)
from server.siting.scenarios.spots import How, Spot, Spots, Wanted, find_spots, grounds_for
from server.siting.scenarios.telling import Found
from server.siting.scenarios.walking import Walked, walked
from server.siting.scenarios.ways import ways_of

STAGES = ("rules", "places", "demand", "distances", "problem")
SIGHT_M = 110.0
MOST_PAIRS = 3_000_000
PORTS_UNKNOWN = 10
# What serves, or will before another is built.
STANDING = ("in_service", "under_construction")
Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a scenario came to; `problem` None where nothing is to be solved."""

    problem: dict[str, Any] | None
    answer: dict[str, Any]
    demand: dict[str, Any]
    places: dict[str, Any]


def build(session: Session, asked: Asked, now: datetime, tell: Tell) -> Built:
    """Return the problem of a scenario, with the places and the demand it was made of.

    Args:
        tell: hears which stage begins, and how many are done.

    Raises:
        CommunitiesUnknown, NoCommunities, UnknownRuleSet: see there.
        NoCandidates: no place is left; `extra` says how much open ground each rule took.
        Conflict: a pinned place is forbidden, unknown, or rejected by a rule.
        Impossible: a site in every community is more than the budget or the number of sites allows.
        BadProblem: for example a share for a group that nobody belongs to.
    """
    builder = _Builder(session, asked, now)
    for number, (stage, work) in enumerate(builder.stages()):
        tell(stage, number)
        work()
    return builder.built()


class _Builder:
    """One scenario on its way, stage by stage."""

    homes: list[Home]
    rules: RuleSet
    rates: Rates
    spots: Spots
    bills: dict[str, Bill]
    figures: list[Figure]
    reach: Walked
    fed: list[Spot]
    problem: dict[str, Any] | None = None

    def __init__(self, session: Session, asked: Asked, now: datetime) -> None:
        self.limits_kw: dict[str, float] = {}
        self.session, self.asked, self.now = session, asked, now
        self.day: date = local_day(now)

    def stages(self) -> Sequence[tuple[str, Callable[[], None]]]:
        works = (self._rules, self._places, self._demand, self._distances, self._problem)
        return list(zip(STAGES, works, strict=True))

    def _rules(self) -> None:
        self.homes = homes_of(self.session, self.asked.area, self.day)
        self.ids = [home.id for home in self.homes]
        self.srid = metric_srid(self.session)
        self.rules = rows.rule_set_on(self.session, self.asked.rule_set, self.day)
        self.rates = rows.rates_on(self.session, self.day)
        spare = rows.spare_kva_on(self.session, self.day)
        self.transformers = [
            Transformer(one["id"], one["name"], one["community_id"], one["x"], one["y"], spare.get(one["id"]))
            for one in queries.facilities_around(self.session, self.ids, self.day, 0.0, "transformer")
            if one["community_id"] in set(self.ids)
        ]

    def _places(self) -> None:
        asked = self.asked
        facilities = [rule.kind.removeprefix(FACILITY) for rule in self.rules.distances]
        things = queries.things_around(self.session, self.ids, self.day, SIGHT_M, facilities)
        drawn = queries.grounds_of(self.session, self.ids, self.day)
        grounds = grounds_for(self.homes, drawn, asked.ground_kinds, outline=asked.outline_as_ground)
        how = How(asked.step_m, asked.apart_m, asked.ports)
        self.spots = find_spots(self.homes, grounds, self._wanted(), things, self.rules, how)
        self._hold_to_names()
        prices = rows.prices_on(self.session, self.day)
        terms = Terms(prices, self.rates, self.rules, self.transformers, asked.paid_by)
        self.bills = {spot.id: bill_of(spot, terms) for spot in self.spots.usable()}

    def _wanted(self) -> list[Wanted]:
        """Return the points that were drawn, proposed sites, and what stands."""
        found = [self._drawn(at) for at in range(len(self.asked.drawn))]
        radius = self.asked.radius_m
        for row in queries.sites_around(self.session, self.ids, self.day, radius):
            stands = row["status"] in STANDING
            if stands or row["community_id"] in set(self.ids):
                found.append(self._standing(f"s{row['id']}", row, stands=stands))
        ports = queries.facilities_around(self.session, self.ids, self.day, radius, "charging_port")
        for row in ports:
            told = row["attributes"].get("ports")
            whole = told if isinstance(told, int) and not isinstance(told, bool) and told > 0 else None
            found.append(self._standing(f"f{row['id']}", {**row, "ports": whole}, stands=True))
        return found

    def _standing(self, name: str, row: Mapping[str, Any], *, stands: bool) -> Wanted:
        unknown = PORTS_UNKNOWN if stands else self.asked.ports
        return Wanted(
            name,
            "existing" if stands else "site",
            row["name"],
            row["x"],
            row["y"],
            row["ports"] or unknown,
            bool(row.get("has_shed")),
            row["community_id"],
        )

    def _drawn(self, at: int) -> Wanted:
        one = self.asked.drawn[at]
        there = to_metres(shapely.Point(one.lon, one.lat), self.srid)
        return Wanted(f"p{at + 1}", "drawn", one.name, there.x, there.y, one.ports or self.asked.ports)

    def _pinned(self) -> set[str]:
        drawn = {f"p{at + 1}" for at, one in enumerate(self.asked.drawn) if one.pinned}
        return drawn | set(self.asked.pinned)

    def _hold_to_names(self) -> None:
        every = {spot.id: spot for spot in self.spots.every}
        pinned, forbidden = self._pinned(), set(self.asked.forbidden)
        unknown = sorted((pinned | forbidden) - set(every))
        if unknown:
            raise Conflict("no such place", "没有这些点位", [(one,) for one in unknown])
        stopped = [every[one] for one in sorted(pinned) if every[one].rejected_by]
        if stopped:
            broken = [(spot.id, str(spot.rejected_by)) for spot in stopped]
            raise Conflict("pinned, and rejected by a rule", "必设点位不符合规则", broken)
        both = sorted(pinned & forbidden)
        if both:
            raise Conflict("pinned and forbidden", "既要求设置又禁止设置", [(one,) for one in both])

    def _demand(self) -> None:
        self.figures = demand_of(self.session, self.homes, self.now)

    def _distances(self) -> None:
        self.served = [one for one in self.figures if one.weight > 0]
        self.places = self._planned()
        demand = np.array([(one.place.x, one.place.y) for one in self.served]).reshape(-1, 2)
        there = np.array([(spot.x, spot.y) for spot in self.places]).reshape(-1, 2)
        if self.asked.distances == "straight":
            none = np.empty(0, dtype=np.int64)
            self.reach = Walked("straight", none, none, np.empty(0), 0, 0)
            return
        ways = ways_of(self.session, self.asked, self.ids, self.day)
        self.reach = walked(demand, there, ways, self.asked.radius_m)

    def _planned(self) -> list[Spot]:
        """Return the places of the problem: usable ones, and pinned ones left out for being near another."""
        pinned = self._pinned()
        found = [
            spot
            for spot in self.spots.every
            if spot.status in ("free", "existing") or (spot.status == "near_another" and spot.id in pinned)
        ]
        if not any(spot.status != "existing" for spot in found):
            lost = {name: round(m2, 1) for name, m2 in self.spots.lost_m2.items() if m2}
            raise NoCandidates({"open_m2": round(self.spots.open_m2, 1), "by_rule_m2": lost})
        return found

    def _problem(self) -> None:
        asked = self.asked
        self._bill_the_pinned()
        if asked.heed_power:
            self.limits_kw = limits_kw(self.transformers, self.rates)
        self.fed = fed(self.places, self.bills, self.limits_kw)
        if asked.one_per_community:
            self._afford_one_each()
        if len(self.reach.metres) > MOST_PAIRS:
            raise Impossible(
                f"{len(self.reach.metres)} pairs are in reach: take fewer communities or keep places apart",
                f"可达点对达 {len(self.reach.metres)} 对，请减少小区或增大点位间隔",
                pairs=len(self.reach.metres),
            )
        if asked.solve:
            self.problem = self._stated()
            problem_of(self.problem)

    def _afford_one_each(self) -> None:
        """Hold that a site in every community is within budget and number of sites."""
        least, count = least_of_each(self.fed, self.bills)
        budget, p = self.asked.budget, self.asked.p
        if (budget is None or least <= budget) and (p is None or count <= p):
            return
        raise Impossible(
            f"one site in every community takes {count} new sites and {least:g} yuan at least;"
            " ask for more, or leave out `one_per_community`",
            f"每个小区至少一处，需要新增 {count} 处、{least:g} 元；请增加预算或数量，或取消“每小区至少一处”",
            least_budget=round(least, 2),
            least_p=count,
        )

    def _bill_the_pinned(self) -> None:
        missing = [spot for spot in self.places if spot.id not in self.bills]
        if missing:
            prices = rows.prices_on(self.session, self.day)
            terms = Terms(prices, self.rates, self.rules, self.transformers, self.asked.paid_by)
            self.bills |= {spot.id: bill_of(spot, terms) for spot in missing}

    def _stated(self) -> dict[str, Any]:
        asked, homes = self.asked, {home.id: home for home in self.homes}
        pinned, forbidden = self._pinned(), set(asked.forbidden)
        turns = self.rates.of("turns_a_day")
        sums = self._sums()
        stated: dict[str, Any] = {
            "crs": f"EPSG:{self.srid}",
            "objective": asked.objective,
            "radius_m": asked.radius_m,
            "p": asked.p,
            "budget": asked.budget,
            "min_separation_m": asked.min_separation_m,
            "backup_weight": asked.backup_weight,
            "time_limit_s": asked.time_limit_s,
            "gap": asked.gap,
            "seed": asked.seed,
            "allow_unreachable": True,
            "equity": [dict(one) for one in asked.equity] or None,
            "phases": [dict(one) for one in asked.phases] or None,
            "sums": sums or None,
            "demand": [
                {
                    "id": one.place.id,
                    "x": round(one.place.x, 3),
                    "y": round(one.place.y, 3),
                    "weight": one.weight,
                    "group": self._group(homes[one.place.community_id]),
                }
                for one in self.served
            ],
            "candidates": [
                {
                    "id": spot.id,
                    "x": spot.x,
                    "y": spot.y,
                    "cost": self.bills[spot.id].budget_yuan,
                    "capacity": spot.ports * turns,
                    "existing": spot.status == "existing",
                    "forced": spot.id in pinned and spot.status != "existing",
                    "forbidden": spot.id in forbidden and spot.status != "existing",
                }
                for spot in self.places
            ],
        }
        if asked.distances == "walking" and self.reach.by == "walking":
            names = [one.place.id for one in self.served]
            stated["distances"] = self.reach.listed(names, [spot.id for spot in self.places])
        return {name: value for name, value in stated.items() if value is not None}

    def _sums(self) -> list[dict[str, Any]]:
        asked = self.asked
        if asked.objective in ("p_median", "p_center"):
            return []
        known = set(self.ids)
        each = community_sums([spot for spot in self.fed if spot.community_id in known])
        return (each if asked.one_per_community else []) + power_sums(self.places, self.bills, self.limits_kw)

    def _group(self, home: Home) -> str:
        return {"kind": home.kind, "subdistrict": home.street, "community": home.id}[self.asked.group_by]

    def built(self) -> Built:
        found = Found(
            self.homes,
            self.rules,
            self.rates,
            self.transformers,
            self.spots,
            self.bills,
            {spot.community_id for spot in self.places},
            {spot.community_id for spot in self.fed},
        )
        answer = {
            "demand_points": len(self.served),
            "total_weight": sum(one.weight for one in self.figures),
            "distances_by": self.reach.by,
            "off_footway_demand": self.reach.off_demand,
            "off_footway_places": self.reach.off_spots,
            "pairs": len(self.reach.metres),
            **found.counted(),
        }
        demand = as_geojson(self.figures, self.homes)
        return Built(self.problem, answer, demand, found.places_shown(self.srid))
