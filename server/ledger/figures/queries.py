"""Counting: one statement over cases and one over their runs through links, whole and by group at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, case, cast, collate, false, func, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.tables import Community, Subdistrict
from server.auth.tables import Unit
from server.ledger.figures.definitions import FIGURES, GROUPS, Figure, hours_between, runs_late
from server.ledger.lists import Filter, conditions
from server.ledger.stretches import LINKS
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


@dataclass(frozen=True, slots=True)
class Passed:
    """How the cases of a group, or all (`whole`), went through a link; hours leave pauses out.

    Attributes:
        done: how many cases went through it.
        late: how many were or are late in it.
        runs: how often they went through it.
        shares: the median and the hours within which nine of ten were done.
    """

    whole: bool
    key: str | None
    link: str
    done: int
    late: int
    runs: int
    mean: float | None
    shares: Sequence[float] | None


def cases(
    session: Session, wanted: Filter, visible: ColumnElement[bool], group_by: str | None, now: datetime
) -> Sequence[Any]:
    """Return a row with `whole`, `key` and by figure `<name>`, `<name>_times`, `_mean`, `_shares` (hours)."""
    columns = [column for one in FIGURES.values() if one.link is None for column in _numbers(one, now)]
    key = _key(group_by)
    found = (
        select(*_heading(key), *columns)
        .select_from(Case)
        .join(Community, Community.community_id == Case.community_id)
        .where(visible, *conditions(wanted, now))
    )
    return session.execute(found if key is None else found.group_by(_sets(key))).all()


def links(
    session: Session, wanted: Filter, visible: ColumnElement[bool], group_by: str | None, now: datetime
) -> list[Passed]:
    """Return how cases went through each link, whole and by group; hours of all runs of a case together."""
    each = _each_case(wanted, visible, group_by, now)
    key = each.c.key if group_by else None
    columns = [column for link in LINKS for column in _passed(each.c, link)]
    found = select(*_heading(key), *columns)
    rows = session.execute(found if key is None else found.group_by(_sets(key)))
    return [passed for row in rows for passed in _of_row(*row)]


def _passed(each: Any, link: str) -> list[Any]:
    hours, runs, late = (each[f"{link}_{name}"] for name in ("hours", "runs", "late"))
    return [
        func.count().filter(runs > 0),
        func.count().filter(late),
        func.coalesce(func.sum(runs), 0),
        func.avg(hours),
        func.percentile_cont(_SHARES).within_group(hours),
    ]


def _of_row(whole: int, key: str | None, *numbers: Any) -> Iterator[Passed]:
    each = len(numbers) // len(LINKS)
    for place, link in enumerate(LINKS):
        yield Passed(bool(whole), key, link, *numbers[place * each : (place + 1) * each])


def _each_case(wanted: Filter, visible: ColumnElement[bool], group_by: str | None, now: datetime) -> Any:
    """Return a row for each case with what it spent in each link, as a subquery.

    A row for each case and link would be four times as many to sort.
    """
    key = [] if group_by is None else [_key(group_by).label("key")]
    return (
        select(*key, *(column for link in LINKS for column in _spent(link, now)))
        .select_from(Case)
        .join(Community, Community.community_id == Case.community_id)
        .join(CaseLink, CaseLink.case_id == Case.case_id)
        .where(visible, *conditions(wanted, now))
        .group_by(CaseLink.case_id, *([] if group_by is None else [_key(group_by)]))
        .subquery()
    )


def _spent(link: str, now: datetime) -> list[Any]:
    here = CaseLink.link == link
    hours = hours_between(CaseLink.started_at, CaseLink.ended_at - CaseLink.paused)
    return [
        func.sum(hours).filter(here).label(f"{link}_hours"),
        func.count(CaseLink.ended_at).filter(here).label(f"{link}_runs"),
        func.coalesce(func.bool_or(runs_late(now)).filter(here), _FALSE).label(f"{link}_late"),
    ]


def _key(group_by: str | None) -> Any:
    """Return what cases are grouped by."""
    # Sorted by bytes: nobody sees this order, and that of a language takes longer.
    return None if group_by is None else collate(GROUPS[group_by], "C")


def _heading(key: Any) -> list[Any]:
    if key is None:
        return [literal_column("1").label("whole"), literal_column("NULL").label("key")]
    return [func.grouping(key).label("whole"), key.label("key")]


def _sets(key: Any) -> Any:
    return func.grouping_sets(tuple_(key), tuple_())


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
