"""What each figure counts, as a condition on cases: the figure and the list of its cases share it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Float,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
    true,
)

from geo.tables import Community
from server.ledger.stretches import LINKS
from server.ledger.tables import Case, CaseLink
from server.ledger.terms import midnight
from server.problems import InvalidInput

Counts = Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of cases.

    Attributes:
        counts: which cases it counts at a moment.
        times: how often it happened to a case, where that may be more than once.
        hours: how long it took each case it counts; plain hours.
        link: set for a figure of a link, which is counted from its runs.
    """

    name: str
    title_zh: str
    title_en: str
    counts: Counts
    times: Any = None
    hours: Any = None
    link: str | None = None


def hours_between(start: Any, end: Any) -> Any:
    """Return the plain hours between two instants, as SQL."""
    # As floating numbers: the decimals that `extract` makes take longer to sum up.
    return func.date_part("epoch", end - start) / cast(3600, Float)


def runs_late(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a run through a link took or takes longer than its limit; joins `Case`.

    Treating has the deadline of the case and stands still with it. Limits of other links are found out by a
    job within a minute.
    """
    treating = CaseLink.link == "treat"
    due = case((and_(treating, CaseLink.ended_at.is_(None)), Case.due_at), else_=CaseLink.due_at)
    until = case((treating, func.coalesce(Case.paused_at, now)), else_=now)
    return func.coalesce(CaseLink.ended_at, until) > due


def _in_link(link: str, *more: Any) -> ColumnElement[bool]:
    runs = select(CaseLink.case_id).where(CaseLink.case_id == Case.case_id, CaseLink.link == link, *more)
    return exists(runs.correlate(Case))


def _went_through(link: str) -> Counts:
    return lambda now: _in_link(link, CaseLink.ended_at.is_not(None))


def _late_in(link: str) -> Counts:
    return lambda now: _in_link(link, runs_late(now))


_LIFE = case((Case.closed_at.is_not(None), hours_between(Case.filed_at, Case.closed_at)))
_LINK_NAMES = {
    "verify": ("核实", "verifying"),
    "file": ("立案", "filing"),
    "dispatch": ("派遣", "dispatching"),
    "accept": ("签收", "accepting"),
    "treat": ("处置", "treating"),
    "check": ("核查销号", "checking"),
}
_OF_CASES = (
    Figure("reported", "上报", "Reported", lambda now: true()),
    Figure("filed", "立案", "Filed", lambda now: Case.filed_at.is_not(None)),
    Figure("open", "未结", "Open", lambda now: Case.ended_at.is_(None)),
    Figure("closed", "销号", "Closed", lambda now: Case.closed_at.is_not(None), hours=_LIFE),
    Figure("on_time", "按时销号", "Closed on time", lambda now: Case.closed_at <= Case.due_at),
    Figure("closed_late", "超时销号", "Closed late", lambda now: Case.closed_at > Case.due_at),
    Figure(
        "open_late",
        "超时未结",
        "Open and late",
        lambda now: and_(Case.ended_at.is_(None), func.coalesce(Case.paused_at, now) > Case.due_at),
    ),
    Figure("returned", "退回", "Returned", lambda now: Case.returned_count > 0, times=Case.returned_count),
    Figure(
        "buck_passed",
        "推诿",
        "Buck passed",
        lambda now: Case.buck_passing_count > 0,
        times=Case.buck_passing_count,
    ),
    Figure("reworked", "返工", "Reworked", lambda now: Case.rework_count > 0, times=Case.rework_count),
    Figure("rebounded", "反弹", "Rebounded", lambda now: Case.rebound_count > 0, times=Case.rebound_count),
    Figure("extended", "延期", "Extended", lambda now: Case.extension_count > 0, times=Case.extension_count),
    Figure("refused", "拒不整改", "Refused", lambda now: Case.refused_count > 0, times=Case.refused_count),
    Figure("suspended", "挂账", "Suspended", lambda now: _in_link("treat", CaseLink.pauses > 0)),
    Figure("escalated", "升级督办", "Escalated", lambda now: Case.level > 0, times=Case.level),
    Figure("reported_up", "上报部门", "Reported up", lambda now: Case.level >= 3),
)
_OF_LINKS = tuple(
    figure
    for link in LINKS
    for zh, en in [_LINK_NAMES[link]]
    for figure in (
        Figure(f"{link}_done", f"{zh}完成", f"Done {en}", _went_through(link), link=link),
        Figure(f"{link}_late", f"{zh}超时", f"Late {en}", _late_in(link), link=link),
    )
)
FIGURES: Mapping[str, Figure] = {one.name: one for one in (*_OF_CASES, *_OF_LINKS)}

# Written out, not bound: PostgreSQL must recognise the expression again in GROUP BY.
_NINE: Any = literal_column("9")
_MONTH: Any = literal_column("'YYYY-MM'")
_ZONE: Any = literal_column("'Asia/Shanghai'")
GROUPS: Mapping[str, Any] = {
    "unit": Case.unit_code,
    "subdistrict": func.left(Community.neighbourhood_code, _NINE),
    "category": Case.category,
    "community": cast(Case.community_id, String),
    "month": func.to_char(func.timezone(_ZONE, Case.reported_at), _MONTH),
}


NO_GROUP = "-"
"""The key of the cases that stand in no group."""


def in_group(group_by: str, key: str) -> ColumnElement[bool]:
    """Return the condition that a case stands in a group; `NO_GROUP` is that of those without one.

    Raises:
        InvalidInput: a group of this kind never has such a key.
    """
    if key == NO_GROUP:
        none: ColumnElement[bool] = GROUPS[group_by].is_(None)
        return none
    if group_by == "month":
        first, following = _month(key)
        return and_(Case.reported_at >= midnight(first), Case.reported_at < midnight(following))
    if group_by == "community":
        return Case.community_id == _community(key)
    found: ColumnElement[bool] = GROUPS[group_by] == key
    return found


def _month(key: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{key}-01")
        return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)
    except ValueError:
        raise _no_group("a month, such as 2026-09", "月份，如 2026-09") from None


def _community(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise _no_group("the id of a community", "小区编号") from None


def _no_group(wanted: str, wanted_zh: str) -> InvalidInput:
    detail, zh = f"The group must be {wanted}.", f"分组值须为{wanted_zh}。"
    return InvalidInput(detail, zh, errors=[{"pointer": "/query/group", "detail": detail, "detail_zh": zh}])
