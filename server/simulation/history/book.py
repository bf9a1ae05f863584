"""The rows of a history: gathered in memory, stored a month at a time in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.inspections import outcome_queries
from server.inspections import queries as inspections
from server.inspections.outcomes import Outcome
from server.ledger import queries as ledger
from server.ledger.history import Written
from server.ledger.plan import Plan
from server.simulation.history.pictures import Drawn

AT_ONCE = 2000
QUIET = frozenset(("case.raise_level", "case.joint_action"))
_COLUMNS = text(Path(__file__).with_name("columns.sql").read_text(encoding="utf-8"))
_CLAIMS = text(
    "INSERT INTO server.photo_claim"
    " (entity, entity_id, sha256, role, entry_seq, context, taken_at, claimed_by, claimed_at)"
    " SELECT entity, entity_id, decode(sha256, 'hex'), role, entry_seq, context, at, claimed_by, at"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS c (entity text, entity_id uuid, sha256 text,"
    " role text, entry_seq integer, context text, claimed_by uuid, at timestamptz) ON CONFLICT DO NOTHING"
)
_PHOTOS = text(
    "INSERT INTO server.photo (sha256, state, first_seen_at, stored_at, size, content_type)"
    " SELECT decode(sha256, 'hex'), 'stored', at, at, size, 'image/jpeg'"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS p (sha256 text, at timestamptz, size bigint)"
    " ON CONFLICT DO NOTHING"
)
_EXPECTED = text(
    "INSERT INTO server.photo (sha256, state, first_seen_at)"
    " SELECT decode(sha256, 'hex'), 'expected', at"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS p (sha256 text, at timestamptz)"
)


@dataclass(slots=True)
class Book:
    """What is not stored yet, and what tablets will have to be told of at the end."""

    inspections: list[dict[str, Any]] = field(default_factory=list)
    violations: list[dict[str, Any]] = field(default_factory=list)
    plan: Plan = field(default_factory=Plan)
    claims: list[dict[str, Any]] = field(default_factory=list)
    columns: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    expected: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def open(self, made: Plan, reporter: UUID, at: datetime) -> None:
        """Take over what the rules made of one inspection's violations."""
        self.plan.cases += made.cases
        self.plan.entries += made.entries
        self.plan.private += made.private
        for case_id, photo in made.photos:
            self.claim("case", case_id, photo.sha256.hex(), photo.role, photo.entry_seq, reporter, at)

    def write(self, written: Written, columns: Mapping[str, Any]) -> None:
        """Take over one entry and the columns that it changes."""
        self.plan.add(written)
        self.columns.setdefault(written.head.case_id, {}).update(columns)

    def claim(
        self, entity: str, entity_id: UUID, sha256: str, role: str, seq: int, who: UUID, at: datetime
    ) -> None:
        """Name a photo as evidence."""
        row = {"entity": entity, "entity_id": entity_id, "sha256": sha256, "role": role, "entry_seq": seq}
        self.claims.append({**row, "context": "", "claimed_by": who, "at": at})

    def expect(self, case_id: UUID, sha256: str, who: UUID, at: datetime) -> None:
        """Name a photo of a case that has not arrived."""
        self.expected.append({"sha256": sha256, "at": at})
        self.claim("case", case_id, sha256, "before", 0, who, at)

    def store(self, session: Session, photos: Sequence[Drawn]) -> None:
        """Store what was gathered since the last call; every guard of the database looks at it."""
        rows = [
            {"sha256": one.sha256.hex(), "at": one.first_seen_at, "size": len(one.content)} for one in photos
        ]
        _in_parts(session, _PHOTOS, rows)
        _in_parts(session, _EXPECTED, self.expected)
        for start in range(0, len(self.inspections), AT_ONCE):
            inspections.store(session, self.inspections[start : start + AT_ONCE])
        # A close-out looks for its photos, so they are named before the entries come.
        _in_parts(session, _CLAIMS, self.claims)
        for plan in in_turns(self.plan):
            ledger.store_plan(session, plan)
        _in_parts(
            session, _COLUMNS, [{"case_id": key, "changed": value} for key, value in self.columns.items()]
        )
        inspections.store_violations(session, self.violations)
        self.inspections, self.violations, self.claims, self.expected = [], [], [], []
        self.plan, self.columns = Plan(), {}

    def store_outcomes(self, session: Session) -> None:
        """Store what followed beside violations, once the last inspection has settled the last task."""
        outcome_queries.store(session, self.outcomes)


def in_turns(plan: Plan) -> Iterator[Plan]:
    """Yield a plan in parts to be stored one after the other.

    The database applies rises of levels once a whole statement is in (migration 0580): what follows a rise of
    its own case comes in a later one.
    """
    turns: defaultdict[int, Plan] = defaultdict(Plan, {0: Plan(cases=plan.cases, reopened=plan.reopened)})
    turn_of: dict[Any, int] = {}
    rose: set[tuple[Any, int]] = set()
    for entry in plan.entries:
        case_id, seq = entry["case_id"], entry["seq"]
        quiet = entry["command"] in QUIET
        turn = turn_of[case_id] = turn_of.get(case_id, 0) + (not quiet and (case_id, seq - 1) in rose)
        if quiet:
            rose.add((case_id, seq))
        turns[turn].entries.append(entry)
    for private in plan.private:
        turns[max(turns)].private.append(private)
    yield from (turns[turn] for turn in sorted(turns))


def _in_parts(session: Session, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        session.execute(statement, {"rows": orjson.dumps(rows[start : start + AT_ONCE]).decode()})
