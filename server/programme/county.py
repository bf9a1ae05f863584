"""The county's own facts as they ship: outline, divisions, units, measures, rules, calendar, checklists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from chinese_calendar.constants import holidays, workdays
from geoalchemy2.shape import from_shape
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from checklists.catalog import catalog
from checklists.categories import Category as CategoryRow
from checklists.categories import packaged_categories
from geo import county_data
from geo.tables import SRID, County, Neighbourhood, Subdistrict
from server.auth.tables import Unit
from server.programme.rules import month_span
from server.programme.tables import (
    CalendarDay,
    Category,
    CategoryRule,
    ChecklistVersion,
    Measure,
    Programme,
)

RULE_SOURCE = "县住宅小区物业管理提升工作方案；时限和判重半径为默认值，县里可以调整"
CALENDAR_SOURCE = "chinesecalendar: orders of the State Council on public holidays"
DIVISIONS_OF_UNITS = {"sihe_subdistrict": "370831001", "jihe_subdistrict": "370831002"}


@cache
def plan() -> dict[str, Any]:
    """Return the county's plan as it ships."""
    file = files("server.programme").joinpath("data", "programme_sishui.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def load_divisions(session: Session) -> int:
    """Store the county, its subdistricts and towns, its neighbourhoods and villages; return how many."""
    held = county_data.county()
    names = ("adcode", "name_zh", "name_en", "metric_srid", "origin", "source", "licence")
    row = {name: getattr(held, name) for name in names}
    _keep(session, County, [{**row, "geom": from_shape(held.outline, srid=SRID)}])
    known = county_data.divisions()
    _keep(session, Subdistrict, [_division(one, "adcode") for one in known if len(one.code) == 9])
    _keep(
        session, Neighbourhood, [_division(one, "subdistrict_code") for one in known if len(one.code) == 12]
    )
    return len(known)


def load_units(session: Session) -> list[str]:
    """Store the plan's units, a unit for every town and one for every neighbourhood; return their codes."""
    rows = [*map(_plan_unit, plan()["units"]), *_division_units()]
    _keep(session, Unit, rows)
    return [row["code"] for row in rows]


def load_measures(session: Session) -> list[int]:
    """Store the plan and its measures; return their numbers."""
    told = plan()["programme"]
    programme = {
        "code": told["code"],
        "doc_no": told["doc_no"],
        "title_zh": told["title_zh"],
        "issued_on": date.fromisoformat(told["issued"]),
        "adcode": told["county_adcode"],
        "document": plan(),
    }
    _keep(session, Programme, [programme])
    rows = [_measure(told["code"], one) for one in plan()["measures"]]
    _keep(session, Measure, rows)
    return [row["measure"] for row in rows]


def load_categories(session: Session) -> list[CategoryRow]:
    """Store the categories, and their rules where the county has none of its own; return them."""
    found = list(packaged_categories().values())
    labels = [{"category": one.code, "label_zh": one.label_zh, "label_en": one.label_en} for one in found]
    _keep(session, Category, labels)
    _keep(session, CategoryRule, [row for one in found for row in _rules(one)])
    return found


def load_calendar(session: Session) -> list[int]:
    """Store the public holidays and make-up days that are known; return their years."""
    rows = [
        {"day": day, "kind": kind, "name": name, "provisional": False, "source": CALENDAR_SOURCE}
        for kind, known in (("holiday", holidays), ("work", workdays))
        for day, name in known.items()
    ]
    _keep(session, CalendarDay, rows)
    return sorted({row["day"].year for row in rows})


def load_checklists(session: Session, now: datetime) -> list[str]:
    """Publish the shipped checklists where the county has no version of its own; return the shipped ones."""
    current = catalog().current()
    versions = [one.version for one in current]
    session.execute(
        update(ChecklistVersion)
        .where(
            ChecklistVersion.version.in_(set(catalog().by_version) - set(versions)),
            ChecklistVersion.retired_at.is_(None),
        )
        .values(retired_at=now)
    )
    rows = [
        {
            "version": one.version,
            "code": one.code,
            "title_zh": one.title_zh,
            "title_en": one.title_en,
            "document": dict(one.source),
            "published_at": datetime.combine(
                date.fromisoformat(str(one.published_on)), datetime.min.time(), UTC
            ),
        }
        for one in current
    ]
    _keep(session, ChecklistVersion, rows)
    return versions


def _keep(session: Session, table: type, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store the rows that are not there yet: what the county has changed stays as it is."""
    if rows:
        session.execute(insert(table).values(list(rows)).on_conflict_do_nothing())


def _division(division: county_data.Division, parent: str) -> dict[str, Any]:
    return {
        "code": division.code,
        parent: division.parent_code,
        "name_zh": division.name,
        "kind": division.kind,
        "origin": "official",
    }


def _plan_unit(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": told["code"],
        "name_zh": told["name_zh"],
        "name_en": told["name_en"],
        "kind": told["type"],
        "division_code": DIVISIONS_OF_UNITS.get(told["code"]),
        "origin": "official",
    }


def _division_units() -> Iterable[dict[str, Any]]:
    for division in county_data.divisions():
        if len(division.code) == 12:
            yield _place_unit(f"n{division.code}", division, "neighbourhood", "Committee of")
        elif division.kind == "town":
            yield _place_unit(f"t{division.code}", division, "subdistrict", "Town government of")


def _place_unit(code: str, division: county_data.Division, kind: str, english: str) -> dict[str, Any]:
    office = "人民政府" if division.kind == "town" else ""
    return {
        "code": code,
        "name_zh": f"{division.name}{office}",
        "name_en": f"{english} {division.code}",
        "kind": kind,
        "division_code": division.code,
        "origin": "official",
    }


def _measure(programme: str, told: Mapping[str, Any]) -> dict[str, Any]:
    starts, ends = month_span(told["window"])
    return {
        "measure": told["seq"],
        "programme_code": programme,
        "title_zh": told["title_zh"],
        "title_en": told["title_en"],
        "kind": told["kind"],
        "window_from": starts,
        "window_to": ends,
        "lead_units": told["lead_units"],
        "responsible_units": told["responsible_units"],
        "duties": told["duties"],
    }


def _rules(row: CategoryRow) -> Iterable[dict[str, Any]]:
    for limit in row.limits:
        yield {
            "category": row.code,
            "severity": limit.severity,
            "valid_from": row.valid_from,
            "measures": list(row.measures),
            "first_actor": row.first,
            "lead": row.lead,
            "departments": list(row.departments),
            "own_duty": row.own_duty,
            "limit_amount": limit.amount,
            "limit_unit": limit.unit,
            "set_by_dispatcher": limit.set,
            "milestone": limit.milestone,
            "radius_m": row.radius_m,
            "radius_scope": row.radius_scope or "distance",
            "auto_file": row.auto_file,
            "photo_required": row.photo,
            "source": RULE_SOURCE,
        }
