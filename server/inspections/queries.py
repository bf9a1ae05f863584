"""All SQL about inspections."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, text, true, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from checklists.deadlines import SHANGHAI
from geo.hexagons import column_of
from geo.tables import Community, CommunityCell
from server.auth.actor import Actor
from server.auth.rules import Reach
from server.auth.tables import User
from server.communities.tables import Assignment, ServiceContract
from server.inspections.tables import Inspection, Violation
from server.inspections.view import InspectionView
from server.programme.tables import ChecklistVersion
from sync.fixed import Fixed

# The columns are those of `InspectionView`, in their order.
_STORE = Fixed("SELECT * FROM server.store_inspections(CAST(:rows AS jsonb))")

# A tablet waits for these: plain text costs a third of what building the statements anew would.
_VIEWS = Fixed(Path(__file__).with_name("inspection_views.sql").read_text(encoding="utf-8"))
_STANDING = Fixed("SELECT * FROM server.standing(CAST(:checklists AS text[]), CAST(:ids AS uuid[]))")
_STORE_VIOLATIONS = Fixed(
    "INSERT INTO server.violation"
    " (violation_id, inspection_id, item_code, instance, category, severity, case_id, joined)"
    " SELECT violation_id, inspection_id, item_code, instance, category, severity, case_id, joined"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS v (violation_id uuid, inspection_id uuid,"
    " item_code text, instance integer, category text, severity text, case_id uuid, joined boolean)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a reader of inspections asks for; days are local and both ends count.

    Attributes:
        inspected_from, inspected_to: when the inspection ended by the tablet, else when it was received.
        hexagon: the H3 cell that its position lies in.
        violating: only those that found something wrong and were not corrected since; `category`, `severity`
            and `item` say what.
    """

    subdistrict: str | None = None
    community_id: UUID | None = None
    grid_cell: str | None = None
    checklist: str | None = None
    user_id: UUID | None = None
    received_from: date | None = None
    received_to: date | None = None
    inspected_from: date | None = None
    inspected_to: date | None = None
    hexagon: str | None = None
    violating: bool = False
    category: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    item: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """A published checklist version; `retired` when a newer one took its place."""

    code: str
    retired: bool


def standing(
    session: Session, checklists: Collection[str], ids: Collection[UUID]
) -> tuple[dict[str, Published], dict[UUID, Mapping[str, Any]]]:
    """Return what stands already, in one round trip.

    First those of these checklist versions that were ever published; then for each of these ids that is
    taken the inspection's hash, version and time of receipt.
    """
    wanted = {"checklists": list(checklists), "ids": [str(one) for one in ids]}
    rows = _STANDING.rows(session, wanted)
    published = {row[0]: Published(row[1], row[2]) for row in rows if row[0] is not None}
    return published, {row[3]: _stored(*row[3:]) for row in rows if row[3] is not None}


def _stored(
    inspection_id: UUID, content_sha256: bytes, version: int, received_at: datetime
) -> Mapping[str, Any]:
    return {
        "inspection_id": str(inspection_id),
        "content_sha256": bytes(content_sha256).hex(),
        "version": version,
        "received_at": received_at.isoformat(),
    }


