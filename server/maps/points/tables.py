"""The table of analysis layers; their points are only met in SQL."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.auth.tables import INSTANT
from server.db import Base


class AnalysisLayer(Base):
    """A set of points; without an owner it came by the command line."""

    __tablename__ = "analysis_layer"
    layer_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("server.user.user_id"))
    metric_srid: Mapped[int]
    datum: Mapped[str]
    time_zone: Mapped[str]
    file_name: Mapped[str]
    licence: Mapped[str]
    source: Mapped[str]
    points: Mapped[int]
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]
    first_at: Mapped[datetime | None] = mapped_column(INSTANT)
    last_at: Mapped[datetime | None] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
