"""Projects, as the migrations lay them down."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import DateTime, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base

_INSTANT = DateTime(timezone=True)


class ChargingProject(Base):
    """A housing project and the charging that it has to build; each change is its next version."""

    __tablename__ = "charging_project"
    project_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    subdistrict_code: Mapped[str]
    stage: Mapped[str]
    developer: Mapped[str]
    households: Mapped[int | None]
    parking_spaces: Mapped[int | None]
    required_ports: Mapped[int | None]
    required_share_percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    condition_no: Mapped[str]
    condition_on: Mapped[date | None]
    condition_text: Mapped[str]
    bureau_reply: Mapped[str]
    bureau_replied_on: Mapped[date | None]
    begun_on: Mapped[date | None]
    expected_on: Mapped[date | None]
    built_ports: Mapped[int]
    note: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(_INSTANT)
    changed_at: Mapped[datetime] = mapped_column(_INSTANT)
    changed_by: Mapped[UUID]


class ProjectLetter(Base):
    """A letter that urges a project's builder, and the answer once it came."""

    __tablename__ = "charging_project_letter"
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID]
    drafted_by: Mapped[UUID]
    answer_by: Mapped[date]
    answered_on: Mapped[date | None]
    answer: Mapped[str | None]
