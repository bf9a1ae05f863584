"""The table of outbox files on their way to the office."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.auth.tables import INSTANT
from server.db import Base


class OutboxUpload(Base):
    """A file that somebody sends in parts; the first `received_bytes` of it are on the disk."""

    __tablename__ = "outbox_upload"
    upload_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("server.user.user_id"))
    file_name: Mapped[str]
    size: Mapped[int]
    received_bytes: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
