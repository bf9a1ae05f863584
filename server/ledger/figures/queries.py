"""Counting: one statement over cases and one over their runs through links, whole and by group at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, case, cast, false, func, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.tables import Community, Subdistrict
from server.auth.tables import Unit
from server.ledger.figures.definitions import FIGURES, GROUPS, Figure, hours_between, runs_late
from server.ledger.lists import Filter, conditions
from server.ledger.tables import Case, CaseLink
from server.programme.tables import Category

_SHARES = cast([0.5, 0.9], ARRAY(Float))
_FALSE = false()
_NAMED: dict[str, tuple[Any, Any, Any]] = {
    "unit": (Unit.code, Unit.name_zh, Unit.name_en),
    "subdistrict": (Subdistrict.code, Subdistrict.name_zh, Subdistrict.name_zh),
    "category": (Category.category, Category.label_zh, Category.label_en),
    "community": (Community.community_id, Community.name, Community.name),
}


def cases(
    session: Session, wanted: Filter, visible: ColumnElement[bool], group_by: str | None, now: datetime
) -> Sequence[Any]:
    """Return a row with `whole`, `key` and by figure `<name>`, `<name>_times`, `_mean`, `_shares` (hours)."""
    columns = [column for one in FIGURES.values() if one.link is None for column in _numbers(one, now)]
    key = GROUPS[group_by] if group_by else None
    found = (
        select(*_heading(key), *columns)
        .select_from(Case)
        .join(Community, Community.community_id == Case.community_id)
        .where(visible, *conditions(wanted, now))
    )
    return session.execute(found if key is None else found.group_by(_sets(key))).all()


def links(
    session: Session, wanted: Filter, visible: ColumnElement[bool], group_by: str | None, now: datetime
) -> Sequence[Any]:
    """Return a row for each link with `whole`, `key`, `link`, `done`, `late`, `runs`, `mean`, `shares`.

    Hours are those of all runs of a case through the link together, pauses left out.
    """
    each = _each_case(wanted, visible, group_by, now)
    key = each.c.key if group_by else None
    found = select(
        *_heading(key),
        each.c.link,
        func.count().filter(each.c.runs > 0).label("done"),
        func.count().filter(each.c.late).label("late"),
        func.sum(each.c.runs).label("runs"),
        func.avg(each.c.hours).label("mean"),
        func.percentile_cont(_SHARES).within_group(each.c.hours).label("shares"),
    )
    return session.execute(found.group_by(each.c.link if key is None else _sets(key, each.c.link))).all()


def _each_case(wanted: Filter, visible: ColumnElement[bool], group_by: str | None, now: datetime) -> Any:
    """Return a row for each case and link as a subquery."""
    key = [GROUPS[group_by].label("key")] if group_by else []
    ended = CaseLink.ended_at.is_not(None)
    spent = hours_between(CaseLink.started_at, CaseLink.ended_at - CaseLink.paused)
    late = func.coalesce(func.bool_or(runs_late(now)), _FALSE)
    return (
        select(
            *key,
            CaseLink.link.label("link"),
            func.count().filter(ended).label("runs"),
            func.sum(spent).label("hours"),
            late.label("late"),
        )
        .select_from(Case)
        .join(Community, Community.community_id == Case.community_id)
        .join(CaseLink, CaseLink.case_id == Case.case_id)
        .where(visible, *conditions(wanted, now))
        .group_by(CaseLink.case_id, CaseLink.link, *([GROUPS[group_by]] if group_by else []))
        .subquery()
    )


def _heading(key: Any) -> list[Any]:
    if key is None:
        return [literal_column("1").label("whole"), literal_column("NULL").label("key")]
    return [func.grouping(key).label("whole"), key.label("key")]


def _sets(key: Any, *more: Any) -> Any:
    return func.grouping_sets(tuple_(key, *more), tuple_(*more))


def names(session: Session, group_by: str, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the Chinese and English names of groups by their keys."""
    if group_by not in _NAMED:
        return {}
    key, zh, en = _NAMED[group_by]
    rows = session.execute(select(key, zh, en).where(key.in_(keys)))
    return {str(row[0]): (row[1], row[2]) for row in rows}


def _numbers(one: Figure, now: datetime) -> list[Any]:
    counted = one.counts(now)
    columns: list[Any] = [func.count().filter(counted).label(one.name)]
    if one.times is not None:
        columns.append(func.coalesce(func.sum(one.times).filter(counted), 0).label(f"{one.name}_times"))
    if one.hours is not None:
        hours = case((counted, one.hours))
        columns.append(func.avg(hours).label(f"{one.name}_mean"))
        columns.append(func.percentile_cont(_SHARES).within_group(hours).label(f"{one.name}_shares"))
    return columns
