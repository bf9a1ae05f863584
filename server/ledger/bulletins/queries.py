"""Counting for reports: how many cases each happening befell, by group."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, distinct, func, select
from sqlalchemy.orm import Session

from geo.tables import Community
from server.ledger.happenings import HAPPENINGS, entry_of
from server.ledger.lists import Filter, reported_within
from server.ledger.tables import Case, CaseEntry
from server.ledger.terms import midnight

GROUPS: dict[str, Any] = {
    "subdistrict": func.left(Community.neighbourhood_code, 9),
    "community": cast(Case.community_id, String),
    "measure": cast(Case.measure, String),
}


def happened(
    session: Session,
    wanted: Filter,
    visible: ColumnElement[bool],
    group_by: str,
    first: date,
    last: date,
) -> dict[str, dict[str, int]]:
    """Return by group how many cases each happening befell between two local days.

    A case counts once, however often it happened to it: the number is that of the list behind it.
    """
    key = GROUPS[group_by].label("key")
    columns = [
        func.count(distinct(Case.case_id)).filter(entry_of(name, None, None)).label(name)
        for name in HAPPENINGS
    ]
    found = (
        select(key, *columns)
        .select_from(CaseEntry)
        .join(Case, Case.case_id == CaseEntry.case_id)
        .join(Community, Community.community_id == Case.community_id)
        .where(
            CaseEntry.recorded_at >= midnight(first),
            CaseEntry.recorded_at < end_of(last),
            visible,
            *reported_within(wanted),
        )
        .group_by(key)
    )
    return {row["key"]: {name: row[name] for name in HAPPENINGS} for row in session.execute(found).mappings()}


def end_of(day: date) -> datetime:
    """Return the instant at which a local day ends."""
    return midnight(day + timedelta(days=1))
