"""Inspections and the violations found in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ARRAY, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base

Instant = DateTime(timezone=True)


class Inspection(Base):
    """One inspection as the tablet handed it in; `answers` are kept as sent."""

    __tablename__ = "inspection"

    inspection_id: Mapped[UUID] = mapped_column(primary_key=True)
    checklist_version: Mapped[str]
    kind: Mapped[str]
    community_id: Mapped[UUID]
    grid_cell_code: Mapped[str | None]
    user_id: Mapped[UUID]
    device_id: Mapped[UUID | None]
    mid: Mapped[UUID | None]
    content_sha256: Mapped[bytes]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 4326))
    location_sent: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    accuracy_m: Mapped[float | None]
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    device_time: Mapped[datetime | None] = mapped_column(Instant)
    skew_ms: Mapped[int | None]
    time_confidence: Mapped[str]
    time_travel: Mapped[list[str]] = mapped_column(ARRAY(Text))
    received_at: Mapped[datetime] = mapped_column(Instant)
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    version: Mapped[int]
    corrects: Mapped[UUID | None]


class Violation(Base):
    """What an answer showed to be wrong, and the case it opened or joined."""

    __tablename__ = "violation"

    violation_id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID]
    item_code: Mapped[str]
    instance: Mapped[int | None]
    category: Mapped[str]
    severity: Mapped[str]
    case_id: Mapped[UUID | None]
    joined: Mapped[bool]


class FindingOutcome(Base):
    """What followed from an answer beside violations: a task, a deduction, a refusal, a gate."""

    __tablename__ = "finding_outcome"

    outcome_id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID]
    community_id: Mapped[UUID]
    checklist: Mapped[str]
    kind: Mapped[str]
    item_code: Mapped[str]
    group_code: Mapped[str | None]
    instance: Mapped[int | None]
    code: Mapped[str | None]
    points: Mapped[float | None]
    unit_code: Mapped[str | None]
    case_id: Mapped[UUID | None]
    note: Mapped[str]
    found_at: Mapped[datetime] = mapped_column(Instant)
    settled_by: Mapped[UUID | None]
