"""Reading and writing tablets and the codes that enrol them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth.tables import Device, EnrolmentCode, Unit, User


def code_for_update(session: Session, code_hash: bytes) -> EnrolmentCode | None:
    """Return an enrolment code, locked until the transaction ends."""
    wanted = select(EnrolmentCode).where(EnrolmentCode.code_hash == code_hash)
    return session.scalar(wanted.with_for_update())


def device(session: Session, device_id: UUID) -> Device | None:
    """Return one tablet."""
    return session.get(Device, device_id)


def device_for_update(session: Session, device_id: UUID) -> tuple[Device, User] | None:
    """Return one tablet, locked until the transaction ends, with the person who carries it."""
    wanted = select(Device, User).join(User, User.user_id == Device.user_id)
    row = session.execute(
        wanted.where(Device.device_id == device_id).with_for_update(of=Device)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def division_of(session: Session, user: User) -> str | None:
    """Return the official code that a person's unit answers for, if it answers for a place."""
    return session.scalar(select(Unit.division_code).where(Unit.code == user.unit_code))
