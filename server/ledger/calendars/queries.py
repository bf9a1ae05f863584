"""The rows of the work calendar, what they were, and the open cases that a change may reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.calendars.moving import Step
from server.ledger.terms import midnight

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('server.calendar_day'))")
_DAYS = text(
    "SELECT day, kind, name, provisional, source FROM server.calendar_day"
    " WHERE day >= :first AND day < :beyond ORDER BY day"
)
_DELETE = text("DELETE FROM server.calendar_day WHERE day = ANY(CAST(:days AS date[]))")
_INSERT = text(
    "INSERT INTO server.calendar_day (day, kind, name, provisional, source)"
    " SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb))"
    " AS d (day date, kind text, name text, provisional boolean, source text)"
)
_WRITE_DOWN = text(
    "INSERT INTO server.calendar_change (changed_at, changed_by, day, was, becomes)"
    " SELECT :now, CAST(:actor AS uuid), day, was, becomes FROM jsonb_to_recordset(CAST(:rows AS jsonb))"
    " AS d (day date, was jsonb, becomes jsonb)"
)
_CHANGES = text(
    "SELECT changed_at, changed_by, day, was, becomes FROM server.calendar_change"
    " WHERE day >= :first AND day < :beyond ORDER BY change_id DESC LIMIT :most"
)
_SINCE = text(
    "SELECT day, was FROM server.calendar_change WHERE changed_at >= :since ORDER BY change_id DESC"
)
# Only limits in working time know the calendar; a day after the deadline does not move it.
_REACHED = (
    'SELECT case_id, head_seq, head_hash, version, state, level, due_at, number FROM server."case"'
    " WHERE ended_at IS NULL AND limit_unit IN ('wh', 'wd') AND due_at >= :first AND filed_at < :beyond"
    " ORDER BY case_id"
)
_STEPS = text(
    "SELECT case_id, command, from_state, to_state, recorded_at, canonical::jsonb -> 'facts' AS facts"
    " FROM server.case_entry WHERE case_id = ANY(CAST(:ids AS uuid[]))"
    " AND (canonical::jsonb -> 'facts' ?| ARRAY['due_at', 'limit_amount']"
    " OR 'suspended' IN (from_state, to_state))"
    " ORDER BY case_id, seq"
)
_MOVE = text(
    'UPDATE server."case" c SET due_at = m.due_at, yellow_at = m.yellow_at'
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:dues AS timestamptz[]), CAST(:yellows AS timestamptz[]))"
    " AS m (case_id, due_at, yellow_at) WHERE c.case_id = m.case_id"
)
MOST_CHANGES = 1000


def lock(session: Session) -> None:
    """Let one load at a time change the calendar, until the transaction ends."""
    session.execute(_LOCK)


def days(session: Session, first: date, beyond: date) -> list[dict[str, Any]]:
    """Return the differing days of a span in order."""
    rows = session.execute(_DAYS, {"first": first, "beyond": beyond})
    return [dict(row) for row in rows.mappings()]


def store(session: Session, changes: Sequence[Mapping[str, Any]], actor: UUID | None, now: datetime) -> None:
    """Change days, and write down what they were."""
    session.execute(_DELETE, {"days": [one["day"] for one in changes]})
    new = [{"day": one["day"], **one["becomes"]} for one in changes if one["becomes"] is not None]
    session.execute(_INSERT, {"rows": _json(new)})
    session.execute(_WRITE_DOWN, {"now": now, "actor": str(actor) if actor else None, "rows": _json(changes)})


def changes(session: Session, first: date, beyond: date) -> list[dict[str, Any]]:
    """Return what was changed of a span, newest first."""
    rows = session.execute(_CHANGES, {"first": first, "beyond": beyond, "most": MOST_CHANGES})
    return [dict(row) for row in rows.mappings()]


def changed_since(session: Session, since: datetime) -> list[tuple[date, Any]]:
    """Return the days changed since an instant with what they were, the newest change first."""
    return [(row.day, row.was) for row in session.execute(_SINCE, {"since": since})]


def reached(session: Session, first: date, last: date, *, locked: bool) -> Sequence[Any]:
    """Return the open cases whose present limit may touch these days, locked in the order of their ids."""
    bounds = {"first": midnight(first), "beyond": midnight(last) + timedelta(days=1)}
    return session.execute(text(_REACHED + (" FOR UPDATE" if locked else "")), bounds).all()


def steps(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Step]]:
    """Return what set limits and deadlines of these cases, in order."""
    found: dict[UUID, list[Step]] = {}
    for case_id, *rest in session.execute(_STEPS, {"ids": [str(one) for one in ids]}):
        found.setdefault(case_id, []).append(Step(*rest))
    return found


def move(session: Session, moved: Sequence[tuple[UUID, datetime, datetime]]) -> None:
    """Set deadline and yellow light of cases."""
    ids, dues, yellows = zip(*moved, strict=True)
    session.execute(_MOVE, {"ids": [str(one) for one in ids], "dues": list(dues), "yellows": list(yellows)})


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
