"""All SQL about cases: reading, locking, and storing what a command changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import and_, or_, select, text
from sqlalchemy.orm import Session

from geo.tables import CommunityCell
from server.auth.tables import Unit, User
from server.ledger.case_files import case_file
from server.ledger.facts import CaseFacts
from server.ledger.findings import FoundViolation, OpenCase
from server.ledger.history import Head, Written
from server.ledger.plan import Plan
from server.ledger.tables import Case, CaseEntry, CaseEntryPrivate, CommunityUnit
from server.ledger.view import Entry
from sync.fixed import Fixed

_STORE_SQL = Path(__file__).with_name("open_cases.sql").read_text(encoding="utf-8")
_STORE = Fixed(_STORE_SQL)


# A tablet waits for these, so they stay fixed text.
_NEAR = Fixed(
    "SELECT case_id, community_id, category, asset FROM ("
    ' SELECT * FROM server."case" WHERE (community_id, category) IN'
    " (SELECT * FROM unnest(CAST(:communities AS uuid[]), CAST(:categories AS text[]))) AND ended_at IS NULL"
    ' UNION ALL SELECT * FROM server."case" WHERE case_id = ANY(CAST(:named AS uuid[])) AND ended_at IS NULL'
    ") AS near GROUP BY reported_at, case_id, community_id, category, asset ORDER BY reported_at, case_id"
)
_HEADS = Fixed(
    'SELECT case_id, head_seq, head_hash, version, state, level FROM server."case"'
    " WHERE case_id = ANY(CAST(:ids AS uuid[])) AND ended_at IS NULL ORDER BY case_id FOR UPDATE"
)

_REOPEN = Fixed(
    'UPDATE server."case" c SET rebound_count = rebound_count + 1, due_at = o.due, yellow_at = o.yellow,'
    " claimed_at = NULL, checker_id = NULL, checked_at = NULL"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:due AS timestamptz[]), CAST(:yellow AS timestamptz[]))"
    " AS o (case_id, due, yellow) WHERE c.case_id = o.case_id"
)

# A case without a cell of its own stands in all cells of its community.
_NAMED_OTHERWISE = text("""
SELECT c.case_id FROM server."case" c JOIN geo.community m USING (community_id)
  JOIN sync.entity_state s ON s.entity = 'case' AND s.entity_id = c.case_id::text
 WHERE c.community_id = ANY(CAST(:ids AS uuid[]))
   AND (s.body ->> 'community_name' <> m.name OR c.grid_cell_code IS NULL)
 ORDER BY c.case_id FOR NO KEY UPDATE OF c
