"""All SQL about charging sites."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from geo.tables import Community
from server.communities.territory import Territory
from server.siting.tables import ChargingSite

_SITES, _SEEN = (
    text(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")) for name in ("sites", "seen")
)


def wires(session: Session, ids: Sequence[str]) -> Sequence[Any]:
    """Return sites as tablets and lists see them: `id`, `version`, `cells`, `data`."""
    return session.execute(_SITES, {"ids": list(ids)}).all()


def sites_in(session: Session, community_ids: Sequence[str]) -> list[str]:
    """Return the sites of these communities, locked: they carry its name, and stand in its cells."""
    wanted = select(ChargingSite.site_id).where(ChargingSite.community_id.in_(community_ids))
    locked = wanted.order_by(ChargingSite.site_id).with_for_update(of=ChargingSite)
    return [str(one) for one in session.scalars(locked)]


def standing(session: Session, ids: Collection[UUID], *, lock: bool) -> Sequence[Any]:
    """Return `(ChargingSite, lon, lat, the community's valid_to)` of those that exist, ordered by id."""
    wanted = (
        select(ChargingSite, func.ST_X(ChargingSite.geom), func.ST_Y(ChargingSite.geom), Community.valid_to)
        .join(Community, Community.community_id == ChargingSite.community_id)
        .where(ChargingSite.site_id.in_(ids))
        .order_by(ChargingSite.site_id)
        .execution_options(populate_existing=True)
    )
    return session.execute(wanted.with_for_update(of=ChargingSite) if lock else wanted).all()


def seen(
    session: Session,
    territory: Territory,
    *,
    ids: Collection[UUID] | None = None,
    community_id: UUID | None = None,
    status: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[tuple[UUID, datetime]]:
    """Return id and moment of the sites that lie within a territory, the newest proposal first."""
    after_at, after_id = after or (None, None)
    given = {
        **territory.parameters(),
        "ids": None if ids is None else [str(one) for one in ids],
        "community_id": community_id,
        "status": status,
        "after_at": after_at,
        "after_id": after_id,
        "limit": limit,
    }
    return [(UUID(str(row[0])), row[1]) for row in session.execute(_SEEN, given)]


def insert_site(session: Session, columns: Mapping[str, Any]) -> None:
    """Store a new site; `location` is `{lon, lat}` in WGS 84."""
    session.execute(insert(ChargingSite).values(**_with_point(columns), version=1, origin="surveyed"))


def store_site(session: Session, site_id: UUID, columns: Mapping[str, Any], version: int) -> None:
    """Store columns of a site; `location` is `{lon, lat}` in WGS 84."""
    session.execute(
        update(ChargingSite)
        .where(ChargingSite.site_id == site_id)
        .values(**_with_point(columns), version=version)
    )


def _with_point(columns: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(columns)
    place = given.pop("location", None)
    if place is not None:
        given["geom"] = func.ST_SetSRID(func.ST_MakePoint(place["lon"], place["lat"]), 4326)
    return given
