"""Finding cases: the filters of the list, one page at a time, newest first; all of it SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import Session

from geo.hexagons import column_of
from geo.tables import Community
from server.auth.tables import Unit
from server.ledger.figures.definitions import FIGURES, in_group
from server.ledger.happenings import happened
from server.ledger.tables import Case, DepartmentTask
from server.ledger.terms import midnight
from server.ledger.view import CaseView
from server.paging import CursorInvalid, place_of
from server.programme.tables import Category
from sync.fixed import Fixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a reader of the ledger asks for; days are local and both ends count.

    Attributes:
        subdistrict: the official code of the street office's area.
        hexagon: the H3 cell that the position lies in.
        figure: only the cases that this figure counts.
        group: of the groups that `group_by` makes, only this one; `-` for the cases without one.
        happened: only the cases to which this happened (`happenings.HAPPENINGS`), between two local days.
        named: the communities whose name has the words of `text`; None where they were not looked up.
    """

    state: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    measure: tuple[int, ...] = ()
    severity: tuple[str, ...] = ()
    signal: tuple[str, ...] = ()
    community_id: UUID | None = None
    grid_cell: str | None = None
    unit: str | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    text: str | None = None
    subdistrict: str | None = None
    hexagon: str | None = None
    figure: str | None = None
    group_by: str | None = None
    group: str | None = None
    happened: str | None = None
    happened_from: date | None = None
    happened_to: date | None = None
    named: tuple[UUID, ...] | None = None


SEVERAL = ("state", "category", "measure", "severity", "signal")
"""The members of `Filter` that may hold several values."""

_ENDS = func.coalesce(Case.due_at, Case.reported_at)
_DUE_FIRST = (_ENDS, Case.case_id)
_NEWEST_FIRST = (Case.reported_at.desc(), Case.case_id.desc())
OF_A_NUMBER = frozenset("0123456789-")

# A tablet waits for it: plain text costs a third of what building the statement anew would.
_VIEWS = Fixed(Path(__file__).with_name("case_views.sql").read_text(encoding="utf-8"))
_OWN = {
    "category_zh",
    "category_en",
    "community_name",
    "neighbourhood_code",
    "unit_name",
    "lon",
    "lat",
    "departments",
}
_DEPARTMENTS = (
    select(
        func.coalesce(
            func.jsonb_agg(
                aggregate_order_by(
                    func.jsonb_build_object(
                        "unit",
                        DepartmentTask.unit_code,
                        "own_duty",
                        DepartmentTask.own_duty,
                        "copied",
                        DepartmentTask.copied_seq.is_not(None),
                        "state",
                        DepartmentTask.state,
                        "due_at",
                        DepartmentTask.due_at,
                        "ended_at",
                        DepartmentTask.ended_at,
                    ),
                    DepartmentTask.unit_code,
                )
            ),
            literal([], JSONB),
        )
    )
    .where(DepartmentTask.case_id == Case.case_id)
    .correlate(Case)
    .scalar_subquery()
)
# What a list shows, by the members of `CaseView`.
COLUMNS: dict[str, Any] = {
    "category_zh": Category.label_zh,
    "category_en": Category.label_en,
    "community_name": Community.name,
    "neighbourhood_code": Community.neighbourhood_code,
    "unit_name": Unit.name_zh,
    "lon": func.ST_X(Case.geom),
    "lat": func.ST_Y(Case.geom),
    "departments": _DEPARTMENTS,
} | {name.name: getattr(Case, name.name) for name in fields(CaseView) if name.name not in _OWN}


def newest_first(cursor: str | None) -> tuple[str, str] | None:
    """Return the instant and the id that a cursor of a list in order of time names.

    Raises:
        CursorInvalid: the cursor is not one of such a list.
    """
    place = place_of(cursor, str, str)
    if place is None:
        return None
    try:
        return datetime.fromisoformat(place[0]).isoformat(), str(UUID(place[1]))
    except ValueError as error:
        raise CursorInvalid from error


def signal_at(now: datetime) -> ColumnElement[str]:
    """Return the signal of a row as SQL: the same rule as `lifecycle.signal`."""
    at = func.coalesce(Case.ended_at, Case.paused_at, now)
    return case(
        (or_(Case.yellow_at.is_(None), at <= Case.yellow_at), "green"),
        (at <= Case.due_at, "yellow"),
        else_="red",
    )


def views(session: Session, ids: Collection[UUID]) -> list[CaseView]:
    """Return these cases, in the order of their ids; an id that is gone is left out."""
    if not ids:
        return []
    return [CaseView(*row) for row in _VIEWS.rows(session, {"ids": [str(one) for one in ids]})]


