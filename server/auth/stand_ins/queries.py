"""Reading and writing stand-ins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from server.auth.stand_ins.tables import StandIn, StandInNote
from server.auth.tables import Unit, User

_IN_FORCE = text(
    "SELECT a.role, a.unit_code, u.kind, u.division_code FROM server.stand_in s"
    ' JOIN server."user" a ON a.user_id = s.absent_id JOIN server."user" d ON d.user_id = s.deputy_id'
    " JOIN server.unit u ON u.code = a.unit_code"
    " WHERE s.absent_id = :absent_id AND s.deputy_id = :deputy_id AND :day BETWEEN s.from_on AND s.to_on"
    " AND s.revoked_at IS NULL AND a.active AND a.unit_code = d.unit_code"
)
_LIST = text(
    "SELECT s.stand_in_id, s.absent_id, a.username AS absent_username, a.display_name AS absent_name,"
    " a.role AS absent_role, s.deputy_id, d.username AS deputy_username, d.display_name AS deputy_name,"
    " d.role AS deputy_role, s.from_on, s.to_on, s.reason, n.display_name AS named_by_name, s.named_by,"
    " s.named_at, s.revoked_at, r.display_name AS revoked_by_name"
    ' FROM server.stand_in s JOIN server."user" a ON a.user_id = s.absent_id'
    ' JOIN server."user" d ON d.user_id = s.deputy_id JOIN server."user" n ON n.user_id = s.named_by'
    ' LEFT JOIN server."user" r ON r.user_id = s.revoked_by'
    " WHERE (CAST(:whose AS uuid) IS NULL OR :whose IN (s.absent_id, s.deputy_id, s.named_by))"
    " AND (CAST(:stand_in_id AS uuid) IS NULL OR s.stand_in_id = :stand_in_id)"
    " ORDER BY s.to_on DESC, s.stand_in_id DESC LIMIT :limit"
)


def in_force(session: Session, absent_id: UUID, deputy_id: UUID, day: date) -> Any | None:
    """Return role, unit, its kind and division of the absent; None where the other does not act for them."""
    given = {"absent_id": absent_id, "deputy_id": deputy_id, "day": day}
    return session.execute(_IN_FORCE, given).one_or_none()


def stand_ins(
    session: Session, *, whose: UUID | None, limit: int, stand_in_id: UUID | None = None
) -> list[Mapping[str, Any]]:
    """Return the stand-ins that touch a person, or all; those that end last first."""
    given = {"whose": whose, "stand_in_id": stand_in_id, "limit": limit}
    return [dict(row) for row in session.execute(_LIST, given).mappings()]


def notes(session: Session, ids: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """Return `stand_in_id`, `at`, `by`, `words` of the notes of these stand-ins, in order."""
    found = (
        select(StandInNote.stand_in_id, StandInNote.at, User.display_name.label("by"), StandInNote.words)
        .join(User, User.user_id == StandInNote.user_id)
        .where(StandInNote.stand_in_id.in_(ids))
        .order_by(StandInNote.stand_in_note_id)
    )
    return [dict(row) for row in session.execute(found).mappings()]


def colleagues(session: Session, unit_code: str) -> list[Mapping[str, Any]]:
    """Return `user_id`, `username`, `display_name`, `role` of the active people of a unit, by name."""
    found = select(User.user_id, User.username, User.display_name, User.role)
    wanted = found.where(User.unit_code == unit_code, User.active).order_by(User.username)
    return [dict(row) for row in session.execute(wanted).mappings()]


def person(session: Session, username: str) -> tuple[User, Unit] | None:
    """Return the active person of this name with their unit."""
    found = select(User, Unit).join(Unit, Unit.code == User.unit_code)
    row = session.execute(found.where(User.username == username, User.active)).one_or_none()
    return None if row is None else (row[0], row[1])


def overlapping(session: Session, absent_id: UUID, first: date, last: date) -> bool:
    """Return whether somebody stands in on one of these days; the person is locked until the end."""
    session.execute(select(User.user_id).where(User.user_id == absent_id).with_for_update())
    found = select(StandIn.stand_in_id).where(
        StandIn.absent_id == absent_id,
        StandIn.revoked_at.is_(None),
        StandIn.from_on <= last,
        StandIn.to_on >= first,
    )
    return session.scalar(found.limit(1)) is not None


def add(session: Session, made: StandIn) -> None:
    """Store a new stand-in."""
    session.add(made)
    session.flush()


def add_note(session: Session, stand_in_id: UUID, by: UUID, words: str, now: datetime) -> None:
    """Add a remark."""
    session.add(StandInNote(stand_in_id=stand_in_id, user_id=by, words=words, at=now))
    session.flush()


def revoke(session: Session, stand_in_id: UUID, by: UUID, now: datetime) -> bool:
    """End a stand-in unless it is revoked; return whether it was in force until now."""
    ended = (
        update(StandIn)
        .where(StandIn.stand_in_id == stand_in_id, StandIn.revoked_at.is_(None))
        .values(revoked_at=now, revoked_by=by)
        .returning(StandIn.stand_in_id)
    )
    return session.execute(ended).scalar() is not None
