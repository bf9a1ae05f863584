"""All SQL about who walks which cell; days are local."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.communities.assignments.rules import Moves, Span, Wanted

_CELLS = text(Path(__file__).with_name("cells.sql").read_text(encoding="utf-8"))
_CHANGES = text(Path(__file__).with_name("changes.sql").read_text(encoding="utf-8"))
_LOCK_CELLS = text(
    "SELECT code FROM geo.grid_cell WHERE code = ANY(CAST(:codes AS text[])) ORDER BY code FOR NO KEY UPDATE"
)
_SPANS = text(
    "SELECT assignment_id, user_id, grid_cell_code, valid_from, valid_to FROM server.assignment"
    " WHERE grid_cell_code = ANY(CAST(:codes AS text[])) AND (valid_to IS NULL OR valid_to > :starts)"
    " AND (CAST(:ends AS date) IS NULL OR valid_from < :ends) ORDER BY assignment_id FOR UPDATE"
)
_OF_WORKER = text(
    "SELECT a.grid_cell_code FROM server.assignment a JOIN geo.grid_cell g ON g.code = a.grid_cell_code"
    " WHERE a.user_id = :user_id AND daterange(a.valid_from, a.valid_to) @> CAST(:day AS date)"
    " AND daterange(g.valid_from, g.valid_to) @> CAST(:day AS date) ORDER BY 1"
)
_OF_CELL = text(
    "SELECT a.assignment_id, p.username, p.display_name AS name, p.active, a.valid_from, a.valid_to"
    ' FROM server.assignment a JOIN server."user" p USING (user_id) WHERE a.grid_cell_code = :code'
    " ORDER BY a.valid_from DESC, p.username"
)
_ADD = text(
    "INSERT INTO server.assignment_change (change_id, cells, worker, taken_from, beside, valid_from,"
    " valid_to, why, made_by, made_at) VALUES (:change_id, CAST(:cells AS text[]), :worker, :taken_from,"
    " :beside, :valid_from, :valid_to, :why, :made_by, :made_at)"
)
_ROWS = text(
    "INSERT INTO server.assignment_change_row (change_id, assignment_id, was, became)"
    " SELECT :change_id, r.assignment_id, r.was, r.became FROM jsonb_to_recordset(CAST(:rows AS jsonb))"
    " AS r (assignment_id uuid, was jsonb, became jsonb)"
)
_AS_JSON = text(
    "SELECT assignment_id, to_jsonb(a) AS row FROM server.assignment a"
    " WHERE assignment_id = ANY(CAST(:ids AS uuid[]))"
)
_END = text("UPDATE server.assignment SET valid_to = :day WHERE assignment_id = ANY(CAST(:ids AS uuid[]))")
_DELETE = text("DELETE FROM server.assignment WHERE assignment_id = ANY(CAST(:ids AS uuid[]))")
_INSERT = text(
    "INSERT INTO server.assignment SELECT * FROM jsonb_populate_recordset(NULL::server.assignment,"
    " CAST(:rows AS jsonb))"
)
_CHANGE = text(
    "SELECT change_id, to_jsonb(cells) AS cells, valid_from, undone_at FROM server.assignment_change"
    " WHERE change_id = :id FOR UPDATE"
)
_CHANGED_ROWS = text(
    "SELECT r.assignment_id, r.was, r.became, to_jsonb(a) IS NOT DISTINCT FROM r.became AS stands"
    " FROM server.assignment_change_row r LEFT JOIN server.assignment a USING (assignment_id)"
    " WHERE r.change_id = :id"
)
_UNDONE = text("UPDATE server.assignment_change SET undone_by = :by, undone_at = :at WHERE change_id = :id")


def cells(
    session: Session, wanted: Mapping[str, Any], division: str | None, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """Return the cells of a day with who walks them; `wanted` holds `day`, `subdistrict`, `worker`."""
    values = {**wanted, "division": division, "after": after, "limit": limit}
    return [dict(row) for row in session.execute(_CELLS, values).mappings()]


def of_cell(session: Session, code: str) -> list[dict[str, Any]]:
    """Return everybody who walked, walks or will walk a cell, the latest first."""
    return [dict(row) for row in session.execute(_OF_CELL, {"code": code}).mappings()]


def cells_of_worker(session: Session, user_id: UUID, day: date) -> list[str]:
    """Return the codes of the cells that a worker walks on a day."""
    return list(session.scalars(_OF_WORKER, {"user_id": user_id, "day": day}))


def spans(session: Session, codes: Sequence[str], starts: date, ends: date | None) -> list[Span]:
    """Return what reaches into a while on these cells; cells and rows stay locked."""
    session.execute(_LOCK_CELLS, {"codes": list(codes)})
    rows = session.execute(_SPANS, {"codes": list(codes), "starts": starts, "ends": ends})
    return [Span(*row) for row in rows]


def add_change(
    session: Session, change_id: UUID, wanted: Wanted, why: str, made_by: UUID, now: datetime
) -> None:
    """Write down what was asked for."""
    values = {
        "change_id": change_id,
        "cells": list(wanted.cells),
        "worker": wanted.worker,
        "taken_from": wanted.taken_from,
        "beside": wanted.beside,
        "valid_from": wanted.starts,
        "valid_to": wanted.ends,
        "why": why,
        "made_by": made_by,
        "made_at": now,
    }
    session.execute(_ADD, values)


def carry_out(session: Session, change_id: UUID, moves: Moves, starts: date) -> None:
    """Let assignments stand as the moves say (every made one has its id), and keep how they stood before."""
    ended, gone = ([str(one.assignment_id) for one in part] for part in (moves.ended, moves.gone))
    made = [_row(one) for one in moves.made]
    ids = [*ended, *gone, *(one["assignment_id"] for one in made)]
    before = _as_json(session, ids)
    session.execute(_DELETE, {"ids": gone})
    session.execute(_END, {"ids": ended, "day": starts})
    session.execute(_INSERT, {"rows": orjson.dumps(made).decode()})
    after = _as_json(session, ids)
    kept = [{"assignment_id": id, "was": before.get(id), "became": after.get(id)} for id in ids]
    session.execute(_ROWS, {"change_id": change_id, "rows": orjson.dumps(kept).decode()})


def change(session: Session, change_id: UUID) -> Mapping[str, Any] | None:
    """Return `cells`, `valid_from` and `undone_at` of a change, locked; None when there is none."""
    row = session.execute(_CHANGE, {"id": change_id}).mappings().first()
    return None if row is None else dict(row)


def changed_rows(session: Session, change_id: UUID) -> list[Mapping[str, Any]]:
    """Return the rows of a change: `assignment_id`, `was`, `became`, and whether it `stands` as it became."""
    return [dict(row) for row in session.execute(_CHANGED_ROWS, {"id": change_id}).mappings()]


def put_back(session: Session, rows: Collection[Mapping[str, Any]]) -> None:
    """Let assignments stand as they were before a change."""
    was = [row["was"] for row in rows if row["was"] is not None]
    session.execute(_DELETE, {"ids": [str(row["assignment_id"]) for row in rows]})
    session.execute(_INSERT, {"rows": orjson.dumps(was).decode()})


def undone(session: Session, change_id: UUID, by: UUID, now: datetime) -> None:
    """Write down that a change was undone."""
    session.execute(_UNDONE, {"id": change_id, "by": by, "at": now})


def changes(
    session: Session,
    *,
    division: str | None,
    cell: str | None = None,
    change_id: UUID | None = None,
    after: Sequence[str] | None = None,
    limit: int = 1,
) -> list[dict[str, Any]]:
    """Return changes of the cells of a division, the newest first."""
    after_at, after_id = after or (None, None)
    values = {"division": division, "cell": cell, "change_id": change_id}
    given = {**values, "after_at": after_at, "after_id": after_id, "limit": limit}
    return [dict(row) for row in session.execute(_CHANGES, given).mappings()]


def _as_json(session: Session, ids: Sequence[str]) -> dict[str, Any]:
    rows = session.execute(_AS_JSON, {"ids": list(ids)})
    return {str(row.assignment_id): row.row for row in rows}


def _row(span: Span) -> dict[str, Any]:
    return {
        "assignment_id": str(span.assignment_id),
        "user_id": str(span.user_id),
        "grid_cell_code": span.code,
        "valid_from": span.valid_from.isoformat(),
        "valid_to": span.valid_to.isoformat() if span.valid_to else None,
    }
