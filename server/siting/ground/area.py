"""Which communities somebody plans for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.siting.ground.errors import CommunitiesUnknown, NoCommunities

_COMMUNITIES = text(
    "SELECT c.community_id::text AS id, c.name, c.kind, c.households,"
    " c.neighbourhood_code::text AS neighbourhood,"
    " ST_AsBinary(ST_Transform(c.geom, k.metric_srid)) AS outline"
    " FROM geo.community c CROSS JOIN geo.county k"
    " WHERE daterange(c.valid_from, c.valid_to) @> CAST(:day AS date)"
    " AND (c.community_id = ANY(CAST(:ids AS uuid[])) OR left(c.neighbourhood_code::text, 9) = ANY(:streets)"
    " OR c.neighbourhood_code::text = ANY(:neighbourhoods))"
    " ORDER BY c.neighbourhood_code, c.community_id"
)
_STREETS = text("SELECT code FROM geo.subdistrict")
_SRID = text("SELECT metric_srid FROM geo.county")


@dataclass(frozen=True, slots=True)
class Named:
    """An area as somebody names it: communities, neighbourhoods (12 digits), subdistricts (9 digits)."""

    communities: tuple[UUID, ...] = ()
    neighbourhoods: tuple[str, ...] = ()
    subdistricts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Home:
    """A community with its outline in metres."""

    id: str
    name: str
    kind: str
    neighbourhood: str
    households: int
    outline: BaseGeometry

    @property
    def street(self) -> str:
        """The code of its subdistrict."""
        return self.neighbourhood[:9]


def metric_srid(session: Session) -> int:
    """Return the EPSG code of the county's metres."""
    return int(session.execute(_SRID).scalar_one())


def homes_on(session: Session, day: date) -> list[Home]:
    """Return all communities of the county on a day, by neighbourhood; none where none stands."""
    given = {"day": day, "ids": [], "streets": list(session.scalars(_STREETS)), "neighbourhoods": []}
    return _homes(session, given)


def _homes(session: Session, given: Mapping[str, Any]) -> list[Home]:
    rows = session.execute(_COMMUNITIES, given).mappings()
    return [Home(**{**row, "outline": shapely.from_wkb(bytes(row["outline"]))}) for row in rows]


def homes_of(session: Session, named: Named, day: date) -> list[Home]:
    """Return the communities of an area on a day, by neighbourhood.

    Raises:
        CommunitiesUnknown: one that is named does not stand then. NoCommunities: none stands there.
    """
    given = {
        "day": day,
        "ids": [str(one) for one in named.communities],
        "streets": list(named.subdistricts),
        "neighbourhoods": list(named.neighbourhoods),
    }
    found = _homes(session, given)
    _all_known(named.communities, {one.id for one in found})
    if not found:
        raise NoCommunities
    return found


def _all_known(asked: Sequence[UUID], known: set[str]) -> None:
    missing = [(at, str(one)) for at, one in enumerate(asked) if str(one) not in known]
    if missing:
        raise CommunitiesUnknown(missing)
