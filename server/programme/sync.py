"""What of the programme travels to every tablet: checklists, categories, rules and the work calendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.workcalendar import OFFICE_HOURS, SHANGHAI
from server.programme import queries
from server.programme.tables import Category, CategoryRule, ChecklistVersion
from sync.entity import GLOBAL_BUCKET, SyncEntity, Wire

GLOBAL = frozenset({GLOBAL_BUCKET})


def rule_id(row: CategoryRule) -> str:
    """Return the id of a rule on the wire: category, severity and first day."""
    return f"{row.category}/{row.severity}/{row.valid_from.isoformat()}"


def checklist_json(found: ChecklistVersion) -> dict[str, Any]:
    """Return a checklist as the API and tablets show it: its document with `version`."""
    return {**found.document, "version": found.version}


def _checklists(session: Session, ids: Sequence[str]) -> Sequence[Wire]:
    found = session.scalars(select(ChecklistVersion).where(ChecklistVersion.version.in_(ids)))
    return [
        Wire(one.version, 1, GLOBAL if one.retired_at is None else frozenset(), checklist_json(one))
        for one in found
    ]


def _categories(session: Session, ids: Sequence[str]) -> Sequence[Wire]:
    found = session.scalars(select(Category).where(Category.category.in_(ids)))
    return [
        Wire(
            one.category,
            1,
            GLOBAL,
            {"category": one.category, "label_zh": one.label_zh, "label_en": one.label_en},
        )
        for one in found
    ]


def _rules(session: Session, ids: Sequence[str]) -> Sequence[Wire]:
    wanted = set(ids)
    categories = {one.split("/")[0] for one in wanted}
    found = session.scalars(select(CategoryRule).where(CategoryRule.category.in_(categories)))
    return [Wire(rule_id(row), 1, GLOBAL, _rule(row)) for row in found if rule_id(row) in wanted]


def _rule(row: CategoryRule) -> dict[str, Any]:
    names = (
        "category severity valid_from valid_to measures first_actor lead departments own_duty limit_amount"
        " limit_unit set_by_dispatcher milestone radius_m radius_scope auto_file photo_required"
    )
    return {name: getattr(row, name) for name in names.split()}


def _calendar(session: Session, ids: Sequence[str]) -> Sequence[Wire]:
    days = queries.calendar_days(session, [int(year) for year in ids])
    return [
        Wire(year, 1, GLOBAL, _year(int(year), [day for day in days if day.day.year == int(year)]))
        for year in ids
    ]


def _year(year: int, days: Sequence[Any]) -> dict[str, Any]:
    return {
        "year": year,
        "holidays": [day.day for day in days if day.kind == "holiday"],
        "make_up_days": [day.day for day in days if day.kind == "work"],
        "provisional": any(day.provisional for day in days),
        "hours": [
            [opens.isoformat("minutes"), closes.isoformat("minutes")] for opens, closes in OFFICE_HOURS
        ],
        "zone": SHANGHAI.key,
    }


CHECKLIST = SyncEntity("checklist", _checklists)
CATEGORY = SyncEntity("category", _categories)
RULE = SyncEntity("rule", _rules)
CALENDAR = SyncEntity("calendar", _calendar)
ENTITIES = (CHECKLIST, CATEGORY, RULE, CALENDAR)
