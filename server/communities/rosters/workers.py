"""Grid workers by roster: who they are and which cells they walk from today on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from geo.queries import existing_cells
from server.auth.service import plain_name
from server.auth.tables import User
from server.communities import service
from server.communities.queries import cells_of
from server.communities.rosters import queries, rules
from server.communities.rosters.outcome import By, Outcome, repeated
from server.problems import DomainError
from server.sheets.columns import plain
from server.sheets.rows import CheckedRow


def take(session: Session, rows: Sequence[CheckedRow], by: By) -> Outcome:
    """Make the workers that rows name, or let those that exist walk the cells that rows list."""
    day = service.local_day(by.now)
    for row in rows:
        row.values["username"] = plain_name(row.values.get("username", ""))
        row.values["cells"] = rules.codes_in(row.values.get("cells", ""))
    repeated(rows, "username")
    existing = existing_cells(session, [code for row in rows for code in row.values["cells"]], day)
    known = queries.people(session, [row.values["username"] for row in rows])
    units, outcome = queries.units(session), Outcome()
    for row in rows:
        unknown = [code for code in row.values["cells"] if code not in existing]
        if unknown:
            row.wrong(
                "cells",
                f"names no grid cell: {', '.join(unknown[:3])}",
                f"没有网格：{'、'.join(unknown[:3])}",
            )
        told = row.values.get("unit")
        if told and plain(told) not in units:
            row.wrong("unit", "is no unit here", "没有这个单位")
        if not row.faults:
            unit = units[plain(told)] if told else None
            _store(session, row, known.get(row.values["username"]), unit, by, outcome)
    return outcome


def _store(
    session: Session, row: CheckedRow, found: User | None, unit: str | None, by: By, outcome: Outcome
) -> None:
    try:
        with session.begin_nested():
            if found is None:
                _create(session, row, unit, by)
                outcome.created += 1
            elif _change(session, row, found, unit, by):
                outcome.changed += 1
            else:
                outcome.unchanged += 1
    except DomainError as error:
        row.wrong("", error.detail, error.detail_zh)


def _create(session: Session, row: CheckedRow, unit: str | None, by: By) -> None:
    told = row.values
    if not told.get("password"):
        row.wrong("password", "is needed for a new worker", "新网格员须填写初始密码")
        return
    service.create_person(
        session,
        username=told["username"],
        display_name=told["display_name"],
        role=service.WORKER,
        unit_code=unit,
        cells=told["cells"],
        password=told["password"],
        actor=by.actor,
        now=by.now,
    )


def _change(session: Session, row: CheckedRow, found: User, unit: str | None, by: By) -> bool:
    told, changed = row.values, False
    if found.role != service.WORKER:
        row.wrong("username", f"belongs to a {found.role}", f"属于角色 {found.role}")
        return False
    names = {"display_name": told["display_name"], "unit_code": unit or found.unit_code}
    if any(getattr(found, name) != value for name, value in names.items()):
        for name, value in names.items():
            setattr(found, name, value)
        by.note(session, "roster.workers", "user", found.user_id, **names)
        changed = True
    day = service.local_day(by.now)
    if set(cells_of(session, found.user_id, day)) != set(told["cells"]):
        service.assign(
            session,
            username=found.username,
            cells=told["cells"],
            starts=day,
            ends=None,
            actor=by.actor,
            now=by.now,
        )
        changed = True
    return changed
