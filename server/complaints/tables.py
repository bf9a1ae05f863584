"""Complaints, as the migrations lay them down."""

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
    """What somebody complained of, as it was taken in."""

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
    user_id: Mapped[UUID]
    device_id: Mapped[UUID | None]
    mid: Mapped[UUID | None]
    device_time: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    content_sha256: Mapped[bytes]


class ComplaintContact(Base):
    """Whom to call back; deletable."""

    __tablename__ = "complaint_contact"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("server.complaint.complaint_id"), primary_key=True)
    name: Mapped[str]
    phone: Mapped[str]
