"""Papers, as the migrations lay them down."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base

_INSTANT = DateTime(timezone=True)


class Paper(Base):
    """One paper on its way from the draft to its issue; only entries of its history move it."""

    __tablename__ = "paper"
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    body: Mapped[str]
    to_unit: Mapped[str | None]
    state: Mapped[str]
    head_seq: Mapped[int]
    number: Mapped[str | None]
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    template_id: Mapped[UUID | None]
    drafted_at: Mapped[datetime] = mapped_column(_INSTANT)
    issued_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class PaperCase(Base):
    """A case that a paper is about; `cause_seq` is the entry for which the product drafted it by itself."""

    __tablename__ = "paper_case"
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    kind: Mapped[str]
    cause_seq: Mapped[int | None]


class PaperEntry(Base):
    """One entry of a paper's history, never changed; `data` is what the command told."""

    __tablename__ = "paper_entry"
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_unit: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(_INSTANT)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)


class PaperTemplate(Base):
    """A template of a kind of paper, in force from `valid_from` until a newer one of its kind is."""

    __tablename__ = "paper_template"
    template_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    content: Mapped[bytes]
    sha256: Mapped[bytes]
    origin: Mapped[str]
    valid_from: Mapped[datetime] = mapped_column(_INSTANT)
    added_by: Mapped[UUID | None]


class PaperPrefix(Base):
    """The word before the year in the numbers of a body's papers of one kind."""

    __tablename__ = "paper_prefix"
    body: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    prefix: Mapped[str]
