"""Charging sites, as the migrations lay them down."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class ChargingSite(Base):
    """A place where e-bikes are, or might be, charged; `valid_to` is the first day on which it is gone."""

    __tablename__ = "charging_site"

    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID]
    name: Mapped[str]
    status: Mapped[str]
    charging_ports: Mapped[int | None]
    has_shed: Mapped[bool | None]
    note: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", 4326))
    location_sent: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    accuracy_m: Mapped[float | None]
    proposed_by: Mapped[UUID | None]
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    origin: Mapped[str]
    version: Mapped[int]
    valid_to: Mapped[date | None]
