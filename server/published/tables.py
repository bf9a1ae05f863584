"""Codes on notice boards, and photos that the office does not publish."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class BoardCode(Base):
    """The code that the notice board of a community shows; it is given once, as boards hang for years."""

    __tablename__ = "board_code"

    community_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    made_by: Mapped[UUID]


class WithheldPhoto(Base):
    """A photo of a case that residents are not shown, and why."""

    __tablename__ = "withheld_photo"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    reason: Mapped[str]
    withheld_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    withheld_by: Mapped[UUID]