def documents(session: Session, versions: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the documents of these checklist versions."""
    wanted = select(ChecklistVersion.version, ChecklistVersion.document)
    rows = session.execute(wanted.where(ChecklistVersion.version.in_(versions)))
    return {row.version: row.document for row in rows}


def store(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[InspectionView]:
    """Store inspections in one round trip; return them as they stand, still without cases."""
    stored = _STORE.rows(session, {"rows": orjson.dumps(list(rows)).decode()})
    return [InspectionView(*row) for row in stored]


def store_violations(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store violations in one round trip."""
    if rows:
        _STORE_VIOLATIONS.rows(session, {"rows": orjson.dumps(list(rows)).decode()})


def _cases() -> Any:
    ids = select(func.array_agg(Violation.case_id.distinct())).where(
        Violation.inspection_id == Inspection.inspection_id, Violation.case_id.is_not(None)
    )
    return ids.scalar_subquery()


def _corrections() -> Any:
    later = aliased(Inspection)
    ids = select(func.array_agg(aggregate_order_by(later.inspection_id, later.received_at)))
    return ids.where(later.corrects == Inspection.inspection_id).correlate(Inspection).scalar_subquery()


_OTHERS: dict[str, Any] = {
    "checklist": ChecklistVersion.code,
    "community_name": Community.name,
    "neighbourhood_code": Community.neighbourhood_code,
    "worker_name": User.display_name,
    "lon": func.ST_X(Inspection.geom),
    "lat": func.ST_Y(Inspection.geom),
    "case_ids": func.coalesce(_cases(), text("'{}'::uuid[]")),
    "corrected_by": func.coalesce(_corrections(), text("'{}'::uuid[]")),
}


def _selected() -> Select[*tuple[Any, ...]]:
    names = [field.name for field in fields(InspectionView)]
    columns = [
        (_OTHERS[name] if name in _OTHERS else getattr(Inspection, name)).label(name) for name in names
    ]
    return (
        select(*columns)
        .select_from(Inspection)
        .join(Community, Community.community_id == Inspection.community_id)
        .join(ChecklistVersion, ChecklistVersion.version == Inspection.checklist_version)
        .join(User, User.user_id == Inspection.user_id)
    )


def views(session: Session, ids: Collection[UUID]) -> list[InspectionView]:
    """Return these inspections, in the order of their ids; an id that is gone is left out."""
    if not ids:
        return []
    return [InspectionView(*row) for row in _VIEWS.rows(session, {"ids": [str(one) for one in ids]})]


def answers(session: Session, inspection_id: UUID) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return the answers and the position of one inspection as they were sent."""
    row = session.execute(
        select(Inspection.answers, Inspection.location_sent).where(Inspection.inspection_id == inspection_id)
    ).one()
    return row.answers, row.location_sent


def kept_times(session: Session, inspection_id: UUID) -> Mapping[str, Any]:
    """Return how far the times of one inspection can be believed: skew_ms, time_confidence, time_travel."""
    wanted = select(Inspection.skew_ms, Inspection.time_confidence, Inspection.time_travel)
    row = session.execute(wanted.where(Inspection.inspection_id == inspection_id)).one()
    return row._asdict()


def page(
    session: Session,
    wanted: Filter,
    visible: ColumnElement[bool],
    after: tuple[str, str] | None,
    limit: int,
) -> list[InspectionView]:
    """Return up to `limit` visible inspections that pass the filter, the newest first."""
    found = _selected().where(visible, *_conditions(wanted))
    if after is not None:
        found = found.where(tuple_(Inspection.received_at, Inspection.inspection_id) < tuple_(*after))
    ordered = found.order_by(Inspection.received_at.desc(), Inspection.inspection_id.desc()).limit(limit)
    return [InspectionView(*row) for row in session.execute(ordered)]


def counted(session: Session, wanted: Filter, visible: ColumnElement[bool]) -> Mapping[str, int]:
    """Return how many visible inspections pass the filter, in how many communities, with how many items.

    Items are the questions of checklists that have an answer; a repeated question counts once.
    """
    kinds = func.jsonb_object_keys(Inspection.answers).table_valued("item").lateral()
    items = select(func.count()).select_from(kinds).scalar_subquery()
    found = (
        select(
            func.count().label("inspections"),
            func.count(Inspection.community_id.distinct()).label("communities"),
            func.coalesce(func.sum(items), 0).label("items"),
        )
        .select_from(Inspection)
        .join(Community, Community.community_id == Inspection.community_id)
        .join(ChecklistVersion, ChecklistVersion.version == Inspection.checklist_version)
        .where(visible, *_conditions(wanted))
    )
    return {name: int(value) for name, value in session.execute(found).mappings().one().items()}


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    exact: tuple[tuple[Any, Any], ...] = (
        (Inspection.community_id, wanted.community_id),
        (Inspection.grid_cell_code, wanted.grid_cell),
        (ChecklistVersion.code, wanted.checklist),
        (Inspection.user_id, wanted.user_id),
    )
    found: list[ColumnElement[bool]] = [column == value for column, value in exact if value is not None]
    if wanted.subdistrict is not None:
        found.append(Community.neighbourhood_code.startswith(wanted.subdistrict))
    if wanted.received_from is not None:
        found.append(Inspection.received_at >= _midnight(wanted.received_from))
    if wanted.received_to is not None:
        found.append(Inspection.received_at < _midnight(wanted.received_to + timedelta(days=1)))
    inspected_at = func.coalesce(Inspection.finished_at, Inspection.received_at)
    if wanted.inspected_from is not None:
        found.append(inspected_at >= _midnight(wanted.inspected_from))
    if wanted.inspected_to is not None:
        found.append(inspected_at < _midnight(wanted.inspected_to + timedelta(days=1)))
    if wanted.hexagon and (stored := column_of(wanted.hexagon)):
        found.append(literal_column(f"server.inspection.{stored[0]}") == stored[1])
    return [*found, *_violating(wanted)]


def _violating(wanted: Filter) -> list[ColumnElement[bool]]:
    chosen = (
        (Violation.category, wanted.category),
        (Violation.severity, wanted.severity),
        (Violation.item_code, wanted.item),
    )
    conditions = [column.in_(values) for column, values in chosen if values]
    if not (wanted.violating or conditions):
        return []
    later = aliased(Inspection)
    corrected = select(later.inspection_id).where(later.corrects == Inspection.inspection_id)
    shown = select(Violation.violation_id).where(
        Violation.inspection_id == Inspection.inspection_id, *conditions
    )
    return [shown.correlate(Inspection).exists(), ~corrected.correlate(Inspection).exists()]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def within(actor: Actor, reach: Reach, day: date) -> ColumnElement[bool]:
    """Return the condition that an inspection lies within a reach; one's own always do."""
    if reach is Reach.COUNTY:
        return true()
    own: ColumnElement[bool] = Inspection.user_id == actor.user_id
    if reach in (Reach.SUBDISTRICT, Reach.NEIGHBOURHOOD):
        return or_(own, func.starts_with(Community.neighbourhood_code, actor.division_code or "-"))
    if reach is Reach.UNIT:
        return or_(own, Inspection.community_id.in_(_served(actor, day)))
    if reach is Reach.CELLS:
        return or_(own, _in_cells(actor, day))
    return own


def _served(actor: Actor, day: date) -> Any:
    contract = ServiceContract
    return select(contract.community_id).where(
        contract.unit_code == actor.unit_code,
        contract.starts_on <= day,
        or_(contract.ends_on.is_(None), contract.ends_on > day),
    )


def _in_cells(actor: Actor, day: date) -> ColumnElement[bool]:
    walked = select(Assignment.grid_cell_code).where(
        Assignment.user_id == actor.user_id,
        Assignment.valid_from <= day,
        or_(Assignment.valid_to.is_(None), Assignment.valid_to > day),
    )
    touched = select(CommunityCell.community_id).where(CommunityCell.grid_cell_code.in_(walked))
    return or_(
        Inspection.grid_cell_code.in_(walked),
        and_(Inspection.grid_cell_code.is_(None), Inspection.community_id.in_(touched)),
    )


def covered(session: Session, condition: ColumnElement[bool], ids: Collection[UUID]) -> set[UUID]:
    """Return those of these inspections that a condition covers."""
    if not ids:
        return set()
    wanted = select(Inspection.inspection_id).join(
        Community, Community.community_id == Inspection.community_id
    )
    return set(session.scalars(wanted.where(Inspection.inspection_id.in_(ids), condition)))
