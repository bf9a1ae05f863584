"""Siting scenarios, as the migrations lay them down."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base

_Instant = DateTime(timezone=True)
_Json = JSONB(none_as_null=True)


class SitingScenario(Base):
    """What somebody wants planned, and what it came to; frozen by the database once finished."""

    __tablename__ = "siting_scenario"

    scenario_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    divisions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str]
    stage: Mapped[str]
    done_steps: Mapped[int]
    answer: Mapped[dict[str, Any] | None] = mapped_column(_Json)
    demand: Mapped[dict[str, Any] | None] = mapped_column(_Json, deferred=True)
    places: Mapped[dict[str, Any] | None] = mapped_column(_Json, deferred=True)
    because: Mapped[dict[str, Any] | None] = mapped_column(_Json)
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(_Instant)
    begun_at: Mapped[datetime | None] = mapped_column(_Instant)
    heard_at: Mapped[datetime | None] = mapped_column(_Instant)
    finished_at: Mapped[datetime | None] = mapped_column(_Instant)
