"""How a tablet becomes known: the office makes a code for a worker, the tablet turns it into tokens."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit, device_queries, rules, service
from server.auth.actor import Actor
from server.auth.errors import DeviceRevoked, EnrolmentCodeInvalid, RoleWithoutTablet, UnknownUser
from server.auth.tables import Device, EnrolmentCode, User
from server.auth.tokens import Tokens
from server.problems import NotYours
from server.settings import Settings

# Neither 0 and O nor 1, I and L: codes are read from paper and typed on glass.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
CODE_LIFE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code for one worker; it stands nowhere else in clear text."""

    enrolment_code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a tablet tells about itself."""

    device_id: UUID
    enrolment_code: str
    name: str
    platform: str
    app_version: str


def make_code(session: Session, *, username: str, actor: Actor | None, now: datetime) -> NewCode:
    """Make an enrolment code for a person; `actor` None is the command line.

    Raises:
        UnknownUser: nobody active has this name.
        RoleWithoutTablet: the person's role does not sync.
        NotYours: the person stands outside the actor's reach.
    """
    user = service.user_named(session, username)
    if not user.active:
        raise UnknownUser(username)
    if actor is not None:
        check_reach(session, actor, user, "device.code")
    if not rules.syncs(user.role):
        raise RoleWithoutTablet(user.role, rules.ROLES_ZH[user.role])
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    expires_at = now + CODE_LIFE
    session.add(EnrolmentCode(code_hash=digest(code), user_id=user.user_id, expires_at=expires_at))
    audit.write(session, actor, "device.code", "user", user.user_id, {}, now)
    shown = "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))
    return NewCode(shown, expires_at)


def enrol(session: Session, told: Enrolment, *, now: datetime, settings: Settings) -> Tokens:
    """Enrol a tablet and return its tokens; the same code with the same device answers again.

    Raises:
        EnrolmentCodeInvalid: unknown, too old, used by another device, or for another person's device.
        DeviceRevoked: the office has switched this device off.
    """
    code = device_queries.code_for_update(session, digest(told.enrolment_code))
    if code is None or code.expires_at <= now or code.device_id not in (None, told.device_id):
        raise EnrolmentCodeInvalid
    known = device_queries.device(session, told.device_id)
    if known is not None and known.user_id != code.user_id:
        raise EnrolmentCodeInvalid
    if known is not None and known.revoked_at is not None:
        raise DeviceRevoked
    code.device_id = told.device_id
    _keep(session, known, told, code.user_id, now)
    session.flush()
    facts = {"user_id": str(code.user_id), "name": told.name}
    audit.write(session, None, "device.enrol", "device", told.device_id, facts, now)
    return service.issue(session, code.user_id, told.device_id, now, settings)


def digest(code: str) -> bytes:
    """Return what is kept of a code; case, spaces and hyphens do not matter."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).digest()


def _keep(session: Session, known: Device | None, told: Enrolment, user_id: UUID, now: datetime) -> None:
    if known is None:
        known = Device(device_id=told.device_id, user_id=user_id, enrolled_at=now)
        session.add(known)
    known.name, known.platform, known.app_version = told.name, told.platform, told.app_version


def check_reach(session: Session, actor: Actor, user: User, action: str) -> None:
    """Refuse what somebody wants to do about the tablets of a person who is beyond their reach.

    Raises:
        NotYours: the role has no such right, or not over this person.
    """
    scope = rules.reach(actor, action)
    if scope is rules.Reach.COUNTY or user.unit_code == actor.unit_code:
        return
    division = device_queries.division_of(session, user)
    if not actor.division_code or not (division or "").startswith(actor.division_code):
        raise NotYours("This person belongs to another subdistrict.", "该人员属于其他街道。")
