"""Use cases of people: signing in, refreshing, creating a user, resetting a password."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import uuid6
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.auth import audit, passwords, queries, rules, tokens
from server.auth.actor import Actor
from server.auth.errors import (
    NameTaken,
    NameUnusable,
    NotSignedIn,
    TokenExpired,
    UnitRequired,
    UnknownRole,
    UnknownUnit,
    UnknownUser,
    WeakPassword,
    WrongCredentials,
)
from server.auth.queries import Person
from server.auth.tables import RefreshToken, User
from server.auth.tokens import Claims, Tokens
from server.problems import NotFound
from server.settings import Settings


def sign_in(
    session: Session, *, username: str, password: str, now: datetime, settings: Settings
) -> tuple[Tokens, Person]:
    """Return tokens and the person for a right user name and password.

    Raises:
        WrongCredentials: they do not belong together, or the person is not active.
    """
    user = proven(session, username, password, passwords.fits)
    audit.write(session, None, "auth.sign_in", "user", user.user_id, {}, now)
    return issue(session, user.user_id, None, now, settings), known_person(session, user.user_id)


def proven(session: Session, username: str, password: str, fits: Callable[[str | None, str], bool]) -> User:
    """Return the person to whom a user name and a password belong; `fits` compares a kept hash with it.

    Raises:
        WrongCredentials: they do not belong together, or the person is not active.
    """
    user = queries.user_by_name(session, plain_name(username))
    right = fits(user.password_hash if user else None, password)
    if user is None or not right or not user.active:
        raise WrongCredentials
    return user


def issue(
    session: Session,
    user_id: UUID,
    device_id: UUID | None,
    now: datetime,
    settings: Settings,
    replaces: bytes | None = None,
) -> Tokens:
    """Return new tokens for a person, bound to a tablet when `device_id` is given."""
    refresh_token = tokens.new_refresh_token()
    session.add(
        RefreshToken(
            token_hash=tokens.digest(refresh_token),
            user_id=user_id,
            device_id=device_id,
            issued_at=now,
            expires_at=now + timedelta(seconds=settings.refresh_token_s),
            replaces=replaces,
        )
    )
    access = tokens.access_token(
        Claims(user_id, device_id), settings.secret_key, now, settings.access_token_s
    )
    return Tokens(access, refresh_token, settings.access_token_s)


def refresh(session: Session, refresh_token: str, now: datetime, settings: Settings) -> Tokens:
    """Return new tokens; the old refresh token works until the new one is used.

    Raises:
        NotSignedIn: this server never gave out such a token, or the person is no longer active.
        TokenExpired: it is too old, or a newer one was used.
    """
    held = queries.refresh_token_for_update(session, tokens.digest(refresh_token))
    if held is None:
        raise NotSignedIn
    if held.ended_at is not None or held.expires_at <= now:
        raise TokenExpired
    if queries.actor_by_id(session, held.user_id, held.device_id) is None:
        raise NotSignedIn
    held.first_used_at = held.first_used_at or now
    if held.replaces is not None:
        queries.end_predecessor(session, held, now)
    return issue(session, held.user_id, held.device_id, now, settings, replaces=held.token_hash)


def create_user(
    session: Session,
    *,
    username: str,
    role: str,
    unit_code: str | None,
    password: str,
    display_name: str | None,
    origin: str = "live",
    actor: Actor | None,
    now: datetime,
) -> Person:
    """Create a person; admin and headquarters belong to the county's headquarters unless a unit is named.

    Raises:
        UnknownRole, NameUnusable, WeakPassword, UnitRequired, UnknownUnit, NameTaken: as their names say.
    """
    name = plain_name(username)
    _check_new(name, role, password)
    code = unit_code or rules.UNITS_OF_ROLES.get(role)
    if code is None:
        raise UnitRequired(role)
    unit = queries.unit(session, code)
    if unit is None or unit.closed_on is not None:
        raise UnknownUnit(code)
    user = User(
        user_id=uuid6.uuid7(),
        username=name,
        display_name=display_name or name,
        role=role,
        unit_code=code,
        password_hash=passwords.hashed(password),
        origin=origin,
        created_at=now,
    )
    _add(session, user)
    facts = {"username": name, "role": role, "unit": code}
    audit.write(session, actor, "user.create", "user", user.user_id, facts, now)
    return known_person(session, user.user_id)


def reset_password(
    session: Session, *, username: str, password: str, actor: Actor | None, now: datetime
) -> Person:
    """Give a person another password and end their sign-ins; their tablets keep working.

    Raises:
        UnknownUser: nobody has this name.
        WeakPassword: the password may not be used.
    """
    user = _known(session, username)
    if not rules.strong_enough(user.username, password):
        raise WeakPassword(rules.SHORTEST_PASSWORD, rules.LONGEST_PASSWORD)
    user.password_hash = passwords.hashed(password)
    queries.end_tokens(session, user.user_id, now, devices=False)
    audit.write(session, actor, "user.reset_password", "user", user.user_id, {}, now)
    return known_person(session, user.user_id)


def set_active(
    session: Session, *, username: str, active: bool, actor: Actor | None, now: datetime
) -> Person:
    """Let a person sign in again, or no longer; all their sign-ins and tablets end with it.

    Raises:
        UnknownUser: nobody has this name.
    """
    user = _known(session, username)
    user.active = active
    if not active:
        queries.end_tokens(session, user.user_id, now, devices=True)
    audit.write(session, actor, "user.set_active", "user", user.user_id, {"active": active}, now)
    session.flush()
    return known_person(session, user.user_id)


def known_person(session: Session, user_id: UUID) -> Person:
    """Return one person.

    Raises:
        NotFound: nobody has this id.
    """
    session.flush()
    found = queries.person(session, user_id)
    if found is None:
        raise NotFound("There is no such user.", "没有这个用户。")
    return found


def user_named(session: Session, username: str) -> User:
    """Return the user of this name.

    Raises:
        UnknownUser: nobody has it.
    """
    return _known(session, username)


def plain_name(username: str) -> str:
    """Return a user name in the one form in which it is kept (NFKC, no spaces around)."""
    return unicodedata.normalize("NFKC", username).strip()


def _known(session: Session, username: str) -> User:
    user = queries.user_by_name(session, plain_name(username))
    if user is None:
        raise UnknownUser(username)
    return user


def _check_new(username: str, role: str, password: str) -> None:
    if role not in rules.ROLES:
        raise UnknownRole(role, rules.ROLES)
    if not rules.usable_name(username):
        raise NameUnusable
    if not rules.strong_enough(username, password):
        raise WeakPassword(rules.SHORTEST_PASSWORD, rules.LONGEST_PASSWORD)


def _add(session: Session, user: User) -> None:
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        if "user_username_key" in str(error.orig):
            raise NameTaken(user.username) from error
        raise
