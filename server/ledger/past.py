"""The ledger as it stood at the end of a past day, folded from the histories of its cases.

Exact for every entry that told the end of 80 % of its limit beside the deadline. Of an older one the yellow
light is that of the case as long as its deadline stands, else 80 % of the plain time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    String,
    Uuid,
    case,
    cast,
    column,
    extract,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from checklists.deadlines import SHANGHAI
from geo.tables import Community
from server.auth.actor import Actor
from server.auth.rules import reach
from server.auth.tables import Unit
from server.ledger import visibility
from server.ledger.lists import COLUMNS, Filter, reported_within, with_names
from server.ledger.states import OPEN_STATES
from server.ledger.tables import Case, CaseEntry, CaseEntryPrivate
from server.ledger.terms import local_day
from server.ledger.view import CaseView
from server.photos.claims import Evidence
from server.problems import InvalidInput
from server.programme.tables import Category

_INSTANT = DateTime(timezone=True)
_FOLDED: dict[str, Any] = {
    "seq": Integer(),
    "state": String(),
    "version": Integer(),
    "level": Integer(),
    "category": String(),
    "severity": String(),
    "measure": Integer(),
    "unit_code": String(),
    "lead_unit": String(),
    "filed": Boolean(),
    "due_at": _INSTANT,
    "yellow_at": _INSTANT,
    "claimed_at": _INSTANT,
    "checker_id": Uuid(),
    "finding": String(),
    "ended_at": _INSTANT,
    "paused_at": _INSTANT,
    "resume_on": Date(),
    "merged_into": Uuid(),
    "transferred_to": String(),
    "rework_count": Integer(),
    "refused_count": Integer(),
    "returned_count": Integer(),
    "buck_passing_count": Integer(),
    "extension_count": Integer(),
    "rebound_count": Integer(),
}
_REPORTED = ("category", "severity", "measure")
_PLAIN_SHARE = 0.8
# What is only known of today: a row of a past day leaves it out.
_OF_TODAY = ("departments",)
_EVIDENCE = text(
    "SELECT c.entity_id, count(DISTINCT p.sha256) AS expected,"
    " array_agg(DISTINCT encode(p.sha256, 'hex')) FILTER (WHERE p.stored_at IS NULL OR p.stored_at >= :until)"
    " AS missing"
    " FROM server.photo_claim c JOIN server.photo p USING (sha256) WHERE c.entity = 'case'"
    " AND c.entity_id = ANY(CAST(:ids AS uuid[])) AND c.claimed_at < :until GROUP BY c.entity_id"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The end of a local day, or now on the day that has not ended."""

    until: datetime

    @classmethod
    def of(cls, day: date, now: datetime) -> Moment:
        """Return the moment at which the ledger of a day is shown.

        Raises:
            InvalidInput: the day has not begun.
        """
        if day > local_day(now):
            raise _not_begun(day)
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)
        # An entry of this very moment counts.
        return cls(min(midnight.astimezone(UTC), now + timedelta(microseconds=1)))


def _not_begun(day: date) -> InvalidInput:
    detail, zh = (
        f"{day} has not begun: name today or a past day.",
        f"{day} 尚未到来，请填写今天或过去的日期。",
    )
    return InvalidInput(detail, zh, errors=[{"pointer": "/query/as_of", "detail": detail, "detail_zh": zh}])


def _of_today_only() -> InvalidInput:
    detail = "Figures and groups are those of today: leave out as_of, or figure and group_by."
    zh = "统计口径与分组仅限当前台账，请去掉 as_of，或去掉 figure 与 group_by。"
    return InvalidInput(detail, zh, errors=[{"pointer": "/query/as_of", "detail": detail, "detail_zh": zh}])


