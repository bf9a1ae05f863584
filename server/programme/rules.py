"""Stored rows of the programme as the values that checklists judge and route with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from checklists.categories import Category, Limit
from checklists.deadlines import WorkCalendar

if TYPE_CHECKING:
    from server.programme.tables import CalendarDay, CategoryRule


def category_of(row: CategoryRule) -> Category:
    """Return a stored rule as the one row that `checklists.routing.route` takes."""
    limit = Limit(row.severity, row.limit_amount, row.limit_unit, row.set_by_dispatcher, row.milestone)
    return Category(
        code=row.category,
        label_zh="",
        label_en="",
        measures=tuple(row.measures),
        first=row.first_actor,
        lead=row.lead,
        departments=tuple(row.departments),
        limits=(limit,),
        valid_from=row.valid_from,
        radius_m=row.radius_m,
        radius_scope=None if row.radius_m is not None else row.radius_scope,
        own_duty=row.own_duty,
        auto_file=row.auto_file,
        photo=row.photo_required,
    )


def calendar_of(days: Iterable[CalendarDay]) -> WorkCalendar:
    """Return the work calendar that the stored days make; a year with announced days is a known year."""
    known = list(days)
    return WorkCalendar(
        holidays=frozenset(day.day for day in known if day.kind == "holiday"),
        make_up_days=frozenset(day.day for day in known if day.kind == "work"),
        years=frozenset(day.day.year for day in known if not day.provisional),
    )


def month_span(window: dict[str, str | None]) -> tuple[date | None, date | None]:
    """Return first and last day of a window given in months, `{"start": "2019-06", "end": "2020-10"}`."""
    starts, ends = window.get("start"), window.get("end")
    return (
        date.fromisoformat(f"{starts}-01") if starts else None,
        _last_day(date.fromisoformat(f"{ends}-01")) if ends else None,
    )


def _last_day(first: date) -> date:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
