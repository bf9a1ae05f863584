"""The gates of an area, as a planner sees them: which are shut, and could be opened as a what-if."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach
from server.communities.service import local_day
from server.siting.ground import queries
from server.siting.ground.area import Named, homes_of
from server.siting.ground.ways import SHUT
from server.siting.rows.service import LOOK

# A walk that ends just beyond the radius may begin at a gate that lies beyond it, too.
BEYOND_M = 100.0


def shown(session: Session, named: Named, radius_m: float, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the gates in an area and as far around it as people walk, as GeoJSON.

    Raises:
        NotYours: the role does not plan. CommunitiesUnknown, NoCommunities: see `area.homes_of`.
    """
    reach(actor, LOOK)
    day = local_day(now)
    ids = [home.id for home in homes_of(session, named, day)]
    gates = queries.gates_around(session, ids, day, radius_m + BEYOND_M)
    return {"type": "FeatureCollection", "features": [_feature(gate) for gate in gates]}


def _feature(gate: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": gate["id"],
        "geometry": {"type": "Point", "coordinates": [round(gate["lon"], 7), round(gate["lat"], 7)]},
        "properties": {
            "name": gate["name"],
            "kind": gate["kind"],
            "community_id": gate["community_id"],
            "community_name": gate["community_name"],
            "shut": gate["kind"] == SHUT,
        },
    }
