"""Reading communities, cells, neighbourhoods and assignments; `day` is a local date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from geo import queries as places
from server.auth.tables import User
from server.communities.tables import Assignment
from server.communities.territory import Territory
from sync.fixed import Fixed

# The columns are those of `CommunityFacts`, in their order.
_HOLD = Fixed(
    "SELECT FROM geo.community WHERE community_id = ANY(CAST(:ids AS uuid[]))"
    " ORDER BY community_id FOR KEY SHARE"
)
_FACTS = Fixed("SELECT * FROM server.community_facts(CAST(:ids AS uuid[]), CAST(:day AS date))")


@dataclass(frozen=True, slots=True)
class CommunityFacts:
    """What rules need to know of a community on a day.

    Attributes:
        company_unit: the property company whose contract is valid that day, or None.
        holds: whether the community itself is valid that day; a retired one keeps its records.
    """

    community_id: UUID
    name: str
    kind: str
    neighbourhood_code: str
    subdistrict_code: str
    grid_cell_codes: tuple[str, ...]
    company_unit: str | None
    warranty_until: date | None
    households: int
    origin: str
    holds: bool


def cells_of(session: Session, user_id: UUID, day: date) -> list[str]:
    """Return the codes of the grid cells that a person walks on a day, in order."""
    found = session.execute(
        text(
            "SELECT a.grid_cell_code FROM server.assignment a"
            " JOIN geo.grid_cell g ON g.code = a.grid_cell_code"
            " WHERE a.user_id = :user_id AND daterange(a.valid_from, a.valid_to) @> CAST(:day AS date)"
            " AND daterange(g.valid_from, g.valid_to) @> CAST(:day AS date) ORDER BY 1"
        ),
        {"user_id": user_id, "day": day},
    )
    return list(found.scalars())


def hold(session: Session, ids: Iterable[UUID]) -> None:
    """Let nobody edit these communities until the transaction ends; it waits for an edit that is under way.

    Records carry the community's name to the tablets: what is written beside an edit must not miss it.
    """
    _HOLD.rows(session, {"ids": sorted(str(one) for one in ids)})


def communities_by_id(
    session: Session, ids: Iterable[UUID], day: date | None = None
) -> dict[UUID, CommunityFacts]:
    """Return the facts of these communities, retired ones too; `day` None is today in the county."""
    rows = _FACTS.rows(session, {"ids": [str(found) for found in ids], "day": day})
    return {row[0]: replace(CommunityFacts(*row), grid_cell_codes=tuple(row[5])) for row in rows}


def cell_at(session: Session, lon: float, lat: float, day: date) -> str | None:
    """Return the code of the grid cell that holds a point (WGS 84) on a day."""
    return places.cell_at(session, lon, lat, day)


def community_at(session: Session, lon: float, lat: float, day: date) -> UUID | None:
    """Return the community that holds a point (WGS 84) on a day."""
    return places.community_at(session, lon, lat, day)


def communities(
    session: Session,
    territory: Territory,
    filters: Mapping[str, Any],
    after: Sequence[str] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return communities as JSON by neighbourhood, name and id.

    Args:
        filters: `text`, `neighbourhood`, `subdistrict`, `kind`, `grid_cell`, `community_id`: text or None.
        after: neighbourhood code, name and id of the last one of the page before.
    """
    return _list(session, "list_communities", territory, filters, after, limit)


def grid_cells(
    session: Session,
    territory: Territory,
    filters: Mapping[str, Any],
    after: Sequence[str] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return grid cells as JSON by code; filters `neighbourhood`, `subdistrict`, `text` (in the code)."""
    return _list(session, "list_grid_cells", territory, filters, after, limit)


def neighbourhoods(
    session: Session, filters: Mapping[str, Any], after: Sequence[str] | None, limit: int
) -> list[dict[str, Any]]:
    """Return neighbourhoods and villages as JSON by code; filters `subdistrict`, `kind`, `text`."""
    return _list(session, "list_neighbourhoods", Territory(None), filters, after, limit)


def assignments(session: Session, ids: Sequence[str]) -> list[Assignment]:
    """Return the assignments with these ids."""
    wanted = select(Assignment).where(Assignment.assignment_id.in_([UUID(found) for found in ids]))
    return list(session.scalars(wanted))


def open_assignments(session: Session, user_id: UUID, day: date) -> list[Assignment]:
    """Return a person's assignments that hold on a day or later, the person locked against another change."""
    session.execute(select(User.user_id).where(User.user_id == user_id).with_for_update())
    wanted = select(Assignment).where(
        Assignment.user_id == user_id, (Assignment.valid_to.is_(None)) | (Assignment.valid_to > day)
    )
    return list(session.scalars(wanted))


def travelling_communities(session: Session, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return communities as tablets see them: `id`, `version`, `cells`, `data`."""
    found = session.execute(_sql("travelling_community"), {"ids": list(ids)})
    return [dict(row._mapping) for row in found]


def _list(
    session: Session,
    name: str,
    territory: Territory,
    filters: Mapping[str, Any],
    after: Sequence[str] | None,
    limit: int,
) -> list[dict[str, Any]]:
    pattern = None if not filters.get("text") else f"%{_escaped(filters['text'])}%"
    given = {**_NO_FILTER, **filters, **territory.parameters(), "text": pattern}
    place = dict(zip(("after_1", "after_2", "after_3"), [*(after or ()), None, None, None], strict=False))
    found = session.execute(_sql(name), {**given, **place, "limit": limit})
    return [dict(row) for row in found.scalars()]


_NO_FILTER = dict.fromkeys(("neighbourhood", "subdistrict", "kind", "grid_cell", "community_id"))


def _escaped(wanted: str) -> str:
    return wanted.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


@cache
def _sql(name: str) -> TextClause:
    return text((Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8"))
