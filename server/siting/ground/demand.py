"""Demand of the county's own buildings, read and explained; as GeoJSON to be looked at before solving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import shapely
from sqlalchemy.orm import Session

from geo.metric import to_degrees
from server.auth.actor import Actor
from server.auth.rules import reach
from server.communities.service import local_day
from server.siting.ground import queries
from server.siting.ground.area import Home, Named, homes_of, metric_srid
from server.siting.ground.figures import Figure, Place, figured
from server.siting.rows.books import Rates
from server.siting.rows.service import LOOK, rates_on

LOOKING_BACK = timedelta(days=365)


def demand_of(
    session: Session, homes: Sequence[Home], now: datetime, rates: Rates | None = None
) -> list[Figure]:
    """Return the demand of communities at a moment, building by building.

    Counts and cases count for twelve months. A community without buildings is one place in its middle; one
    whose buildings tell no households shares its own out by floor area. `rates` None: those of the day.
    """
    ids = [home.id for home in homes]
    since = now - LOOKING_BACK
    places = _places(session, homes)
    rates = rates or rates_on(session, local_day(now))
    counts = queries.counts_in(session, ids, since)
    return figured(places, rates, counts, queries.cases_in(session, ids, since))


def _places(session: Session, homes: Sequence[Home]) -> list[Place]:
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in queries.homes_in(session, [home.id for home in homes]):
        rows.setdefault(row["community_id"], []).append(row)
    srid = metric_srid(session)
    return [place for home in homes for place in _of_home(home, rows.get(home.id, []), srid)]


def _of_home(home: Home, rows: Sequence[Mapping[str, Any]], srid: int) -> list[Place]:
    if not rows:
        return [_middle(home, srid)]
    told = sum(row["households"] for row in rows)
    floor = sum(row["floor_m2"] for row in rows)
    names = ("id", "community_id", "name", "x", "y", "lon", "lat")
    return [
        Place(
            **{name: row[name] for name in names},
            households=row["households"] if told else home.households * row["floor_m2"] / floor,
            shared=not told,
        )
        for row in rows
    ]


def _middle(home: Home, srid: int) -> Place:
    middle = shapely.point_on_surface(home.outline)
    there = to_degrees(middle, srid)
    return Place(
        home.id, home.id, home.name, home.households, middle.x, middle.y, there.x, there.y, shared=True
    )


def shown(session: Session, named: Named, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the demand of an area as GeoJSON, before anything is solved.

    Raises:
        NotYours: the role does not plan. CommunitiesUnknown, NoCommunities: see `area.homes_of`.
    """
    reach(actor, LOOK)
    homes = homes_of(session, named, local_day(now))
    return as_geojson(demand_of(session, homes, now), homes)


def as_geojson(figures: Sequence[Figure], homes: Sequence[Home]) -> dict[str, Any]:
    """Return demand as GeoJSON; `weight` is what a plan counts, `because` says from what."""
    names = {home.id: home for home in homes}
    features = [_feature(one, names[one.place.community_id]) for one in figures]
    return {
        "type": "FeatureCollection",
        "features": features,
        "total_weight": sum(one.weight for one in figures),
        "communities": len(homes),
    }


def _feature(one: Figure, home: Home) -> dict[str, Any]:
    because, because_zh = one.because()
    counted = one.counted
    return {
        "type": "Feature",
        "id": one.place.id,
        "geometry": {"type": "Point", "coordinates": [round(one.place.lon, 7), round(one.place.lat, 7)]},
        "properties": {
            "name": one.place.name,
            "community_id": home.id,
            "community_name": home.name,
            "community_kind": home.kind,
            "households": round(one.place.households, 1),
            "bikes": round(one.bikes, 1),
            "bikes_by": one.bikes_by,
            "bikes_per_household": one.bikes_per_household,
            "share_outside": one.share_outside,
            "share_by": one.share_by,
            "cases": round(one.cases, 2),
            "case_weight": one.case_weight,
            "weight": one.weight,
            "counted_bikes": float(counted["bikes"]) if counted else None,
            "counted_at": counted["counted_at"].isoformat() if counted else None,
            "inspection_id": counted["inspection_id"] if counted else None,
            "sources": list(one.sources),
            "because": because,
            "because_zh": because_zh,
        },
    }
