"""Siting plans, as the migrations lay them down."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class SitingPlan(Base):
    """A problem that somebody asked to be solved, and the plan; frozen by the database once finished."""

    __tablename__ = "siting_plan"

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    based_on: Mapped[UUID | None]
    scenario_id: Mapped[UUID | None]
    problem: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str]
    value: Mapped[float | None]
    bound: Mapped[float | None]
    stop_asked: Mapped[bool]
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    because: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    begun_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    heard_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
