"""All SQL about the ledger in Excel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session

from server.auth.tables import Unit
from server.ledger import lists
from server.ledger.lists import Filter
from server.ledger.sheets.lines import READ, Deed, Details
from server.ledger.view import CaseView
from server.programme.tables import Measure

PAGE = 1000
_FOLDER = Path(__file__).parent
_DETAILS = text((_FOLDER / "details.sql").read_text(encoding="utf-8"))
_DEEDS = text((_FOLDER / "deeds.sql").read_text(encoding="utf-8"))


def pages(
    session: Session, wanted: Filter, visible: ColumnElement[bool], now: datetime
) -> Iterator[list[CaseView]]:
    """Yield the visible cases that pass the filter, newest report first, a thousand at a time."""
    after: tuple[str, str] | None = None
    while page := lists.page(session, wanted, visible, after, PAGE, now):
        yield page
        after = (page[-1].reported_at.isoformat(), str(page[-1].case_id))


def details(session: Session, cases: Sequence[CaseView], units: dict[int, str]) -> dict[UUID, Details]:
    """Return what the lines of these cases say beside the list; `units` names the responsible by measure."""
    ids = [str(case.case_id) for case in cases]
    deeds = _deeds(session, ids)
    measures = {case.case_id: case.measure for case in cases}
    return {
        row.case_id: Details(
            **row._mapping,
            responsible_units=units.get(measures[row.case_id], ""),
            deeds=deeds.get(row.case_id, ()),
        )
        for row in session.execute(_DETAILS, {"ids": ids})
    }


def responsible_units(session: Session) -> dict[int, str]:
    """Return the names of the units that answer for each measure of the plan."""
    names = {row.code: row.name_zh for row in session.execute(select(Unit.code, Unit.name_zh))}
    rows = session.execute(select(Measure.measure, Measure.responsible_units))
    return {row.measure: "、".join(names.get(code, code) for code in row.responsible_units) for row in rows}


def _deeds(session: Session, ids: Sequence[str]) -> dict[UUID, tuple[Deed, ...]]:
    rows = session.execute(_DEEDS, {"ids": ids, "commands": list(READ)})
    return {
        case_id: tuple(Deed(*row[1:]) for row in group)
        for case_id, group in groupby(rows, key=lambda row: row.case_id)
    }
