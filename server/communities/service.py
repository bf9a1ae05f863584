"""Use cases of places and the people who walk them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import uuid6
from sqlalchemy.orm import Session

from geo import queries as places
from server.auth import audit, rules
from server.auth import queries as people
from server.auth import service as auth
from server.auth.actor import Actor
from server.auth.queries import Person
from server.communities import queries
from server.communities.errors import CellsForWorkersOnly, CellsRequired, EndBeforeStart, UnknownCell
from server.communities.tables import Assignment
from server.communities.territory import NOWHERE, Territory, territory
from server.problems import NotFound, NotYours
from sync import changes

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKER = "grid_worker"


def local_day(now: datetime) -> date:
    """Return the county's date at an instant."""
    return now.astimezone(SHANGHAI).date()


def reach_of(session: Session, actor: Actor, action: str, now: datetime) -> Territory:
    """Return what the actor may see of places.

    Raises:
        NotYours: the role has no right to the action.
    """
    day = local_day(now)
    scope = rules.reach(actor, action)
    cells = queries.cells_of(session, actor.user_id, day) if scope is rules.Reach.CELLS else ()
    return territory(actor, scope, cells, day)


def create_person(
    session: Session,
    *,
    username: str,
    role: str,
    unit_code: str | None,
    cells: Sequence[str],
    password: str,
    display_name: str | None = None,
    origin: str = "live",
    actor: Actor | None,
    now: datetime,
) -> Person:
    """Create a person; a grid worker gets the cells, and their subdistrict's unit unless one is named.

    Raises:
        CellsRequired, CellsForWorkersOnly, UnknownCell: the cells do not fit.
        UnknownRole, NameUnusable, WeakPassword, UnitRequired, UnknownUnit, NameTaken: see `auth.service`.
    """
    if cells and role in rules.ROLES and role != WORKER:
        raise CellsForWorkersOnly(role)
    known = _known_cells(session, cells, local_day(now))
    person = auth.create_user(
        session,
        username=username,
        role=role,
        unit_code=unit_code or _unit_of(session, role, known),
        password=password,
        display_name=display_name,
        origin=origin,
        actor=actor,
        now=now,
    )
    if known:
        assign(
            session,
            username=person.username,
            cells=known,
            starts=local_day(now),
            ends=None,
            actor=actor,
            now=now,
        )
    return person


def assign(
    session: Session,
    *,
    username: str,
    cells: Sequence[str],
    starts: date,
    ends: date | None,
    actor: Actor | None,
    now: datetime,
) -> list[Assignment]:
    """Let a person walk these cells from a day on; it replaces what is open from that day.

    Args:
        ends: the first day on which it no longer holds; None leaves it open.

    Raises:
        UnknownUser, UnknownCell, EndBeforeStart: as their names say.
    """
    if ends is not None and ends <= starts:
        raise EndBeforeStart
    user = auth.user_named(session, username)
    known = _known_cells(session, cells, starts)
    if user.role != WORKER:
        raise CellsForWorkersOnly(user.role)
    ended, gone = _make_room(session, queries.open_assignments(session, user.user_id, starts), starts)
    made = [
        Assignment(
            assignment_id=uuid6.uuid7(),
            user_id=user.user_id,
            grid_cell_code=code,
            valid_from=starts,
            valid_to=ends,
        )
        for code in known
    ]
    session.add_all(made)
    session.flush()
    changes.append(session, "assignment", [one.assignment_id for one in [*ended, *made]])
    changes.withdraw(session, "assignment", [one.assignment_id for one in gone])
    facts = {"cells": known, "from": starts.isoformat(), "to": ends.isoformat() if ends else None}
    audit.write(session, actor, "assign", "user", user.user_id, facts, now)
    return made


def assign_within_reach(
    session: Session,
    *,
    username: str,
    cells: Sequence[str],
    starts: date,
    ends: date | None,
    actor: Actor,
    now: datetime,
) -> list[Assignment]:
    """Do as `assign` does, for a person and cells within the actor's reach.

    Raises:
        NotYours: the role may not, or the person or a cell lies outside the actor's subdistrict.
    """
    scope = rules.reach(actor, "assign")
    user = auth.user_named(session, username)
    unit = people.unit(session, user.unit_code)
    home = actor.division_code or NOWHERE
    own = unit is not None and (unit.division_code or "").startswith(home)
    if scope is not rules.Reach.COUNTY and not (own and all(code.startswith(home) for code in cells)):
        raise NotYours(
            "The worker and all cells must lie in your subdistrict.", "网格员和网格须在您的街道范围内。"
        )
    return assign(session, username=username, cells=cells, starts=starts, ends=ends, actor=actor, now=now)


def community(session: Session, actor: Actor, community_id: str, now: datetime) -> dict[str, object]:
    """Return one community as JSON.

    Raises:
        NotFound: there is none with this id, or it lies outside the actor's reach.
    """
    seen = reach_of(session, actor, "communities.list", now)
    found = queries.communities(session, seen, {"community_id": community_id}, None, 1)
    if not found:
        raise NotFound("There is no such community within your reach.", "您的范围内没有该小区。")
    return found[0]


def _make_room(
    session: Session, held: Sequence[Assignment], starts: date
) -> tuple[list[Assignment], list[Assignment]]:
    """End what began before the day, delete what would begin later; return both."""
    ended = [one for one in held if one.valid_from < starts]
    gone = [one for one in held if one.valid_from >= starts]
    for one in ended:
        one.valid_to = starts
    for one in gone:
        session.delete(one)
    session.flush()
    return ended, gone


def _known_cells(session: Session, cells: Sequence[str], day: date) -> list[str]:
    wanted = sorted({code.strip() for code in cells if code.strip()})
    unknown = set(wanted) - places.existing_cells(session, wanted, day)
    if unknown:
        raise UnknownCell(unknown)
    return wanted


def _unit_of(session: Session, role: str, cells: Sequence[str]) -> str | None:
    if role != WORKER:
        return None
    if not cells:
        raise CellsRequired
    unit = people.unit_of_division(session, cells[0][:9])
    return unit.code if unit else None
