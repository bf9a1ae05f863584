"""Splitting, merging and redrawing grid cells: what lies inside follows, lineage and history stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import uuid6
from shapely.geometry import LineString, Polygon
from sqlalchemy.orm import Session

from geo import cutting
from geo import queries as places
from geo.errors import TooManyCells
from geo.numbering import LAST_NUMBER, cell_numbers
from server.auth import audit, rules
from server.auth.actor import Actor
from server.cells import queries
from server.cells.errors import CellChangeStands, CellEnded, NotOneNeighbourhood
from server.cells.rules import follow
from server.communities.errors import UnknownCell
from server.communities.field_queries import standing_in
from server.communities.service import local_day
from server.ledger import moving_cells
from server.problems import NotFound
from server.work import Work
from sync import changes

RIGHT = "grid_cells.change"
EVERY_S = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that somebody asks for, perhaps only to see what it would do.

    Attributes:
        actor: None is the command line.
    """

    why: str
    dry_run: bool
    actor: Actor | None
    now: datetime

    @property
    def day(self) -> date:
        """The local day on which the change takes place."""
        return local_day(self.now)


def split(
    session: Session, code: str, *, asked: Asked, line: LineString | None, polygons: Sequence[Polygon]
) -> dict[str, Any]:
    """Let several cells take the place of one, from today on; return what came of it.

    Args:
        line: cuts the cell across (WGS 84); None if `polygons` mark out the pieces.

    Raises:
        NotYours, UnknownCell, CellEnded, CannotBeCut, TooManyCells: as their names say; nothing changes.
    """
    [(cell, outline)] = _cells(session, [code], asked)
    srid = queries.metric_srid(session)
    pieces = cutting.divide(outline, polygons, srid) if line is None else cutting.cut(outline, line, srid)
    return _change(session, "split", [code], cell.neighbourhood_code, pieces, asked)


def merge(session: Session, codes: Sequence[str], *, asked: Asked) -> dict[str, Any]:
    """Let one cell take the place of several, from today on; return what came of it.

    Raises:
        NotYours, UnknownCell, CellEnded, NotOneNeighbourhood, CannotBeJoined, TooManyCells: as their names
            say; nothing changes.
    """
    found = _cells(session, sorted(set(codes)), asked)
    homes = {cell.neighbourhood_code for cell, _ in found}
    if len(homes) > 1:
        raise NotOneNeighbourhood
    whole = cutting.join([outline for _, outline in found], queries.metric_srid(session))
    return _change(session, "merge", [cell.code for cell, _ in found], homes.pop(), [whole], asked)


def redraw(session: Session, code: str, *, asked: Asked, outline: Polygon) -> dict[str, Any]:
    """Let a cell be drawn anew, from today on: cells beside it give way or take what it leaves.

    Each cell that changes ends and one with a new code takes its place, so that lineage and history stay.

    Raises:
        NotYours, UnknownCell, CellEnded, CannotBeCut, CannotBeJoined, TooManyCells: as their names say;
            nothing changes.
    """
    [(cell, _)] = _cells(session, [code], asked)
    home = cell.neighbourhood_code
    standing = {one.code: shape for one, shape in queries.cells_of(session, home, asked.day)}
    drawn = cutting.redraw(code, outline, standing, queries.metric_srid(session))
    return _change(session, "redraw", list(drawn), home, list(drawn.values()), asked, one_to_one=True)


def undo(session: Session, change_id: UUID, *, asked: Asked) -> dict[str, Any]:
    """Let the cells hold again that a change ended, as long as nothing was recorded on what came of them.

    Raises:
        NotYours: the role may not.
        NotFound: there is no such change.
        CellChangeStands: it was undone already, or something was recorded since.
    """
    _check_right(asked)
    queries.lock(session)
    change = queries.change(session, change_id)
    if change is None:
        raise NotFound("There is no such change of cells.", "没有该网格调整记录。")
    old, new = change["predecessors"], change["successors"]
    communities = queries.communities(session, new)
    _check_unused(session, change, new)
    step = session.begin_nested()
    assignments = queries.assignments_back(session, change_id)
    queries.take_back(session, old, new)
    queries.undone(session, change_id, asked.actor.user_id if asked.actor else None, asked.now)
    moved = _follow(session, new, old, communities, "undo", asked)
    changes.append(session, "assignment", assignments)
    audit.write(session, asked.actor, "grid_cells.undo", "cell_change", change_id, {"cells": old}, asked.now)
    told = {
        "change_id": change_id,
        "kind": change["kind"],
        "dry_run": asked.dry_run,
        "ended": new,
        "cells": queries.shown(session, old),
        "workers": [],
        "communities": len(communities),
        "open_cases": len(moved),
    }
    _close(step, asked)
    return told


def listed(
    session: Session, *, actor: Actor, cell: str | None, after: Sequence[str] | None, limit: int
) -> list[dict[str, Any]]:
    """Return the changes within the person's reach, the newest first.

    Raises:
        NotYours: the role may not list cells.
    """
    scope = rules.reach(actor, "grid_cells.list")
    county = scope is rules.Reach.COUNTY
    division = None if county else (actor.division_code or "-")
    return queries.changes(session, division=division, cell=cell, after=after, limit=limit)


def catch_up(work: Work) -> int:
    """Move the open cases that came to stand in an ended cell after it ended; return how many."""
    moved = 0
    with work.database.transaction() as session:
        for code in moving_cells.left_behind(session, work.now):
            [heirs] = places.cells_now(session, [(code, None, None)], local_day(work.now))
            if heirs != (code,):
                moved += len(moving_cells.move_cases(session, [code], heirs, why="later", now=work.now))
    return moved


