"""All SQL about cells that change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import shapely
from shapely.geometry import Polygon
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from server.cells.rules import Held, Moves

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('geo.grid_cell'))")
_CELLS = text(
    "SELECT code, neighbourhood_code, ST_AsBinary(geom) AS wkb, valid_from, valid_to FROM geo.grid_cell"
    " WHERE code = ANY(CAST(:codes AS text[])) ORDER BY code FOR NO KEY UPDATE"
)
_LAST_NUMBER = text(
    "SELECT max(right(code::text, 3)::integer) FROM geo.grid_cell WHERE neighbourhood_code = :neighbourhood"
)
_END = text("UPDATE geo.grid_cell SET valid_to = :day WHERE code = ANY(CAST(:codes AS text[]))")
_HOLD_AGAIN = text("UPDATE geo.grid_cell SET valid_to = NULL WHERE code = ANY(CAST(:codes AS text[]))")
_NEVER_HELD = text("UPDATE geo.grid_cell SET valid_to = valid_from WHERE code = ANY(CAST(:codes AS text[]))")
_CODES_OF = text(
    "SELECT code::text FROM geo.grid_cell WHERE neighbourhood_code = :neighbourhood"
    " AND valid_from <= CAST(:day AS date) AND valid_to IS NULL ORDER BY code"
)
_ADD = text(
    "INSERT INTO geo.grid_cell"
    " (code, neighbourhood_code, geom, management_grade, responsible_unit, origin, valid_from)"
    " SELECT :code, neighbourhood_code, ST_GeomFromWKB(:wkb, 4326), management_grade, responsible_unit,"
    " origin, :day FROM geo.grid_cell WHERE code = :like"
)
_COMMUNITIES = text(
    "SELECT community_id FROM geo.community WHERE community_id IN (SELECT community_id"
    " FROM geo.community_cell WHERE grid_cell_code = ANY(CAST(:codes AS text[])))"
    " ORDER BY community_id FOR UPDATE"
)
_HELD = text(
    "SELECT assignment_id, user_id, grid_cell_code AS code, valid_from, valid_to FROM server.assignment"
    " WHERE grid_cell_code = ANY(CAST(:codes AS text[])) AND (valid_to IS NULL OR valid_to > :day)"
    " ORDER BY assignment_id FOR UPDATE"
)
_NOTE_MOVED = (
    "INSERT INTO server.assignment_moved (change_id, assignment_id, was)"
    " SELECT :change_id, assignment_id, to_jsonb(a) FROM server.assignment a"
    " WHERE assignment_id = ANY(CAST(:old AS uuid[]));"
    "UPDATE server.assignment SET valid_to = :day WHERE assignment_id = ANY(CAST(:ended AS uuid[]));"
    "DELETE FROM server.assignment WHERE assignment_id = ANY(CAST(:gone AS uuid[]));"
    "INSERT INTO server.assignment SELECT * FROM jsonb_populate_recordset(NULL::server.assignment,"
    " CAST(:made AS jsonb));"
)
_ADD_CHANGE = text(
    "INSERT INTO geo.cell_change (change_id, kind, starts_on, why, made_by, made_at)"
    " VALUES (:change_id, :kind, :day, :why, :made_by, :now)"
)
_ADD_LINEAGE = text(
    "INSERT INTO geo.cell_lineage (change_id, predecessor, successor) SELECT :change_id, p, s"
    " FROM unnest(CAST(:old AS text[])) p, unnest(CAST(:new AS text[])) s"
)
_CHANGE = text(
    "SELECT c.*, ARRAY(SELECT DISTINCT predecessor::text FROM geo.cell_lineage l"
    " WHERE l.change_id = c.change_id ORDER BY 1) AS predecessors,"
    " ARRAY(SELECT DISTINCT successor::text FROM geo.cell_lineage l"
    " WHERE l.change_id = c.change_id ORDER BY 1) AS successors"
    " FROM geo.cell_change c WHERE c.change_id = :change_id FOR UPDATE"
)
_UNDONE = text("UPDATE geo.cell_change SET undone_by = :by, undone_at = :now WHERE change_id = :change_id")
_INSPECTIONS = text(
    "SELECT i.inspection_id::text FROM server.inspection i JOIN sync.bucket_entry b"
    " ON b.entity = 'inspection' AND b.entity_id = i.inspection_id::text AND b.alive"
    " WHERE i.grid_cell_code = ANY(CAST(:codes AS text[])) ORDER BY 1"
)
_PEOPLE = text(
    'SELECT user_id::text, username, display_name FROM server."user"'
    " WHERE user_id = ANY(CAST(:ids AS uuid[])) ORDER BY username"
)


def lock(session: Session) -> None:
    """Let one change of cells go on at a time, until the transaction ends."""
    session.execute(_LOCK)


def cells(session: Session, codes: Sequence[str]) -> list[tuple[Any, Polygon]]:
    """Return those of these cells that exist, each with its outline in WGS 84, locked."""
    rows = session.execute(_CELLS, {"codes": list(codes)}).all()
    return [(row, outline_of(row.wkb)) for row in rows]


def outline_of(wkb: Any) -> Polygon:
    """Return the outline of a cell, which the database keeps to be a polygon."""
    shape = shapely.from_wkb(bytes(wkb))
    assert isinstance(shape, Polygon)
    return shape


def last_number(session: Session, neighbourhood: str) -> int:
    """Return the largest number that a cell of a neighbourhood ever had."""
    found: int = session.execute(_LAST_NUMBER, {"neighbourhood": neighbourhood}).scalar_one()
    return found


def cells_of(session: Session, neighbourhood: str, day: date) -> list[tuple[Any, Polygon]]:
    """Return the cells of a neighbourhood that hold on a day and have no end, with their outlines."""
    codes = session.scalars(_CODES_OF, {"neighbourhood": neighbourhood, "day": day})
    return cells(session, list(codes))


def replace(
    session: Session,
    codes: Sequence[str],
    outlines: Mapping[str, Polygon],
    day: date,
    likes: Mapping[str, str],
) -> None:
    """End cells on a day and let others begin.

    Args:
        likes: of which ended cell a new one is the heir and knows the same; else it is the first.
    """
    session.execute(_END, {"codes": list(codes), "day": day})
    for code, outline in outlines.items():
        wkb = shapely.to_wkb(outline)
        session.execute(_ADD, {"code": code, "wkb": wkb, "day": day, "like": likes.get(code, codes[0])})


def take_back(session: Session, ended: Sequence[str], begun: Sequence[str]) -> None:
    """Let ended cells hold again, as though those that begun instead had never been."""
    session.execute(_NEVER_HELD, {"codes": list(begun)})
    session.execute(_HOLD_AGAIN, {"codes": list(ended)})


def communities(session: Session, codes: Sequence[str]) -> list[UUID]:
    """Return the communities that reach over these cells, locked: work from the field waits meanwhile."""
    return list(session.scalars(_COMMUNITIES, {"codes": list(codes)}))


def held(session: Session, codes: Sequence[str], day: date) -> list[Held]:
    """Return the assignments to these cells that hold on a day or later, locked."""
    rows = session.execute(_HELD, {"codes": list(codes), "day": day})
    return [Held(*row) for row in rows]


def move_assignments(session: Session, change_id: UUID, moves: Moves, day: date) -> None:
    """Carry assignments over, and keep how they stood before and after."""
    old = [str(one.assignment_id) for one in (*moves.ended, *moves.gone)]
    made = [
        {
            "assignment_id": str(one.assignment_id),
            "user_id": str(one.user_id),
            "grid_cell_code": one.code,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }
        for one in moves.made
    ]
    given = {
        "change_id": change_id,
        "old": old,
        "ended": [str(one.assignment_id) for one in moves.ended],
        "gone": [str(one.assignment_id) for one in moves.gone],
        "made": orjson.dumps(made).decode(),
        "day": day,
    }
    session.execute(text(_NOTE_MOVED), given)
    ids = [*old, *(str(one.assignment_id) for one in moves.made)]
    session.execute(_sql("assignments_became"), {"change_id": change_id, "ids": ids})


def assignments_stand(session: Session, change_id: UUID) -> bool:
    """Return whether the assignments that a change moved still stand as it left them, and no others came."""
    found: bool = session.execute(_sql("assignments_stand"), {"change_id": change_id}).scalar_one()
    return found


def assignments_back(session: Session, change_id: UUID) -> list[str]:
    """Let assignments stand as before a change; return the ids of all that it had moved."""
    return list(session.scalars(_sql("assignments_back"), {"change_id": change_id}))


def add_change(
    session: Session,
    *,
    change_id: UUID,
    kind: str,
    old: Sequence[str],
    new: Sequence[str],
    why: str,
    day: date,
    made_by: UUID | None,
    now: datetime,
) -> None:
    """Write down what came of what, on which day, by whom and why."""
    given = {"change_id": change_id, "kind": kind, "day": day, "why": why, "made_by": made_by, "now": now}
    session.execute(_ADD_CHANGE, given)
    session.execute(_ADD_LINEAGE, {"change_id": change_id, "old": list(old), "new": list(new)})


def change(session: Session, change_id: UUID) -> Mapping[str, Any] | None:
    """Return a change with its `predecessors` and `successors`, locked; None when there is none."""
    row = session.execute(_CHANGE, {"change_id": change_id}).mappings().first()
    return None if row is None else dict(row)


def undone(session: Session, change_id: UUID, by: UUID | None, now: datetime) -> None:
    """Write down that a change was undone."""
    session.execute(_UNDONE, {"change_id": change_id, "by": by, "now": now})


def recorded(session: Session, codes: Sequence[str], since: datetime) -> Mapping[str, int]:
    """Return how many inspections, new cases, complaints and later changes name these cells."""
    row = session.execute(_sql("recorded"), {"codes": list(codes), "since": since}).mappings().one()
    return dict(row)


def changes(
    session: Session, *, division: str | None, cell: str | None, after: Sequence[str] | None, limit: int
) -> list[dict[str, Any]]:
    """Return changes as JSON, the newest first; with `cell` those of the cell's ancestors and descendants."""
    after_at, after_id = after or (None, None)
    given = {"division": division, "cell": cell, "after_at": after_at, "after_id": after_id, "limit": limit}
    return [dict(row) for row in session.execute(_sql("changes"), given).scalars()]


def inspections(session: Session, codes: Sequence[str]) -> list[str]:
    """Return the ids of the inspections of these cells that tablets still hold."""
    return list(session.scalars(_INSPECTIONS, {"codes": list(codes)}))


def people(session: Session, ids: Sequence[UUID]) -> list[dict[str, str]]:
    """Return id and names of these people."""
    rows = session.execute(_PEOPLE, {"ids": [str(one) for one in ids]})
    return [dict(row) for row in rows.mappings()]


def shown(session: Session, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Return cells as JSON with the communities and open cases that lie in them, by code."""
    return [dict(row) for row in session.execute(_sql("shown"), {"codes": list(codes)}).scalars()]


def metric_srid(session: Session) -> int:
    """Return the EPSG code in which the county measures metres."""
    found: int = session.execute(text("SELECT metric_srid FROM geo.county")).scalar_one()
    return found


@cache
def _sql(name: str) -> TextClause:
    return text(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8"))