""")


def lock(session: Session, ids: Collection[UUID]) -> None:
    """Lock cases until the transaction ends, in the order of their ids."""
    if ids:
        wanted = select(Case.case_id).where(Case.case_id.in_(ids)).order_by(Case.case_id)
        session.execute(wanted.with_for_update())


def case_for_update(session: Session, case_id: UUID) -> tuple[CaseFacts, Head] | None:
    """Return a case as the guards see it, locked until the transaction ends; None when there is none."""
    found = case_file(session, case_id, locking=True)
    return None if found is None else (found.facts, found.head)


def facts_of(session: Session, case_id: UUID) -> CaseFacts:
    """Return a case that exists as the guards see it."""
    found = case_file(session, case_id)
    assert found is not None
    return found.facts


def checks_due_in(session: Session, community_ids: Collection[UUID]) -> Sequence[UUID]:
    """Return the cases in these communities that somebody is to check or verify, ordered by id."""
    due = Case.state.in_(("checking", "verifying"))
    wanted = select(Case.case_id).where(Case.community_id.in_(community_ids), due)
    # Whoever works on the case tells of it with what they read: they come before or after.
    locked = wanted.order_by(Case.case_id).with_for_update(of=Case, key_share=True)
    return session.scalars(locked).all()


def named_otherwise(session: Session, community_ids: Collection[UUID]) -> Sequence[UUID]:
    """Return the cases that tablets hold under another name, or other cells, of these communities; locked."""
    return session.scalars(_NAMED_OTHERWISE, {"ids": [str(one) for one in community_ids]}).all()


def case_row(session: Session, case_id: UUID) -> Case | None:
    """Return the stored case."""
    return session.get(Case, case_id, populate_existing=True)


def open_cases_near(session: Session, violations: Sequence[FoundViolation]) -> list[OpenCase]:
    """Return the open cases that these violations may join, oldest first."""
    near = {
        "communities": [str(found.community_id) for found in violations],
        "categories": [found.category for found in violations],
        "named": [str(found.joins) for found in violations if found.joins is not None],
    }
    return [OpenCase(*row) for row in _NEAR.rows(session, near)]


def heads_for_update(session: Session, ids: Collection[UUID]) -> dict[UUID, Head]:
    """Return the heads of those cases that are still open, locked in the order of their ids."""
    rows = _HEADS.rows(session, {"ids": [str(one) for one in ids]})
    return {row[0]: Head(row[0], row[1], bytes(row[2]) if row[2] else None, *row[3:]) for row in rows}


def store_plan(session: Session, plan: Plan) -> None:
    """Store new cases, entries and words in one round trip."""
    _STORE.rows(
        session,
        {"cases": _json(plan.cases), "entries": _json(plan.entries), "private": _json(plan.private)},
    )
    if plan.reopened:
        _REOPEN.rows(
            session,
            {
                "ids": [str(one) for one in plan.reopened],
                "due": [deadline.due_at for deadline in plan.reopened.values()],
                "yellow": [deadline.yellow_at for deadline in plan.reopened.values()],
            },
        )


def store_entry(session: Session, written: Written, columns: Mapping[str, Any]) -> None:
    """Store one entry, which moves the case, and the columns that it changes, in one round trip."""
    session.flush()
    given: dict[str, Any] = {name: _bound(value) for name, value in columns.items()}
    given |= {"moved": str(written.head.case_id), "cases": "[]", "entries": _json([written.row])}
    given["private"] = _json([written.private] if written.private else [])
    _storing(tuple(sorted(columns))).rows(session, given)


# Few combinations of columns ever change together.
@lru_cache(maxsize=256)
def _storing(columns: tuple[str, ...]) -> Fixed:
    if not columns:
        return _STORE
    told = ", ".join(f"{name} = :{name}" for name in columns)
    return Fixed(f'{_STORE_SQL}; UPDATE server."case" SET {told} WHERE case_id = CAST(:moved AS uuid)')


def _bound(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def history_of(session: Session, case_id: UUID) -> list[Entry]:
    """Return the entries of a case in order, with who wrote them and the words that still stand."""
    rows = session.execute(
        select(CaseEntry, CaseEntryPrivate.words, User.display_name, Unit.name_zh)
        .outerjoin(
            CaseEntryPrivate,
            and_(CaseEntryPrivate.case_id == CaseEntry.case_id, CaseEntryPrivate.seq == CaseEntry.seq),
        )
        .outerjoin(User, User.user_id == CaseEntry.actor_id)
        .outerjoin(Unit, Unit.code == CaseEntry.actor_unit)
        .where(CaseEntry.case_id == case_id)
        .order_by(CaseEntry.seq)
    ).all()
    told = [orjson.loads(entry.canonical)["facts"] for entry, *_ in rows]
    absent = _names(session, {facts["on_behalf_of"] for facts in told if "on_behalf_of" in facts})
    return [
        Entry(
            seq=entry.seq,
            version=entry.version,
            at=entry.recorded_at,
            command=entry.command,
            from_state=entry.from_state,
            to_state=entry.to_state,
            level=entry.level,
            actor_id=entry.actor_id,
            actor_name=name,
            actor_unit=entry.actor_unit,
            actor_unit_name=unit_name,
            entry_hash=bytes(entry.entry_hash).hex(),
            prev_hash=bytes(entry.prev_hash).hex() if entry.prev_hash else None,
            data={**facts, **(words or {})},
            stands_for_name=absent.get(facts.get("on_behalf_of", "")),
        )
        for (entry, words, name, unit_name), facts in zip(rows, told, strict=True)
    ]


def _names(session: Session, ids: Collection[str]) -> dict[str, str]:
    found = select(User.user_id, User.display_name).where(User.user_id.in_(UUID(one) for one in ids))
    return {str(user_id): name for user_id, name in session.execute(found)} if ids else {}


def levels_for_update(session: Session, ids: Collection[UUID]) -> dict[UUID, Head]:
    """Return the heads of cases no one else is working on just now, locked."""
    wanted = (
        select(Case.case_id, Case.head_seq, Case.head_hash, Case.version, Case.state, Case.level)
        .where(Case.case_id.in_(ids), Case.ended_at.is_(None))
        .order_by(Case.case_id)
        .with_for_update(skip_locked=True)
    )
    return {row.case_id: Head(*row) for row in session.execute(wanted)}


_UNITS = Fixed(
    "SELECT division_code, code FROM server.unit"
    " WHERE division_code = ANY(CAST(:codes AS text[])) AND closed_on IS NULL"
)


def units_of_divisions(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return the unit that answers for each official division."""
    return dict(_UNITS.rows(session, {"codes": list(codes)}))


