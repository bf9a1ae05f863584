"""Charging works, as the migrations lay them down."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base

_INSTANT = DateTime(timezone=True)


class ChargingWork(Base):
    """The work on one charging site; only entries of its history move it, and it moves the site."""

    __tablename__ = "charging_work"
    work_id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID]
    plan_id: Mapped[UUID | None]
    plan_site: Mapped[str | None]
    state: Mapped[str]
    head_seq: Mapped[int]
    since: Mapped[date | None]
    responsible: Mapped[str | None]
    due_on: Mapped[date | None]
    vote_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(_INSTANT)


class ChargingWorkEntry(Base):
    """One entry of a work's history, never changed; whose turn it is afterwards, and until when."""

    __tablename__ = "charging_work_entry"
    work_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor_id: Mapped[UUID]
    actor_unit: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(_INSTANT)
    responsible: Mapped[str | None]
    due_on: Mapped[date | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ChargingWorkLimit(Base):
    """Who acts next in a state and within how many days, from a day on."""

    __tablename__ = "charging_work_limit"
    state: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    responsible: Mapped[str]
    days: Mapped[int | None]
    source: Mapped[str]


class ChargingWorkPaper(Base):
    """A paper that a step of a work drafted."""

    __tablename__ = "charging_work_paper"
    work_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
