"""What a scenario came to, as its planner sees it: counts, area lost per rule, every place with its bill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from geo.metric import points_to_degrees
from server.siting.ground.area import Home
from server.siting.rows.books import Rates, RuleSet
from server.siting.scenarios.money import Bill, Transformer
from server.siting.scenarios.spots import Spot, Spots


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a scenario; `held` are the communities with a place, `fed` those with power, too."""

    homes: Sequence[Home]
    rules: RuleSet
    rates: Rates
    transformers: Sequence[Transformer]
    spots: Spots
    bills: Mapping[str, Bill]
    held: set[str]
    fed: set[str]

    def counted(self) -> dict[str, Any]:
        """Return counts of places and communities, the ground, what feeds it, and the rules in force."""
        spots = self.spots
        rejected = Counter(spot.rejected_by for spot in spots.every if spot.rejected_by)
        return {
            "communities": len(self.homes),
            "places": dict(Counter(spot.status for spot in spots.every)),
            "rejected_by": dict(sorted(rejected.items())),
            "open_m2": round(spots.open_m2, 1),
            "lost_m2": {name: round(m2, 1) for name, m2 in sorted(spots.lost_m2.items())},
            "outlines_as_ground": spots.outlines_as_ground,
            "communities_without_place": self._without(self.held),
            "communities_without_power": [
                one for one in self._without(self.fed) if one["community_id"] in self.held
            ],
            "transformers": [_transformer(one) for one in self.transformers],
            "power_factor": self.rates.of("power_factor"),
            "turns_a_day": self.rates.of("turns_a_day"),
            "rules": [asdict(rule) for rule in self.rules.rules],
        }

    def _without(self, some: set[str]) -> list[dict[str, str]]:
        return [{"community_id": home.id, "name": home.name} for home in self.homes if home.id not in some]

    def places_shown(self, srid: int) -> dict[str, Any]:
        """Return every place as GeoJSON; those that a plan may use with their bill."""
        every = self.spots.every
        lon, lat = points_to_degrees(
            np.array([spot.x for spot in every]), np.array([spot.y for spot in every]), srid
        )
        places = np.column_stack([lon, lat]).round(7).tolist()
        names = {home.id: home.name for home in self.homes}
        return {
            "type": "FeatureCollection",
            "features": [
                _place(spot, self.bills.get(spot.id), names.get(spot.community_id, ""), at)
                for spot, at in zip(every, places, strict=True)
            ],
        }


def _transformer(one: Transformer) -> dict[str, Any]:
    told = {"name": one.name, "community_id": one.community_id, "spare_kva": one.spare_kva}
    return {"facility_id": one.id, **told}


def _place(spot: Spot, bill: Bill | None, community: str, at: list[float]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": spot.kind,
        "status": spot.status,
        "name": spot.name,
        "community_id": spot.community_id,
        "community_name": community,
        "rejected_by": spot.rejected_by,
        "warnings": list(spot.warnings),
    }
    if bill is not None:
        told |= {
            "x": spot.x,
            "y": spot.y,
            "ground_id": spot.ground_id,
            "ground_m2": spot.ground_m2,
            "ports": spot.ports,
            "has_shed": spot.has_shed,
            "distance_m": dict(spot.distance_m),
            "items": {name: dict(one) for name, one in bill.items.items()},
            "yuan": bill.yuan,
            "budget_yuan": bill.budget_yuan,
            "transformer": bill.transformer,
            "kw": bill.kw,
            "shed_m2": bill.shed_m2,
            "groups": bill.groups,
        }
    return {
        "type": "Feature",
        "id": spot.id,
        "geometry": {"type": "Point", "coordinates": at},
        "properties": told,
    }
