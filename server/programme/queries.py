"""Reading the programme: rules by category and day, the work calendar, measures, published checklists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from checklists.deadlines import WorkCalendar
from server.programme.rules import calendar_of
from server.programme.tables import CalendarDay, Category, CategoryRule, ChecklistVersion, Measure

CACHE = "programme"


def rule(session: Session, category: str, severity: str, day: date) -> CategoryRule | None:
    """Return the rule of a category at a severity that holds on a local day; looked up once a session."""
    return _rules(session, day).get((category, severity))


def calendar(session: Session) -> WorkCalendar:
    """Return the county's work calendar; read once a session."""
    kept: dict[Any, Any] = session.info.setdefault(CACHE, {})
    if "calendar" not in kept:
        kept["calendar"] = calendar_of(session.scalars(select(CalendarDay)))
    found: WorkCalendar = kept["calendar"]
    return found


def measure(session: Session, number: int) -> Measure | None:
    """Return a measure of the plan with its lead and responsible units."""
    return session.get(Measure, number)


def measures(session: Session) -> list[Measure]:
    """Return all measures in order."""
    return list(session.scalars(select(Measure).order_by(Measure.measure)))


def categories(session: Session) -> list[Category]:
    """Return all categories by code."""
    return list(session.scalars(select(Category).order_by(Category.category)))


def rules_on(session: Session, day: date) -> list[CategoryRule]:
    """Return the rules that hold on a local day."""
    return list(_rules(session, day).values())


def checklists(session: Session, after: str | None, limit: int) -> list[ChecklistVersion]:
    """Return the current checklists in the order of their codes, after the given code."""
    wanted = select(ChecklistVersion).where(ChecklistVersion.retired_at.is_(None)).limit(limit)
    if after is not None:
        wanted = wanted.where(ChecklistVersion.code > after)
    return list(session.scalars(wanted.order_by(ChecklistVersion.code)))


def checklist(session: Session, version_or_code: str) -> ChecklistVersion | None:
    """Return a published checklist by its `sha256:…`, or the current one by its code."""
    wanted = select(ChecklistVersion).where(
        or_(
            ChecklistVersion.version == version_or_code,
            (ChecklistVersion.code == version_or_code) & ChecklistVersion.retired_at.is_(None),
        )
    )
    return session.scalar(wanted)


def calendar_days(session: Session, years: Sequence[int]) -> list[CalendarDay]:
    """Return the stored days of these years in order."""
    first, last = date(min(years), 1, 1), date(max(years), 12, 31)
    wanted = select(CalendarDay).where(CalendarDay.day.between(first, last)).order_by(CalendarDay.day)
    return [day for day in session.scalars(wanted) if day.day.year in years]


def _rules(session: Session, day: date) -> dict[tuple[str, str], CategoryRule]:
    kept: dict[Any, Any] = session.info.setdefault(CACHE, {})
    if day not in kept:
        wanted = select(CategoryRule).where(
            CategoryRule.valid_from <= day, or_(CategoryRule.valid_to.is_(None), CategoryRule.valid_to > day)
        )
        kept[day] = {(row.category, row.severity): row for row in session.scalars(wanted)}
    found: dict[tuple[str, str], CategoryRule] = kept[day]
    return found
