"""Use cases of who walks which cell: look at a day, give cells to a worker, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from geo import queries as places
from server.auth import audit, rules
from server.auth import queries as people
from server.auth import service as auth
from server.auth.actor import Actor
from server.auth.tables import User
from server.communities.assignments import queries
from server.communities.assignments.errors import AssignmentChangeStands, NothingToAssign
from server.communities.assignments.rules import Moves, Wanted, moves
from server.communities.errors import CellsForWorkersOnly, EndBeforeStart, UnknownCell
from server.communities.service import WORKER, local_day
from server.communities.territory import NOWHERE
from server.problems import InvalidInput, NotFound, NotYours
from sync import changes

LOOK, ASSIGN = "assignments.list", "assign"


@dataclass(frozen=True, slots=True)
class Asked:
    """Cells that somebody wants to give to a worker.

    Attributes:
        cells: their codes; empty for all that `taken_from` walks on the first day.
        worker: a user name; None leaves the cells with nobody.
        taken_from: a user name; None takes the cells from whoever walks them.
        beside: take them from nobody.
        ends: the first day on which it no longer holds; None leaves it open.
    """

    cells: Sequence[str]
    worker: str | None
    taken_from: str | None
    beside: bool
    starts: date
    ends: date | None
    why: str
    dry_run: bool


def listed(
    session: Session, wanted: Mapping[str, Any], after: str | None, limit: int, *, actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    """Return the cells of a day within reach with who walks them and who will, by code.

    Args:
        wanted: `on` (a day, None is today), `subdistrict`, `worker`: texts or None.

    Raises:
        NotYours: the role does not see assignments.
    """
    division = _division(actor, LOOK)
    values = {**wanted, "day": wanted["on"] or local_day(now)}
    return queries.cells(session, values, division, after, limit)


def of_cell(session: Session, code: str, *, actor: Actor) -> list[dict[str, Any]]:
    """Return everybody who walked, walks or will walk a cell, the latest first.

    Raises:
        NotYours: the role does not see assignments, or the cell lies beyond its reach.
    """
    _within(actor, LOOK, [code])
    return queries.of_cell(session, code)


def assign(session: Session, asked: Asked, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Let cells go to a worker from a day on, today at the earliest; return the change and what it moves.

    With `dry_run` nothing is stored and `change_id` is None.

    Raises:
        NotYours: the role may not, or a cell or the worker lies beyond its reach.
        UnknownUser, UnknownCell, CellsForWorkersOnly, EndBeforeStart, NothingToAssign, InvalidInput: as
            their names say.
    """
    rules.reach(actor, ASSIGN)
    _check_days(asked, local_day(now))
    worker = _worker(session, asked.worker, actor)
    before = _worker(session, asked.taken_from, actor)
    wanted = _wanted(session, asked, worker, before)
    _within(actor, ASSIGN, wanted.cells)
    held = queries.spans(session, wanted.cells, asked.starts, asked.ends)
    planned = _named(moves(held, wanted))
    if not (planned.ended or planned.gone or planned.made):
        raise NothingToAssign
    change_id = None if asked.dry_run else uuid6.uuid7()
    if change_id is not None:
        _store(session, change_id, wanted, planned, asked, actor, now)
    taken = {span.user_id for span in (*planned.ended, *planned.gone)} - {wanted.worker}
    names = [people.person(session, user_id) for user_id in sorted(taken)]
    return {
        "change_id": change_id,
        "dry_run": asked.dry_run,
        "cells": list(wanted.cells),
        "taken_from": [one.display_name for one in names if one is not None],
        "ended": len(planned.ended) + len(planned.gone),
        "made": len(planned.made),
    }


