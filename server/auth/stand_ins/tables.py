"""Stand-ins and what is handed over with them, as the migrations lay them down."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base

_INSTANT = DateTime(timezone=True)


class StandIn(Base):
    """A person acts for another of the same unit; `to_on` is the last local day."""

    __tablename__ = "stand_in"

    stand_in_id: Mapped[UUID] = mapped_column(primary_key=True)
    absent_id: Mapped[UUID]
    deputy_id: Mapped[UUID]
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str]
    named_by: Mapped[UUID]
    named_at: Mapped[datetime] = mapped_column(_INSTANT)
    revoked_by: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class StandInNote(Base):
    """A remark on what is handed over; nothing of it is ever changed."""

    __tablename__ = "stand_in_note"

    stand_in_note_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    stand_in_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(_INSTANT)
    user_id: Mapped[UUID]
    words: Mapped[str]
