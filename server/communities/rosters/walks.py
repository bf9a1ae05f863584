"""Assignments by roster: who walks which cell, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from geo.queries import existing_cells
from server.auth.service import plain_name
from server.auth.tables import User
from server.communities import service
from server.communities.rosters import queries, rules
from server.communities.rosters.outcome import By, Outcome, repeated
from server.communities.tables import Assignment
from server.sheets.rows import CheckedRow
from sync import changes


def take(session: Session, rows: Sequence[CheckedRow], by: By) -> Outcome:
    """Make or change the assignments that rows name; one is known by its person, cell and first day."""
    for row in rows:
        row.values["username"] = plain_name(row.values.get("username", ""))
    people = queries.people(session, [row.values["username"] for row in rows])
    standing = queries.walks(session, [user.user_id for user in people.values()])
    cells = existing_cells(session, [row.values.get("cell", "") for row in rows], service.local_day(by.now))
    repeated(rows, "username", "cell", "starts_on")
    outcome, touched = Outcome(), []
    for row in rows:
        person = _person(row, people)
        cell = row.values.get("cell")
        if cell and cell not in cells:
            row.wrong("cell", "is no grid cell here", "没有这个网格")
        if person is None or row.faults:
            continue
        made = _store(session, row, person, standing.setdefault((person.user_id, str(cell)), []), outcome)
        if made is not None:
            touched.append(made.assignment_id)
            by.note(session, "roster.assignments", "user", person.user_id, cell=cell)
    session.flush()
    changes.append(session, "assignment", touched)
    return outcome


def _person(row: CheckedRow, people: dict[str, User]) -> User | None:
    name = row.values["username"]
    found = people.get(name)
    if name and found is None:
        row.wrong("username", "is no user here", "没有这个用户")
    elif found is not None and found.role != service.WORKER:
        row.wrong("username", f"belongs to a {found.role}; only grid workers walk cells", "不是网格员")
        return None
    return found


def _store(
    session: Session, row: CheckedRow, person: User, standing: list[Assignment], outcome: Outcome
) -> Assignment | None:
    """Return the assignment that was made or changed, None when it stood already or is faulty."""
    starts, ends = row.values["starts_on"], rules.day_after(row.values.get("last_on"))
    found = next((one for one in standing if one.valid_from == starts), None)
    if ends is not None and ends <= starts:
        row.wrong("last_on", "lies before the first day", "最后日期早于开始日期")
    clash = rules.overlapping(
        (starts, ends), [(one.valid_from, one.valid_to) for one in standing if one is not found]
    )
    if clash is not None:
        row.wrong("starts_on", f"overlaps the assignment from {clash[0]} on", f"与 {clash[0]} 起的分工重叠")
    if row.faults:
        return None
    if found is None:
        found = Assignment(
            assignment_id=UUID(int=uuid6.uuid7().int),
            user_id=person.user_id,
            grid_cell_code=row.values["cell"],
            valid_from=starts,
            valid_to=ends,
        )
        session.add(found)
        standing.append(found)
        outcome.created += 1
        return found
    if found.valid_to == ends:
        outcome.unchanged += 1
        return None
    found.valid_to = ends
    outcome.changed += 1
    return found