def undo(session: Session, change_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Let assignments stand as before a change that began today or later; return the change.

    Raises:
        NotYours: the role may not, or a cell lies beyond its reach. NotFound: there is no such change.
        AssignmentChangeStands: it was undone already, has begun on an earlier day, or was changed since.
    """
    rules.reach(actor, ASSIGN)
    change = queries.change(session, change_id)
    if change is None:
        raise NotFound("There is no such change of assignments.", "没有该次网格安排。")
    _within(actor, ASSIGN, change["cells"])
    if change["undone_at"] is not None:
        raise AssignmentChangeStands("it was undone already", "已撤销过")
    if change["valid_from"] < local_day(now):
        raise AssignmentChangeStands("it holds since an earlier day; assign anew", "已于此前生效，请重新安排")
    rows = queries.changed_rows(session, change_id)
    if not all(row["stands"] for row in rows):
        raise AssignmentChangeStands("assignments were changed since", "其后又有变动")
    queries.put_back(session, rows)
    queries.undone(session, change_id, actor.user_id, now)
    changes.append(session, "assignment", [row["assignment_id"] for row in rows if row["was"] is not None])
    changes.withdraw(session, "assignment", [row["assignment_id"] for row in rows if row["was"] is None])
    audit.write(session, actor, "assign.undo", "assignment_change", change_id, {}, now)
    [shown] = queries.changes(session, division=None, change_id=change_id)
    return shown


def changed(
    session: Session, *, actor: Actor, cell: str | None, after: Sequence[str] | None, limit: int
) -> list[dict[str, Any]]:
    """Return changes within reach, the newest first.

    Raises:
        NotYours: the role does not see assignments.
    """
    return queries.changes(session, division=_division(actor, LOOK), cell=cell, after=after, limit=limit)


def _store(
    session: Session,
    change_id: UUID,
    wanted: Wanted,
    planned: Moves,
    asked: Asked,
    actor: Actor,
    now: datetime,
) -> None:
    queries.add_change(session, change_id, wanted, asked.why, actor.user_id, now)
    queries.carry_out(session, change_id, planned, wanted.starts)
    standing = [one.assignment_id for one in (*planned.ended, *planned.made)]
    changes.append(session, "assignment", standing)
    changes.withdraw(session, "assignment", [one.assignment_id for one in planned.gone])
    facts = {
        "cells": list(wanted.cells),
        "worker": asked.worker,
        "from": wanted.starts.isoformat(),
        "to": wanted.ends.isoformat() if wanted.ends else None,
    }
    audit.write(session, actor, "assign", "assignment_change", change_id, facts, now)


def _wanted(session: Session, asked: Asked, worker: User | None, before: User | None) -> Wanted:
    cells = sorted({code.strip() for code in asked.cells if code.strip()})
    if not cells and before is not None:
        cells = queries.cells_of_worker(session, before.user_id, asked.starts)
    if not cells:
        raise NothingToAssign
    unknown = set(cells) - places.existing_cells(session, cells, asked.starts)
    if unknown:
        raise UnknownCell(unknown)
    if worker is None and asked.beside:
        raise _wrong("worker", "name who walks them beside the others", "请选择并行负责的网格员")
    to, taken_from = worker.user_id if worker else None, before.user_id if before else None
    if to is not None and to == taken_from:
        raise _wrong("worker", "is the one they are taken from", "与移出的网格员相同")
    return Wanted(cells, to, asked.starts, asked.ends, taken_from, asked.beside)


def _named(planned: Moves) -> Moves:
    made = tuple(replace(one, assignment_id=UUID(int=uuid6.uuid7().int)) for one in planned.made)
    return replace(planned, made=made)


def _check_days(asked: Asked, today: date) -> None:
    if asked.starts < today:
        raise _wrong("from", "must be today or later; the past stays", "须为今天或以后，过去的安排不改写")
    if asked.ends is not None and asked.ends <= asked.starts:
        raise EndBeforeStart


def _worker(session: Session, username: str | None, actor: Actor) -> User | None:
    if username is None:
        return None
    user = auth.user_named(session, username)
    if user.role != WORKER:
        raise CellsForWorkersOnly(user.role)
    if rules.reach(actor, ASSIGN) is not rules.Reach.COUNTY:
        unit = people.unit(session, user.unit_code)
        if unit is None or not (unit.division_code or "").startswith(actor.division_code or NOWHERE):
            raise NotYours("The worker belongs to another subdistrict.", "该网格员属于其他街道。")
    return user


def _within(actor: Actor, action: str, cells: Sequence[str]) -> None:
    division = _division(actor, action)
    if division is not None and not all(code.startswith(division) for code in cells):
        raise NotYours("All cells must lie in your subdistrict.", "网格须在您的街道范围内。")


def _division(actor: Actor, action: str) -> str | None:
    county = rules.reach(actor, action) is rules.Reach.COUNTY
    return None if county else (actor.division_code or NOWHERE)


def _wrong(name: str, detail: str, detail_zh: str) -> InvalidInput:
    error = {"pointer": f"/{name}", "detail": detail, "detail_zh": detail_zh}
    return InvalidInput(f"{name}: {detail}.", f"{name}：{detail_zh}。", errors=[error])
