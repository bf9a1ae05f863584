"""Tables of the county's programme: measures, category rules, the work calendar, published checklists."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.auth.tables import INSTANT
from server.db import Base


class Programme(Base):
    """A plan of the county with its whole document."""

    __tablename__ = "programme"
    code: Mapped[str] = mapped_column(primary_key=True)
    doc_no: Mapped[str]
    title_zh: Mapped[str]
    issued_on: Mapped[date]
    adcode: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Measure(Base):
    """A measure of the plan: its number, lead and responsible units, window and duties."""

    __tablename__ = "measure"
    measure: Mapped[int] = mapped_column(primary_key=True)
    programme_code: Mapped[str] = mapped_column(ForeignKey("server.programme.code"))
    title_zh: Mapped[str]
    title_en: Mapped[str]
    kind: Mapped[str]
    window_from: Mapped[date | None]
    window_to: Mapped[date | None]
    lead_units: Mapped[list[str]] = mapped_column(ARRAY(Text))
    responsible_units: Mapped[list[str]] = mapped_column(ARRAY(Text))
    duties: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Category(Base):
    """A kind of problem."""

    __tablename__ = "category"
    category: Mapped[str] = mapped_column(primary_key=True)
    label_zh: Mapped[str]
    label_en: Mapped[str]


class CategoryRule(Base):
    """Limit, route and radius of a category at a severity; `valid_to` is the first day it no longer holds."""

    __tablename__ = "category_rule"
    category: Mapped[str] = mapped_column(ForeignKey("server.category.category"), primary_key=True)
    severity: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]
    measures: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    first_actor: Mapped[str]
    lead: Mapped[str]
    departments: Mapped[list[str]] = mapped_column(ARRAY(Text))
    own_duty: Mapped[bool]
    limit_amount: Mapped[int]
    limit_unit: Mapped[str]
    set_by_dispatcher: Mapped[bool]
    milestone: Mapped[str | None]
    radius_m: Mapped[int | None]
    radius_scope: Mapped[str]
    auto_file: Mapped[bool]
    photo_required: Mapped[bool]
    source: Mapped[str]


class CalendarDay(Base):
    """A day that differs from Monday-to-Friday: a holiday, or a make-up working day."""

    __tablename__ = "calendar_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    provisional: Mapped[bool]
    source: Mapped[str]


class ChecklistVersion(Base):
    """A published checklist document, named by its content; it never changes."""

    __tablename__ = "checklist_version"
    version: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    published_at: Mapped[datetime] = mapped_column(INSTANT)
    retired_at: Mapped[datetime | None] = mapped_column(INSTANT)
