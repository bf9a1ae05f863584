"""Tables of people: units, users, their devices and tokens, and the audit trail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base

INSTANT = DateTime(timezone=True)


class Unit(Base):
    """Who can act or answer for something: an office, a department, a company, a committee.

    `closed_on` is the first day on which it no longer works.
    """

    __tablename__ = "unit"
    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    kind: Mapped[str]
    division_code: Mapped[str | None]
    origin: Mapped[str]
    parent: Mapped[str | None] = mapped_column(ForeignKey("server.unit.code"))
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    duty: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[date | None]


class User(Base):
    """A person who can sign in."""

    __tablename__ = "user"
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    username: Mapped[str]
    display_name: Mapped[str]
    role: Mapped[str]
    unit_code: Mapped[str] = mapped_column(ForeignKey("server.unit.code"))
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    origin: Mapped[str] = mapped_column(default="live")
    created_at: Mapped[datetime] = mapped_column(INSTANT)


class Device(Base):
    """A tablet as one person uses it."""

    __tablename__ = "device"
    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("server.user.user_id"))
    name: Mapped[str]
    platform: Mapped[str]
    app_version: Mapped[str]
    enrolled_at: Mapped[datetime] = mapped_column(INSTANT)
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)


class EnrolmentCode(Base):
    """A code that lets one device enrol for one person; `device_id` is the device that used it."""

    __tablename__ = "enrolment_code"
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("server.user.user_id"))
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    device_id: Mapped[UUID | None]


class RefreshToken(Base):
    """A refresh token by its digest; the one it `replaces` works until this one is used."""

    __tablename__ = "refresh_token"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("server.user.user_id"))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("server.device.device_id"))
    issued_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    replaces: Mapped[bytes | None]
    first_used_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)


class AuditLine(Base):
    """Who did what to which record; the application may add lines, never change them."""

    __tablename__ = "audit_line"
    audit_line_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(INSTANT)
    user_id: Mapped[UUID | None]
    unit_code: Mapped[str | None]
    device_id: Mapped[UUID | None]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
