"""All SQL about rosters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from geo.tables import Community, County, Neighbourhood
from server.auth.tables import Unit, User
from server.communities.tables import Assignment, PropertyCompany, ServiceContract
from server.sheets.columns import plain


def units(session: Session) -> dict[str, str]:
    """Return the code of each unit by the plain form of its code and its Chinese name."""
    rows = session.execute(select(Unit.code, Unit.name_zh))
    return {plain(name): row.code for row in rows for name in row}


def companies(session: Session) -> dict[str, tuple[Unit, PropertyCompany]]:
    """Return every property company by its code."""
    rows = session.execute(select(Unit, PropertyCompany).join(PropertyCompany))
    return {row.Unit.code: (row.Unit, row.PropertyCompany) for row in rows}


def communities(session: Session, day: date) -> dict[str, list[tuple[Community, str]]]:
    """Return the communities that hold on a day with their neighbourhood, by the plain form of their name."""
    rows = session.execute(
        select(Community, Neighbourhood.name_zh)
        .join(Neighbourhood, Neighbourhood.code == Community.neighbourhood_code)
        .where(Community.valid_from <= day, or_(Community.valid_to.is_(None), Community.valid_to > day))
        .order_by(Community.community_id)
    )
    found: dict[str, list[tuple[Community, str]]] = {}
    for community, neighbourhood in rows:
        found.setdefault(plain(community.name), []).append((community, neighbourhood))
    return found


def contracts(session: Session) -> dict[UUID, list[ServiceContract]]:
    """Return all contracts by community."""
    found: dict[UUID, list[ServiceContract]] = {}
    for contract in session.scalars(select(ServiceContract)):
        found.setdefault(contract.community_id, []).append(contract)
    return found


def people(session: Session, usernames: Sequence[str]) -> dict[str, User]:
    """Return people by user name."""
    wanted = select(User).where(User.username.in_(usernames))
    return {user.username: user for user in session.scalars(wanted)}


def walks(session: Session, user_ids: Sequence[UUID]) -> dict[tuple[UUID, str], list[Assignment]]:
    """Return the assignments of these people, by person and cell."""
    found: dict[tuple[UUID, str], list[Assignment]] = {}
    for one in session.scalars(select(Assignment).where(Assignment.user_id.in_(user_ids))):
        found.setdefault((one.user_id, one.grid_cell_code), []).append(one)
    return found


def county(session: Session) -> tuple[BaseGeometry, int] | None:
    """Return the county's outline (WGS 84) and its metric CRS, None before it is loaded."""
    row = session.execute(select(County.geom, County.metric_srid)).first()
    return (to_shape(row.geom), row.metric_srid) if row else None


def neighbourhoods(session: Session) -> dict[str, list[str]]:
    """Return the codes that a neighbourhood's code or plain name may mean."""
    found: dict[str, list[str]] = {}
    for code, name in session.execute(select(Neighbourhood.code, Neighbourhood.name_zh)):
        for key in (code, plain(name)):
            found.setdefault(key, []).append(code)
    return found
