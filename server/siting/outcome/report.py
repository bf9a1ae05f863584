"""A plan told with names: its sites with what they serve, cost and keep, its communities, who is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.metric import points_to_degrees
from geo.siting.values import Floats, Ints

Json = Mapping[str, Any]
NOBODY = -1


def report_of(plan: Json, scenario: Json) -> dict[str, Any]:
    """Return the report.

    Args:
        plan: `plan_id, name, problem, plan` as they are kept.
        scenario: `scenario_id, answer, demand, places` as they are kept.
    """
    made = _Made(plan, scenario)
    sites = made.sites()
    return {
        "plan_id": str(plan["plan_id"]),
        "name": plan["name"],
        "scenario_id": str(scenario["scenario_id"]),
        "objective": made.problem["objective"],
        "radius_m": made.problem["radius_m"],
        "budget": made.problem.get("budget"),
        "distances_by": "walking" if "distances" in made.problem else "straight",
        **{name: made.plan[name] for name in ("status", "value", "bound", "bound_by", "gap", "binding")},
        "totals": made.totals(sites),
        "sites": sites,
        "communities": made.communities(),
        "transformers": made.transformers(),
        "unserved": made.unserved(),
    }


class _Made:
    """A plan and its scenario, with who walks where."""

    def __init__(self, plan: Json, scenario: Json) -> None:
        self.problem, self.plan = plan["problem"], plan["plan"]
        self.answer = scenario["answer"]
        self.srid = int(str(self.problem["crs"]).rpartition(":")[2])
        self.places = {one["id"]: one["properties"] for one in scenario["places"]["features"]}
        self.homes = {one["id"]: one for one in scenario["demand"]["features"]}
        self.demand: Sequence[Json] = self.problem["demand"]
        self.open: Sequence[Json] = self.plan["sites"]
        self.weight = np.array([one["weight"] for one in self.demand], dtype=np.float64)
        self.straight_m = self._straight()
        self.walk_m = self._walks()
        self.nearest, self.metres = self._served()

    def _straight(self) -> Floats:
        at = np.array([(one["x"], one["y"]) for one in self.demand]).reshape(-1, 1, 2)
        there = np.array([(one["x"], one["y"]) for one in self.open]).reshape(1, -1, 2)
        found: Floats = np.hypot(*np.moveaxis(at - there, 2, 0))
        return found

    def _walks(self) -> Floats:
        listed = self.problem.get("distances")
        if listed is None:
            return self.straight_m
        found = np.full(self.straight_m.shape, np.inf)
        row = {one["id"]: at for at, one in enumerate(self.demand)}
        column = {one["id"]: at for at, one in enumerate(self.open)}
        for demand, site, metres in listed:
            if site in column:
                found[row[demand], column[site]] = metres
        return found

    def _served(self) -> tuple[Ints, Floats]:
        """Return by demand the open site that it walks to, −1 for none in reach, and the metres."""
        if not self.open or not len(self.demand):
            return np.full(len(self.demand), NOBODY), np.full(len(self.demand), np.inf)
        nearest = np.argmin(self.walk_m, axis=1)
        metres = self.walk_m[np.arange(len(nearest)), nearest]
        near = np.rint(metres * 100) <= round(self.problem["radius_m"] * 100)
        return np.where(near, nearest, NOBODY).astype(np.int64), metres

    def totals(self, sites: Sequence[Json]) -> dict[str, Any]:
        radius = self.problem["radius_m"]
        total = float(self.weight.sum())
        served = float(self.weight[self.nearest >= 0].sum())
        straight = float(self.weight[(self.straight_m <= radius).any(axis=1)].sum()) if self.open else 0.0
        fresh = [site for site in sites if not site["existing"]]
        by_fund: dict[str, float] = {}
        for site in fresh:
            for item in site["items"].values():
                by_fund[item["paid_by"]] = by_fund.get(item["paid_by"], 0.0) + item["yuan"]
        near = self.nearest >= 0
        return {
            "weight": total,
            "served_weight": served,
            "served_share": _share(served, total),
            "served_share_straight": _share(straight, total),
            "new_sites": len(fresh),
            "existing_sites": len(sites) - len(fresh),
            "new_ports": sum(site["ports"] for site in fresh),
            "yuan": round(sum(site["yuan"] for site in fresh), 2),
            "budget_yuan": round(sum(site["budget_yuan"] for site in fresh), 2),
            "yuan_by_fund": {fund: round(yuan, 2) for fund, yuan in sorted(by_fund.items())},
            "mean_walk_m": _mean(self.metres[near], self.weight[near]),
            "longest_walk_m": round(float(self.metres[near].max()), 1) if near.any() else None,
            "warnings": sum(len(site["warnings"]) for site in fresh),
        }

    def sites(self) -> list[dict[str, Any]]:
        lon, lat = points_to_degrees(
            np.array([site["x"] for site in self.open], dtype=np.float64),
            np.array([site["y"] for site in self.open], dtype=np.float64),
            self.srid,
        )
        return [self._site(at, site, float(lon[at]), float(lat[at])) for at, site in enumerate(self.open)]

    def _site(self, at: int, site: Json, lon: float, lat: float) -> dict[str, Any]:
        place = self.places.get(site["id"], {})
        own = self.nearest == at
        return {
            "number": at + 1,
            "id": site["id"],
            "kind": place.get("kind", "grid"),
            "name": place.get("name") or f"{place.get('community_name', '')} {at + 1}号点",
            "community_id": place.get("community_id"),
            "community_name": place.get("community_name", ""),
            "location": {"lon": round(lon, 7), "lat": round(lat, 7)},
            "x": site["x"],
            "y": site["y"],
            "existing": site["existing"],
            "forced": site["forced"],
            "phase": site.get("phase"),
            "ports": place.get("ports", 0),
            "has_shed": place.get("has_shed", False),
            "shed_m2": place.get("shed_m2"),
            "groups": place.get("groups"),
            "reaches": site["reaches"],
            "alone_serves": site["alone_serves"],
            "price_of_forbidding": site.get("price_of_forbidding"),
            "serves_weight": float(self.weight[own].sum()),
            "serves_households": round(
                sum(self._households(self.demand[row]["id"]) for row in np.flatnonzero(own).tolist()), 1
            ),
            "longest_walk_m": round(float(self.metres[own].max()), 1) if own.any() else None,
            "items": place.get("items", {}),
            "yuan": place.get("yuan", 0.0),
            "budget_yuan": place.get("budget_yuan", 0.0),
            "transformer": place.get("transformer"),
            "kw": place.get("kw"),
            "rules": self._rules(place),
            "warnings": place.get("warnings", []),
        }

    def _households(self, demand_id: str) -> float:
        home = self.homes.get(demand_id)
        return float(home["properties"]["households"]) if home else 0.0

    def _rules(self, place: Json) -> list[dict[str, Any]]:
        """Return each distance that was checked, with what was measured."""
        metres = place.get("distance_m") or {}
        return [
            {
                "name": rule["name"],
                "kind": rule["kind"],
                "min_m": rule["value"],
                "distance_m": metres[rule["name"]],
                "hard": rule["hard"],
                "kept": rule["name"] not in place.get("warnings", []),
                "source": rule["source"],
            }
            for rule in self.answer["rules"]
            if rule["name"] in metres
        ]

    def communities(self) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for at, one in enumerate(self.demand):
            home = self.homes[one["id"]]["properties"]
            row = found.setdefault(
                home["community_id"],
                {
                    "community_id": home["community_id"],
                    "name": home["community_name"],
                    "kind": home["community_kind"],
                    "households": 0.0,
                    "weight": 0.0,
                    "served_weight": 0.0,
                },
            )
            row["households"] += home["households"]
            row["weight"] += one["weight"]
            row["served_weight"] += one["weight"] if self.nearest[at] >= 0 else 0.0
        sites: dict[str, int] = {}
        for site in self.open:
            owner = self.places.get(site["id"], {}).get("community_id")
            sites[owner] = sites.get(owner, 0) + 1
        return [
            {
                **row,
                "households": round(row["households"], 1),
                "served_share": _share(row["served_weight"], row["weight"]),
                "sites": sites.get(row["community_id"], 0),
            }
            for row in found.values()
        ]

    def transformers(self) -> list[dict[str, Any]]:
        used: dict[str, float] = {}
        for site in self.open:
            place = self.places.get(site["id"], {})
            if not site["existing"] and place.get("transformer"):
                used[place["transformer"]] = used.get(place["transformer"], 0.0) + place["kw"]
        return [
            {
                **one,
                "limit_kw": None
                if one["spare_kva"] is None
                else round(one["spare_kva"] * self.answer["power_factor"], 3),
                "new_kw": round(used.get(one["facility_id"], 0.0), 3),
            }
            for one in self.answer["transformers"]
        ]

    def unserved(self) -> list[dict[str, Any]]:
        found = []
        for at in np.flatnonzero((self.nearest == NOBODY) & (self.weight > 0)).tolist():
            home = self.homes[self.demand[at]["id"]]
            metres = float(self.straight_m[at].min()) if self.open else np.inf
            found.append(
                {
                    "id": home["id"],
                    "name": home["properties"]["name"],
                    "community_name": home["properties"]["community_name"],
                    "weight": self.demand[at]["weight"],
                    "location": dict(zip(("lon", "lat"), home["geometry"]["coordinates"], strict=True)),
                    "nearest_site_straight_m": round(metres, 1) if np.isfinite(metres) else None,
                }
            )
        return found


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None


def _mean(metres: NDArray[np.float64], weight: NDArray[np.float64]) -> float | None:
    return round(float(metres @ weight / weight.sum()), 1) if weight.sum() else None