def _json(value: Any) -> str:
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(type(value))


def cells_of_communities(session: Session, ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return the codes of the cells that each community touches, in order."""
    rows = session.execute(
        select(CommunityCell.community_id, CommunityCell.grid_cell_code)
        .where(CommunityCell.community_id.in_(ids))
        .order_by(CommunityCell.community_id, CommunityCell.grid_cell_code)
    )
    cells: dict[UUID, list[str]] = {}
    for community_id, code in rows:
        cells.setdefault(community_id, []).append(code)
    return cells


def checker(session: Session, user_id: UUID) -> tuple[str, str] | None:
    """Return unit and role of an active person, None when there is none."""
    row = session.execute(
        select(User.unit_code, User.role).where(User.user_id == user_id, User.active)
    ).first()
    return None if row is None else (row.unit_code, row.role)


def unit_exists(session: Session, code: str) -> bool:
    """Return whether a unit of this code works."""
    wanted = select(Unit.code).where(Unit.code == code, Unit.closed_on.is_(None))
    return session.scalar(wanted) is not None


def units(session: Session) -> list[tuple[str, str, str | None]]:
    """Return code, kind and official division of every unit that works."""
    rows = session.execute(text("SELECT code, kind, division_code FROM server.unit WHERE closed_on IS NULL"))
    return [(row.code, row.kind, row.division_code) for row in rows]


def parts_of_communities(session: Session, day: date) -> dict[UUID, dict[str, str]]:
    """Return the units that play a part in a community on a day, by the community and the part."""
    part = CommunityUnit
    rows = session.execute(
        select(part.community_id, part.part, part.unit_code).where(
            part.valid_from <= day, or_(part.valid_to.is_(None), part.valid_to > day)
        )
    )
    found: dict[UUID, dict[str, str]] = {}
    for community_id, name, unit in rows:
        found.setdefault(community_id, {})[name] = unit
    return found


_UNIT = text("SELECT kind, division_code FROM server.unit WHERE code = :code")


def kind_and_division(session: Session, code: str) -> tuple[str, str | None]:
    """Return the kind of a unit and the official code of what it answers for."""
    kind, division = session.execute(_UNIT, {"code": code}).one()
    return kind, division


_CELLS = Fixed(
    "SELECT * FROM server.cells_of_places(CAST(:named AS text[]), CAST(:lons AS float8[]),"
    " CAST(:lats AS float8[]), CAST(:day AS date))"
)


def cells_of_places(
    session: Session, named: Sequence[str | None], points: Sequence[tuple[float, float] | None], day: date
) -> list[str | None]:
    """Return for each place the cell named, if it exists, else the cell that holds its point (WGS 84)."""
    lons, lats = ([point[axis] if point else None for point in points] for axis in (0, 1))
    return _CELLS.column(session, {"named": list(named), "lons": lons, "lats": lats, "day": day})


def versions(session: Session, ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the version of each of these cases."""
    if not ids:
        return {}
    rows = session.execute(select(Case.case_id, Case.version).where(Case.case_id.in_(ids)))
    return {row.case_id: row.version for row in rows}
