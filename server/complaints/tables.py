"""Complaints, as the migrations lay them down; what happens to one is moved by its history."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base

Instant = DateTime(timezone=True)


class Complaint(Base):
    """What somebody complained of, as it was taken in; `user_id` is empty where a resident sent it."""

    __tablename__ = "complaint"

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID]
    grid_cell_code: Mapped[str | None]
    channel: Mapped[str]
    category: Mapped[str | None]
    description: Mapped[str]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 4326))
    location_sent: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    accuracy_m: Mapped[float | None]
    user_id: Mapped[UUID | None]
    device_id: Mapped[UUID | None]
    mid: Mapped[UUID | None]
    device_time: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    content_sha256: Mapped[bytes]
    group_id: Mapped[UUID]
    acknowledge_due_at: Mapped[datetime | None] = mapped_column(Instant)
    verify_due_at: Mapped[datetime | None] = mapped_column(Instant)
    answer_due_at: Mapped[datetime | None] = mapped_column(Instant)


class ComplaintContact(Base):
    """Who complained, sealed; deletable, and read one at a time."""

    __tablename__ = "complaint_contact"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("server.complaint.complaint_id"), primary_key=True)
    sealed: Mapped[bytes]
    phone_digest: Mapped[bytes | None]


class ComplaintFollowUp(Base):
    """What proves that somebody without an account sent the complaint; deletable."""

    __tablename__ = "complaint_follow_up"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("server.complaint.complaint_id"), primary_key=True)
    salt: Mapped[bytes]
    code_digest: Mapped[bytes]


class ComplaintEntry(Base):
    """One line of a complaint's history; written once, it moves the complaint."""

    __tablename__ = "complaint_entry"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("server.complaint.complaint_id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    given_by: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_unit: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    words: Mapped[dict[str, str]] = mapped_column(JSONB)
