"""The table of work on sheets."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.auth.tables import INSTANT
from server.db import Base


class SheetTask(Base):
    """A table to be made or taken in; `answer` is what came of it.

    While it is at work it is its worker's until `held_until`, which that one moves on.
    """

    __tablename__ = "sheet_task"
    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    file_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    done_rows: Mapped[int] = mapped_column(default=0)
    total_rows: Mapped[int | None]
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("server.user.user_id"))
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    started_at: Mapped[datetime | None] = mapped_column(INSTANT)
    held_until: Mapped[datetime | None] = mapped_column(INSTANT)
    finished_at: Mapped[datetime | None] = mapped_column(INSTANT)
    files_removed_at: Mapped[datetime | None] = mapped_column(INSTANT)