def cases(
    session: Session,
    day: date,
    wanted: Filter,
    after: tuple[str, str] | None,
    limit: int,
    *,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the cases as they stood at the end of a local day, newest report first.

    Which cases a person may see is decided by how they stand today.

    Raises:
        InvalidInput: the day has not begun, or a figure or group of today is asked for.
    """
    if wanted.figure is not None or wanted.group_by is not None:
        raise _of_today_only()
    until = Moment.of(day, now).until
    visible = visibility.within(actor, reach(actor, "cases.list"), local_day(now))
    found = _page(session, until, with_names(session, wanted), visible, after, limit)
    evidence = _evidence(session, [one.case_id for one in found], until)
    rows = [one.as_json(evidence.get(one.case_id, Evidence()), until) for one in found]
    return [{name: value for name, value in row.items() if name not in _OF_TODAY} for row in rows]


def _page(
    session: Session,
    until: datetime,
    wanted: Filter,
    visible: ColumnElement[bool],
    after: tuple[str, str] | None,
    limit: int,
) -> list[CaseView]:
    then = _folded(until)
    columns = _columns(then.c, until)
    found = (
        select(*(columns[one.name].label(one.name) for one in fields(CaseView)))
        .select_from(Case)
        .join(Community, Community.community_id == Case.community_id)
        .join(then, true())
        .join(Category, Category.category == columns["category"])
        .outerjoin(Unit, Unit.code == columns["unit_code"])
        .where(visible, Case.reported_at < until, *_conditions(wanted, columns, until))
        .order_by(Case.reported_at.desc(), Case.case_id.desc())
        .limit(limit)
    )
    if after is not None:
        found = found.where(tuple_(Case.reported_at, Case.case_id) < tuple_(*after))
    return [CaseView(*row) for row in session.execute(found)]


def standing(
    session: Session,
    day: date,
    wanted: Filter,
    visible: ColumnElement[bool],
    group_by: str,
    now: datetime,
) -> Sequence[Any]:
    """Return group, state, signal and number of the cases that were open at the end of a local day.

    `group_by`: `subdistrict`, `community` or `measure`. As many as `cases` lists with the same filters.
    """
    until = Moment.of(day, now).until
    then = _folded(until)
    columns = _columns(then.c, until)
    key = _GROUPED[group_by](columns).label("key")
    state, signal = columns["state"].label("state"), _shown(columns, until).label("signal")
    found = (
        select(key, state, signal, func.count().label("cases"))
        .select_from(Case)
        .join(Community, Community.community_id == Case.community_id)
        .join(then, true())
        .where(visible, Case.reported_at < until, _open_then(until), state.in_(OPEN_STATES))
        .where(*reported_within(wanted))
        .group_by(key, state, signal)
    )
    return session.execute(found).all()


_GROUPED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "subdistrict": lambda columns: func.left(Community.neighbourhood_code, literal_column("9")),
    "community": lambda columns: cast(Case.community_id, String),
    "measure": lambda columns: cast(columns["measure"], String),
}


def _folded(until: datetime) -> Any:
    """Return what the histories of cases fold to at a moment, one row for the case beside it."""
    return (
        func.server.case_as_of(Case.case_id, until)
        .table_valued(*(column(name, kind) for name, kind in _FOLDED.items()))
        .lateral("f")
    )


def _columns(then: Any, until: datetime) -> dict[str, Any]:
    """Return the column of each member of `CaseView` as it stood then; what never changes is the row's."""
    filed = or_(then.filed, Case.origin == "imported")
    of_today: dict[str, Any] = {name: literal_column("'[]'::jsonb") for name in _OF_TODAY}
    return {
        **COLUMNS,
        **of_today,
        **{name: then[name] for name in _FOLDED if name in COLUMNS},
        **{name: func.coalesce(then[name], getattr(Case, name)) for name in _REPORTED},
        "unit_code": func.coalesce(then.unit_code, case((Case.origin == "imported", Case.unit_code))),
        "number": case((then.filed, Case.number)),
        "filed_at": case((filed, Case.filed_at)),
        "first_due_at": case((filed, Case.first_due_at)),
        "urging_unit": case((then.filed, Case.urging_unit)),
        "investigating_units": case(
            (then.filed, Case.investigating_units), else_=literal_column("'{}'::text[]", ARRAY(String))
        ),
        "yellow_at": _yellow(then),
        "closed_at": case((then.state == "closed", then.ended_at)),
        "demand": _demand(until),
    }


def _yellow(then: Any) -> Any:
    filed, due = extract("epoch", Case.filed_at), extract("epoch", then.due_at)
    plain = func.to_timestamp(filed + _PLAIN_SHARE * (due - filed))
    return func.coalesce(
        then.yellow_at, case((then.due_at == Case.due_at, Case.yellow_at), (then.due_at.is_not(None), plain))
    )


def _demand(until: datetime) -> Any:
    return (
        select(CaseEntryPrivate.words["demand"].astext)
        .join(
            CaseEntry,
            (CaseEntry.case_id == CaseEntryPrivate.case_id) & (CaseEntry.seq == CaseEntryPrivate.seq),
        )
        .where(
            CaseEntry.case_id == Case.case_id,
            CaseEntry.command == "case.dispatch",
            CaseEntry.recorded_at < until,
        )
        .order_by(CaseEntry.seq.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


def _conditions(wanted: Filter, columns: dict[str, Any], until: datetime) -> list[ColumnElement[bool]]:
    several = (
        (columns["state"], wanted.state),
        (columns["category"], wanted.category),
        (columns["measure"], wanted.measure),
        (columns["severity"], wanted.severity),
        (_shown(columns, until), wanted.signal),
    )
    exact = (
        (Case.community_id, wanted.community_id),
        (Case.grid_cell_code, wanted.grid_cell),
        (columns["unit_code"], wanted.unit),
    )
    return [
        *(_may_have_stood(wanted.state, until) if wanted.state else ()),
        *(found.in_(values) for found, values in several if values),
        *(found == value for found, value in exact if value is not None),
        *reported_within(wanted),
    ]


def _shown(columns: dict[str, Any], until: datetime) -> ColumnElement[str]:
    at = func.coalesce(columns["ended_at"], columns["paused_at"], until)
    return case(
        (or_(columns["yellow_at"].is_(None), at <= columns["yellow_at"]), "green"),
        (at <= columns["due_at"], "yellow"),
        else_="red",
    )


def _open_then(until: datetime) -> ColumnElement[bool]:
    # What ended and stayed so had ended at every moment since.
    return or_(Case.ended_at.is_(None), Case.ended_at >= until)


def _may_have_stood(states: Collection[str], until: datetime) -> list[ColumnElement[bool]]:
    """Return what must hold of cases that stood in one of these states: spares folding every history."""
    came: Select[*tuple[Any, ...]] = select(literal_column("1")).where(
        CaseEntry.case_id == Case.case_id, CaseEntry.to_state.in_(states), CaseEntry.recorded_at < until
    )
    # Not EXISTS: a page of a frequent state would first read all entries there are.
    ever = came.correlate(Case).limit(1).scalar_subquery().is_not(None)
    return [_open_then(until), ever] if set(states) <= set(OPEN_STATES) else [ever]


def _evidence(session: Session, ids: Collection[UUID], until: datetime) -> dict[UUID, Evidence]:
    rows = session.execute(_EVIDENCE, {"ids": [str(one) for one in ids], "until": until})
    found = [(row.entity_id, row.expected, tuple(row.missing or ())) for row in rows]
    return {case_id: Evidence(expected, expected - len(gone), gone) for case_id, expected, gone in found}
