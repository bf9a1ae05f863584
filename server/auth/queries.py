"""Reading and writing people, units, devices and tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, true, update
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import Reach
from server.auth.tables import RefreshToken, Unit, User
from sync.fixed import Fixed

# Every request asks it: plain text costs a third of what building the statement anew would.
_ACTOR = Fixed(
    "SELECT p.user_id, p.username, p.display_name, p.role, p.unit_code, u.kind, d.device_id,"
    " d.revoked_at IS NOT NULL, u.division_code, d.enrolled_at"
    ' FROM server."user" p JOIN server.unit u ON u.code = p.unit_code'
    " LEFT JOIN server.device d ON d.device_id = CAST(:device_id AS uuid) AND d.user_id = p.user_id"
    " WHERE p.user_id = CAST(:user_id AS uuid) AND p.active"
)


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit as lists show it."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    division_code: str | None
    origin: str
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A user with the unit they belong to; no password hash."""

    user_id: UUID
    username: str
    display_name: str
    role: str
    active: bool
    origin: str
    created_at: datetime
    unit: UnitView


def actor_by_id(session: Session, user_id: UUID, device_id: UUID | None) -> Actor | None:
    """Return the active person behind a token; None when they are gone or the tablet is not theirs."""
    wanted = {"user_id": str(user_id), "device_id": str(device_id) if device_id else None}
    rows = _ACTOR.rows(session, wanted)
    if not rows:
        return None
    found = Actor(*rows[0])
    return found if found.device_id == device_id else None


def user_by_name(session: Session, username: str) -> User | None:
    """Return the user of this name."""
    return session.scalar(select(User).where(User.username == username))


def person(session: Session, user_id: UUID) -> Person | None:
    """Return one user with their unit."""
    row = session.execute(_people().where(User.user_id == user_id)).one_or_none()
    return None if row is None else _person(row)


def people(
    session: Session,
    actor: Actor | None,
    scope: Reach,
    text: str | None,
    after: str | None,
    limit: int,
    *,
    unit: str | None = None,
    role: str | None = None,
    active: bool | None = None,
) -> list[Person]:
    """Return the users within reach by name; `after` is the last name of the page before.

    Without an actor (the command line) everybody is within reach.
    """
    wanted = _people().where(_within(actor, scope)).order_by(User.username).limit(limit)
    for column, value in ((User.unit_code, unit), (User.role, role), (User.active, active)):
        if value is not None:
            wanted = wanted.where(column == value)
    if text:
        wanted = wanted.where(or_(_contains(User.username, text), _contains(User.display_name, text)))
    if after is not None:
        wanted = wanted.where(User.username > after)
    return [_person(row) for row in session.execute(wanted)]


def unit(session: Session, code: str) -> Unit | None:
    """Return one unit."""
    return session.get(Unit, code)


def unit_of_division(session: Session, division_code: str) -> Unit | None:
    """Return the unit that answers for an official division today."""
    return session.scalar(select(Unit).where(Unit.division_code == division_code, Unit.closed_on.is_(None)))


def units(
    session: Session, text: str | None, kind: str | None, after: str | None, limit: int
) -> list[UnitView]:
    """Return units by code; `after` is the last code of the page before."""
    wanted = select(Unit).order_by(Unit.code).limit(limit)
    if text:
        wanted = wanted.where(
            or_(_contains(Unit.name_zh, text), _contains(Unit.name_en, text), _contains(Unit.code, text))
        )
    if kind:
        wanted = wanted.where(Unit.kind == kind)
    if after is not None:
        wanted = wanted.where(Unit.code > after)
    return [unit_view(found) for found in session.scalars(wanted)]


def refresh_token_for_update(session: Session, token_hash: bytes) -> RefreshToken | None:
    """Return a refresh token, locked until the transaction ends."""
    return session.scalar(select(RefreshToken).where(RefreshToken.token_hash == token_hash).with_for_update())


def end_predecessor(session: Session, token: RefreshToken, now: datetime) -> None:
    """End the token that this one replaces, and whatever else was handed out for it."""
    session.execute(
        update(RefreshToken)
        .where(
            or_(RefreshToken.token_hash == token.replaces, RefreshToken.replaces == token.replaces),
            RefreshToken.token_hash != token.token_hash,
            RefreshToken.user_id == token.user_id,
            RefreshToken.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def end_tokens(session: Session, user_id: UUID, now: datetime, *, devices: bool) -> None:
    """End the refresh tokens of a person's sign-ins; with `devices` those of their tablets too."""
    scope = true() if devices else RefreshToken.device_id.is_(None)
    session.execute(
        update(RefreshToken)
        .where(RefreshToken.user_id == user_id, RefreshToken.ended_at.is_(None), scope)
        .values(ended_at=now)
    )


def unit_view(found: Unit) -> UnitView:
    """Return a unit as lists show it."""
    return UnitView(
        found.code,
        found.name_zh,
        found.name_en,
        found.kind,
        found.division_code,
        found.origin,
        found.closed_on,
    )


def _people() -> Select[*tuple[Any, ...]]:
    return select(User, Unit).join(Unit, Unit.code == User.unit_code)


def _person(row: Sequence[Any]) -> Person:
    user, of = row
    return Person(
        user.user_id,
        user.username,
        user.display_name,
        user.role,
        user.active,
        user.origin,
        user.created_at,
        unit_view(of),
    )


def _within(actor: Actor | None, scope: Reach) -> ColumnElement[bool]:
    if actor is None or scope is Reach.COUNTY:
        return true()
    if actor.division_code is None or scope is Reach.UNIT:
        return User.unit_code == actor.unit_code
    return func.starts_with(Unit.division_code, actor.division_code)


def _contains(column: Any, text: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.icontains(text, autoescape=True)
    return found
