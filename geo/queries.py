"""Questions to the stored places: what lies where, which cells a community reaches over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

TravellingKind = Literal["grid_cell", "building", "facility"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A record as tablets see it, and the codes of the cells it lies in; none once its time has ended."""

    id: str
    version: int
    cells: frozenset[str]
    data: Mapping[str, Any]


def cell_at(session: Session, lon: float, lat: float, day: date) -> str | None:
    """Return the code of the grid cell that holds a point (WGS 84) on a day; on an edge the lowest code."""
    found: str | None = session.execute(
        text(
            "SELECT code FROM geo.grid_cell"
            " WHERE ST_Covers(geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))"
            " AND daterange(valid_from, valid_to) @> CAST(:day AS date) ORDER BY code LIMIT 1"
        ),
        {"lon": lon, "lat": lat, "day": day},
    ).scalar()
    return found


def community_at(session: Session, lon: float, lat: float, day: date) -> UUID | None:
    """Return the community that holds a point (WGS 84) on a day."""
    found: UUID | None = session.execute(
        text(
            "SELECT community_id FROM geo.community"
            " WHERE ST_Covers(geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))"
            " AND daterange(valid_from, valid_to) @> CAST(:day AS date) ORDER BY community_id LIMIT 1"
        ),
        {"lon": lon, "lat": lat, "day": day},
    ).scalar()
    return found


def existing_cells(session: Session, codes: Iterable[str], day: date) -> set[str]:
    """Return those of the codes that are cells which still hold on a day or later."""
    found = session.execute(
        text(
            "SELECT code FROM geo.grid_cell WHERE code = ANY(CAST(:codes AS text[]))"
            " AND (valid_to IS NULL OR valid_to > CAST(:day AS date))"
        ),
        {"codes": list(codes), "day": day},
    )
    return set(found.scalars())


def fill_community_cells(session: Session, community_ids: Sequence[UUID], day: date | None = None) -> None:
    """Compute anew which cells these communities reach over, with areas in the county's metric CRS.

    Cells that ended on the day (None is today in the county) or before are left out. Slivers below a square
    metre do not count: neighbouring outlines may differ by rounding.
    """
    session.execute(_sql("community_cells"), {"ids": [str(found) for found in community_ids], "day": day})


def cells_now(
    session: Session, places: Sequence[tuple[str, float | None, float | None]], day: date | None = None
) -> list[tuple[str, ...]]:
    """Return for each cell code with a position (WGS 84, or None) the cells that came of it by the day.

    A cell that still holds, or of which nothing came, stays; of several the one that holds the position, else
    the nearest; without a position all of them.
    """
    codes, lons, lats = ([place[n] for place in places] for n in range(3))
    given = {"codes": codes, "lons": lons, "lats": lats, "day": day or _today(session)}
    rows = session.execute(_sql("cells_now"), given) if places else ()
    found = {row.place: tuple(row.heirs) for row in rows}
    return [_heirs(place, found.get(n, ())) for n, place in enumerate(places, 1)]


def _heirs(place: tuple[str, float | None, float | None], heirs: tuple[str, ...]) -> tuple[str, ...]:
    if not heirs:
        return (place[0],)
    return heirs if place[1] is None else heirs[:1]


def placed(
    session: Session, kind: TravellingKind, ids: Sequence[str], day: date | None = None
) -> list[Placed]:
    """Return records of one kind as tablets see them; `day` None is today in the county's time zone."""
    rows = session.execute(_sql(f"travelling_{kind}"), {"ids": list(ids)})
    today = day or _today(session)
    return [_placed(dict(row._mapping), today) for row in rows]


def _today(session: Session) -> date:
    found: date = session.execute(text("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")).scalar_one()
    return found


def _placed(row: Mapping[str, Any], today: date) -> Placed:
    ended = row["valid_to"] is not None and row["valid_to"] <= today
    return Placed(row["id"], row["version"], frozenset(() if ended else row["cells"]), row["data"])


@cache
def _sql(name: str) -> TextClause:
    return text(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8"))
