"""Cases and their history, as the migrations lay them down."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import DateTime, FetchedValue, Interval, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base

Instant = DateTime(timezone=True)


class Case(Base):
    """One problem on its way from the report to the close-out; only entries of its history move it."""

    __tablename__ = "case"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    state: Mapped[str]
    version: Mapped[int]
    head_seq: Mapped[int]
    head_hash: Mapped[bytes | None]
    level: Mapped[int]
    category: Mapped[str]
    severity: Mapped[str]
    measure: Mapped[int]
    source: Mapped[str]
    origin: Mapped[str]
    community_id: Mapped[UUID]
    grid_cell_code: Mapped[str | None]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 4326))
    location_sent: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    accuracy_m: Mapped[float | None]
    asset: Mapped[str | None]
    description: Mapped[str]
    photo_required: Mapped[bool]
    inspection_id: Mapped[UUID | None]
    reported_by: Mapped[UUID | None]
    reported_at: Mapped[datetime] = mapped_column(Instant)
    filed_at: Mapped[datetime | None] = mapped_column(Instant)
    limit_amount: Mapped[int | None]
    limit_unit: Mapped[str | None]
    first_due_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    yellow_at: Mapped[datetime | None] = mapped_column(Instant)
    lead_unit: Mapped[str | None]
    unit_code: Mapped[str | None]
    demand: Mapped[str | None]
    dispatched_at: Mapped[datetime | None] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    checker_id: Mapped[UUID | None]
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    rework_count: Mapped[int]
    refused_count: Mapped[int]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    verifier_id: Mapped[UUID | None]
    finding: Mapped[str | None]
    merged_into: Mapped[UUID | None]
    repeat_of: Mapped[UUID | None]
    transferred_to: Mapped[str | None]
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    resume_on: Mapped[date | None]
    returned_count: Mapped[int]
    buck_passing_count: Mapped[int]
    extension_count: Mapped[int]
    rebound_count: Mapped[int]
    offender: Mapped[str | None]
    urging_unit: Mapped[str | None]
    investigating_units: Mapped[list[str]] = mapped_column(ARRAY(Text))
    stopped_signal: Mapped[str | None] = mapped_column(server_default=FetchedValue())


class CaseLink(Base):
    """One run of a case through one link, kept by the database from the history; pauses lie in treating."""

    __tablename__ = "case_link"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_seq: Mapped[int] = mapped_column(primary_key=True)
    link: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(Instant)
    last_seq: Mapped[int | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    pauses: Mapped[int]
    paused: Mapped[timedelta] = mapped_column(Interval)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    judged: Mapped[bool]


class DepartmentTask(Base):
    """What a department does by law beside a case, or was told of; the database keeps it from the history."""

    __tablename__ = "department_task"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_code: Mapped[str] = mapped_column(primary_key=True)
    own_duty: Mapped[bool]
    opened_seq: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(Instant)
    copied_seq: Mapped[int | None]
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    state: Mapped[str]
    ended_seq: Mapped[int | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class CaseRequest(Base):
    """A return, extension, suspension or voiding that was asked for, and whose word it has."""

    __tablename__ = "case_request"

    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    kind: Mapped[str]
    asked_by: Mapped[UUID]
    state: Mapped[str]
    words_given: Mapped[list[str]] = mapped_column(ARRAY(Text))


class JointActionCase(Base):
    """A case that a joint action bundles."""

    __tablename__ = "joint_action_case"

    joint_action_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    by_product: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(Instant)


class JointActionParticipant(Base):
    """A unit that takes part in a joint action."""

    __tablename__ = "joint_action_participant"

    joint_action_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_code: Mapped[str] = mapped_column(primary_key=True)


class CommunityUnit(Base):
    """A unit and its part in a community: developer, utility, operator, lift maintainer, work unit."""

    __tablename__ = "community_unit"

    community_id: Mapped[UUID] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    unit_code: Mapped[str]
    valid_to: Mapped[date | None]


class CaseEntry(Base):
    """One entry of a case's history; `canonical` is the hashed text."""

    __tablename__ = "case_entry"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    command: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    level: Mapped[int]
    actor_id: Mapped[UUID | None]
    actor_unit: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    prev_hash: Mapped[bytes | None]
    canonical: Mapped[str]
    entry_hash: Mapped[bytes]


class CaseEntryPrivate(Base):
    """Words of an entry that may name people: deletable, the hashed text holds only their salted digest."""

    __tablename__ = "case_entry_private"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[bytes]
    words: Mapped[dict[str, Any]] = mapped_column(JSONB)


class CaseNumber(Base):
    """A number given to a case at commit, without gap in its year."""

    __tablename__ = "case_number"

    year: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    number: Mapped[str]