def _check_right(asked: Asked) -> None:
    if asked.actor is not None:
        rules.reach(asked.actor, RIGHT)


def _cells(session: Session, codes: Sequence[str], asked: Asked) -> list[tuple[Any, Polygon]]:
    _check_right(asked)
    queries.lock(session)
    found = queries.cells(session, codes)
    unknown = set(codes) - {cell.code for cell, _ in found}
    if unknown:
        raise UnknownCell(unknown)
    over = [cell.code for cell, _ in found if cell.valid_to is not None or cell.valid_from > asked.day]
    if over:
        raise CellEnded(over)
    return found


def _check_unused(session: Session, change: Mapping[str, Any], codes: Sequence[str]) -> None:
    if change["undone_at"] is not None:
        raise CellChangeStands("it was undone already", "已撤销")
    used = {name: n for name, n in queries.recorded(session, codes, change["made_at"]).items() if n}
    if used:
        counted = ", ".join(f"{n} {name}" for name, n in used.items())
        raise CellChangeStands(
            f"something was recorded on the new cells since ({counted})", f"新网格已有记录（{counted}）"
        )
    if not queries.assignments_stand(session, change["change_id"]):
        raise CellChangeStands("who walks the new cells was changed since", "新网格的网格员安排已变更")


def _change(
    session: Session,
    kind: str,
    old: Sequence[str],
    neighbourhood: str,
    pieces: Sequence[Polygon],
    asked: Asked,
    *,
    one_to_one: bool = False,
) -> dict[str, Any]:
    """Let cells take the place of others; `one_to_one` says that each piece is that of the same old cell."""
    outlines = _numbered(session, neighbourhood, pieces)
    heirs = _heirs(old, pieces, outlines) if one_to_one else {code: list(outlines) for code in old}
    communities = queries.communities(session, old)
    step = session.begin_nested()
    change_id = uuid6.uuid7()
    made_by = asked.actor.user_id if asked.actor else None
    new = list(outlines)
    likes = {heir: code for code, own in heirs.items() for heir in own} if one_to_one else {}
    queries.replace(session, old, outlines, asked.day, likes)
    queries.add_change(
        session,
        change_id=change_id,
        kind=kind,
        old=old,
        new=new,
        why=asked.why,
        day=asked.day,
        made_by=made_by,
        now=asked.now,
    )
    workers = _move_assignments(session, change_id, old, heirs, asked)
    moved = _follow(session, old, new, communities, kind, asked)
    facts = {"from": list(old), "to": new, "why": asked.why}
    audit.write(session, asked.actor, f"grid_cells.{kind}", "cell_change", change_id, facts, asked.now)
    told = {
        "change_id": None if asked.dry_run else change_id,
        "kind": kind,
        "dry_run": asked.dry_run,
        "ended": list(old),
        "cells": queries.shown(session, new),
        "workers": workers,
        "communities": len(communities),
        "open_cases": len(moved),
    }
    _close(step, asked)
    return told


def _heirs(
    old: Sequence[str], pieces: Sequence[Polygon], outlines: Mapping[str, Polygon]
) -> dict[str, Sequence[str]]:
    return {
        code: [new for new, outline in outlines.items() if outline is piece]
        for code, piece in zip(old, pieces, strict=True)
    }


def _close(step: Any, asked: Asked) -> None:
    if asked.dry_run:
        step.rollback()
    else:
        step.commit()


def _numbered(session: Session, neighbourhood: str, pieces: Sequence[Polygon]) -> dict[str, Polygon]:
    """Return the pieces under codes never used before, in the order of the numbering rule."""
    last = queries.last_number(session, neighbourhood)
    if last + len(pieces) > LAST_NUMBER:
        raise TooManyCells(neighbourhood, last + len(pieces), LAST_NUMBER)
    numbers = sorted(zip(cell_numbers(pieces), range(len(pieces)), strict=True))
    return {f"{neighbourhood}{last + number:03d}": pieces[at] for number, at in numbers}


def _move_assignments(
    session: Session, change_id: UUID, old: Sequence[str], heirs: Mapping[str, Sequence[str]], asked: Asked
) -> list[dict[str, str]]:
    moves = follow(queries.held(session, old, asked.day), heirs, asked.day, uuid6.uuid7)
    queries.move_assignments(session, change_id, moves, asked.day)
    changes.append(session, "assignment", [one.assignment_id for one in (*moves.ended, *moves.made)])
    changes.withdraw(session, "assignment", [one.assignment_id for one in moves.gone])
    return queries.people(session, sorted({one.user_id for one in moves.made}))


def _follow(
    session: Session,
    old: Sequence[str],
    new: Sequence[str],
    communities: Sequence[UUID],
    why: str,
    asked: Asked,
) -> dict[UUID, str]:
    """Let what lies in the cells follow them, and tell the tablets of all of it; return case → cell."""
    places.fill_community_cells(session, communities, asked.day)
    changes.append(session, "grid_cell", new)
    changes.withdraw(session, "grid_cell", old)
    ids = [str(one) for one in communities]
    changes.append(session, "community", ids)
    for community_id in communities:
        for entity, standing in standing_in(session, community_id).items():
            changes.append(session, entity, standing)
    moved = moving_cells.move_cases(session, old, new, why=why, now=asked.now)
    changes.refresh_copies(session, "community", ids)
    changes.append(session, "inspection", queries.inspections(session, old))
    return moved
