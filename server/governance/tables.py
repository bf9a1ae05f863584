"""Votes, as the migrations lay them down."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base

_INSTANT = DateTime(timezone=True)


class Vote(Base):
    """A vote of owners; only entries of its history move it."""

    __tablename__ = "vote"
    vote_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID]
    form: Mapped[str]
    matter: Mapped[str]
    subject: Mapped[str]
    question: Mapped[str]
    state: Mapped[str]
    head_seq: Mapped[int]
    rule_set: Mapped[str | None]
    rule_matter: Mapped[str | None]
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    objections_until: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(_INSTANT)


class VoteRule(Base):
    """What a matter needs under one law; see `rules.Rule`."""

    __tablename__ = "vote_rule"
    rule_set: Mapped[str] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    matter: Mapped[str] = mapped_column(primary_key=True)
    base: Mapped[str]
    quorum_numerator: Mapped[int | None]
    quorum_denominator: Mapped[int | None]
    approval_numerator: Mapped[int]
    approval_denominator: Mapped[int]
    approval_strict: Mapped[bool]
    by_area: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str]


class VoteOwner(Base):
    """An owner in a vote's register: one head, however many units."""

    __tablename__ = "vote_owner"
    vote_id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_no: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class VoteUnit(Base):
    """A unit that is owned exclusively, with its area where it is known."""

    __tablename__ = "vote_unit"
    vote_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_no: Mapped[str] = mapped_column(primary_key=True)
    owner_no: Mapped[str]
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))


class BallotEntry(Base):
    """One entry of an owner's ballot, never changed; the latest attempt of each of two passes counts."""

    __tablename__ = "vote_ballot_entry"
    vote_id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_no: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column("pass", primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    choice: Mapped[str]
    kind: Mapped[str]
    proxy_name: Mapped[str]
    because: Mapped[str]
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime] = mapped_column(_INSTANT)


class VoteEntry(Base):
    """One entry of a vote's history, never changed; `data` is what the command told."""

    __tablename__ = "vote_entry"
    vote_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor_id: Mapped[UUID]
    actor_unit: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(_INSTANT)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)


class VotePaper(Base):
    """A paper about a vote: the notice of its result."""

    __tablename__ = "vote_paper"
    vote_id: Mapped[UUID] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