def page(
    session: Session,
    wanted: Filter,
    visible: ColumnElement[bool],
    after: tuple[str, str] | None,
    limit: int,
    now: datetime,
    *,
    due_first: bool = False,
) -> list[CaseView]:
    """Return up to `limit` visible cases that pass the filter, newest report first.

    With `due_first` what ends first; a report without a deadline stands where it came in.
    """
    order = _DUE_FIRST if due_first else _NEWEST_FIRST
    found = (
        select(Case.case_id)
        .join(Community, Community.community_id == Case.community_id)
        .where(visible, *conditions(with_names(session, wanted), now))
    )
    if after is not None and due_first:
        found = found.where(tuple_(_ENDS, Case.case_id) > tuple_(*after))
    elif after is not None:
        found = found.where(tuple_(Case.reported_at, Case.case_id) < tuple_(*after))
    # Found first and dressed afterwards: what a filter drops is never joined.
    ids = found.order_by(*order).limit(limit).subquery()
    shown = _selected().where(Case.case_id.in_(select(ids.c.case_id))).order_by(*order)
    return [CaseView(*row) for row in session.execute(shown)]


def with_names(session: Session, wanted: Filter) -> Filter:
    """Return the filter with the communities whose name has the words.

    Looked up before, as a planner that does not know how few they are would read the ledger from its end.
    """
    if not wanted.text:
        return wanted
    named = select(Community.community_id).where(Community.name.ilike(_pattern(wanted.text), escape="/"))
    return replace(wanted, named=tuple(session.scalars(named)))


def _selected() -> Select[*tuple[Any, ...]]:
    columns = [COLUMNS[name.name].label(name.name) for name in fields(CaseView)]
    return (
        select(*columns)
        .select_from(Case)
        .join(Community, Community.community_id == Case.community_id)
        .join(Category, Category.category == Case.category)
        .outerjoin(Unit, Unit.code == Case.unit_code)
    )


def conditions(wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    """Return what a row must meet to pass the filter; the statement must join `Community`.

    Raises:
        InvalidInput: there is no such group.
    """
    found: list[ColumnElement[bool]] = []
    several: tuple[tuple[Any, Any], ...] = (
        (Case.state, wanted.state),
        (Case.category, wanted.category),
        (Case.measure, wanted.measure),
        (Case.severity, wanted.severity),
    )
    found += [column.in_(values) for column, values in several if values]
    if wanted.signal:
        found.append(_shows(wanted.signal, now))
    exact: tuple[tuple[Any, Any], ...] = (
        (Case.community_id, wanted.community_id),
        (Case.grid_cell_code, wanted.grid_cell),
        (Case.unit_code, wanted.unit),
    )
    found += [column == value for column, value in exact if value is not None]
    if wanted.figure is not None:
        found.append(FIGURES[wanted.figure].counts(now))
    if wanted.group_by is not None and wanted.group is not None:
        found.append(in_group(wanted.group_by, wanted.group))
    return found + reported_within(wanted)


def _shows(signals: Collection[str], now: datetime) -> ColumnElement[bool]:
    # A clock that stopped keeps its light in a column, which has statistics and an index.
    running = and_(Case.stopped_signal.is_(None), signal_at(now).in_(signals))
    return or_(Case.stopped_signal.in_(signals), running)


def reported_within(wanted: Filter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter on what of a case never changes: when and where, its words."""
    found: list[ColumnElement[bool]] = []
    if wanted.opened_from is not None:
        found.append(Case.reported_at >= midnight(wanted.opened_from))
    if wanted.opened_to is not None:
        found.append(Case.reported_at < midnight(wanted.opened_to + timedelta(days=1)))
    if wanted.happened:
        found.append(happened(wanted.happened, wanted.happened_from, wanted.happened_to))
    if wanted.subdistrict:
        found.append(func.starts_with(Community.neighbourhood_code, wanted.subdistrict))
    if wanted.hexagon and (stored := column_of(wanted.hexagon)):
        found.append(literal_column(f'server."case".{stored[0]}') == stored[1])
    if wanted.text:
        found.append(_contains(wanted.text, wanted.named))
    return found


def _contains(words: str, named: Collection[UUID] | None) -> ColumnElement[bool]:
    """Return the condition that a case has these words, in alternatives that an index answers each."""
    pattern = _pattern(words)
    grams = func.server.grams_of(Case.description).op("@>", is_comparison=True)
    # Not ILIKE, whose share the planner would multiply with that of the grams: few rows, it would think.
    literally = func.strpos(func.lower(Case.description), func.lower(words)) > 0
    found = [and_(grams(func.server.grams_sought(words)), literally)]
    if OF_A_NUMBER.issuperset(words):
        found.append(Case.number.ilike(pattern, escape="/"))
    if named is None:
        found.append(Community.name.ilike(pattern, escape="/"))
    elif named:
        found.append(Case.community_id.in_(named))
    return or_(*found)


def _pattern(words: str) -> str:
    escaped = words.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{escaped}%"
