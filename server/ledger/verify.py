"""Proving the ledger: every hash, link, transition and number, recomputed from what is stored.

It reads in one snapshot, in the order of the cases, and stops at the first fault. Rows come as plain texts
and are unpacked at once: in millions of entries each look-up by name would be felt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.errors import FaultyHistory
from server.ledger.history import digest_of_words
from server.ledger.lifecycle import NEXT
from server.ledger.states import OPEN_STATES

ROWS_AT_ONCE = 5000
# Not `yield_per`: with it all rows stay in memory until the end.
STREAMED = {"stream_results": True, "max_row_buffer": ROWS_AT_ONCE}
# A change of a past entry, wherever it is: the text is hashed, told of, and chained.
TEXT, CHAIN, COLUMNS, WORDS = (
    "the text does not have the hash that is stored",
    "the entry does not carry the hash of the one before",
    "the hashed text differs from the columns",
    "the words beside the entry were changed",
)
# Facts of the newest entry that names them must be what the case's row says.
FOLDED = (
    "category",
    "severity",
    "measure",
    "community",
    "grid_cell",
    "unit",
    "lead_unit",
    "due_at",
    "yellow_at",
    "checker",
)
# A finding that joins or reopens a case tells of itself; of the case it changes what stands here, if any.
CHANGED_BY = {"case.join": (), "case.transfer": (), "case.reopen": ("due_at", "yellow_at")}
_members = itemgetter(
    *("case_id", "seq", "version", "level", "command", "from", "to", "actor", "actor_unit", "at", "prev")
)


def _told(column: str) -> str:
    """Return an instant as `facts.moment` writes it."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


_ENTRIES = (
    "SELECT e.case_id::text, e.seq, e.version, e.level, e.command, e.from_state, e.to_state,"
    f" e.actor_id::text, e.actor_unit, {_told('e.recorded_at')}, encode(e.prev_hash, 'hex'),"
    " e.canonical, encode(e.entry_hash, 'hex'), p.salt, p.words FROM server.case_entry e"
    " LEFT JOIN server.case_entry_private p USING (case_id, seq) {within} ORDER BY e.case_id, e.seq"
)
_CASES = (
    "SELECT c.case_id::text AS case_id, c.head_seq, encode(c.head_hash, 'hex') AS head_hash, c.state,"
    " c.version, c.level, c.number, n.number AS given, c.category, c.severity, c.measure,"
    " c.community_id::text AS community, c.grid_cell_code AS grid_cell, c.unit_code AS unit, c.lead_unit,"
    f" {_told('c.due_at')} AS due_at, {_told('c.yellow_at')} AS yellow_at, c.checker_id::text AS checker"
    ' FROM server."case" c LEFT JOIN server.case_number n USING (case_id) {within} ORDER BY c.case_id'
)
_NUMBERS = text(
    "SELECT year, seq, number, lag(seq) OVER (PARTITION BY year ORDER BY seq) AS before,"
    " right(number, greatest(6, length(seq::text)))::bigint AS told,"
    " split_part(number, '-', 2)::integer AS told_year FROM server.case_number ORDER BY year, seq"
)


@dataclass(frozen=True, slots=True)
class Part:
    """The cases whose ids lie between two: the first of them, and the first one beyond; None at the ends."""

    first: str | None = None
    beyond: str | None = None

    def within(self, column: str) -> str:
        """Return the condition that an id lies in this part, as SQL over `:first` and `:beyond`."""
        bounds = (
            (self.first, f"{column} >= CAST(:first AS uuid)"),
            (self.beyond, f"{column} < CAST(:beyond AS uuid)"),
        )
        held = [condition for bound, condition in bounds if bound is not None]
        return f"WHERE {' AND '.join(held)}" if held else ""


WHOLE = Part()


@dataclass(slots=True)
class Proof:
    """What was proved."""

    cases: int = 0
    entries: int = 0
    numbers: int = 0
    open_cases: int = 0
    years: dict[int, int] = field(default_factory=dict)

    def add(self, other: Proof) -> None:
        """Add what was proved of another part."""
        self.cases += other.cases
        self.entries += other.entries
        self.open_cases += other.open_cases


def verify(session: Session, progress: Callable[[int], None] = lambda entries: None) -> Proof:
    """Recompute the whole ledger; `progress` hears the entries read so far. The session must be a snapshot.

    Raises:
        FaultyHistory: the first fault found.
    """
    proof = prove(session, WHOLE, progress)
    prove_numbers(session, proof)
    return proof


def prove(session: Session, part: Part, progress: Callable[[int], None] = lambda entries: None) -> Proof:
    """Recompute the histories of a part of the ledger, but for the table of numbers.

    Raises:
        FaultyHistory: the first fault found.
    """
    proof = Proof()
    entries = groupby(_rows(session, _ENTRIES, part, "e.case_id"), key=itemgetter(0))
    upcoming = next(entries, None)
    for case in _rows(session, _CASES, part, "c.case_id"):
        if upcoming is None or upcoming[0] != case.case_id:
            raise FaultyHistory(case.case_id, None, "the case has no history")
        _prove_case(case, upcoming[1], proof, progress)
        upcoming = next(entries, None)
    if upcoming is not None:
        raise FaultyHistory(upcoming[0], None, "entries without a case")
    return proof


def prove_numbers(session: Session, proof: Proof) -> None:
    """Prove that the numbers of each year have no gap, and note them.

    Raises:
        FaultyHistory: the first fault found.
    """
    for row in _stream(session, _NUMBERS, {}):
        if row.seq != (row.before or 0) + 1:
            raise FaultyHistory(None, None, f"number {(row.before or 0) + 1} of {row.year} is missing")
        if (row.told, row.told_year) != (row.seq, row.year):
            raise FaultyHistory(None, None, f"{row.number} stands at {row.seq} of {row.year}")
        proof.numbers += 1
        proof.years[row.year] = row.seq


def _rows(session: Session, statement: str, part: Part, column: str) -> Iterator[Any]:
    bounds = {"first": part.first, "beyond": part.beyond}
    values = {name: value for name, value in bounds.items() if value is not None}
    return _stream(session, text(statement.format(within=part.within(column))), values)


def _stream(session: Session, statement: Any, values: Mapping[str, Any]) -> Iterator[Any]:
    return iter(session.execute(statement, values, execution_options=STREAMED))


def _prove_case(case: Any, entries: Iterator[Any], proof: Proof, progress: Callable[[int], None]) -> None:
    after, prev, state, version, level = 0, None, "", 0, 0
    filed = False
    folded: dict[str, Any] = {}
    for entry in entries:
        _, seq, to_version, to_level, command, start, to, *_ = entry
        after += 1
        if seq != after:
            raise FaultyHistory(case.case_id, after, f"entry {after} is missing")
        told = _prove_entry(entry, prev)
        if start != state or to not in NEXT[state].get(command, ()):
            raise FaultyHistory(case.case_id, seq, f"{command} does not lead on from {state or 'nothing'}")
        if not version <= to_version <= version + 1 or to_level < level:
            raise FaultyHistory(case.case_id, seq, "the version jumps, or the level falls")
        _fold(folded, command, told["facts"])
        filed = filed or command == "case.file"
        prev, state, version, level = entry[12], to, to_version, to_level
        proof.entries += 1
        if proof.entries % ROWS_AT_ONCE == 0:
            progress(proof.entries)
    _prove_row(case, (after, prev, state, version, level), folded, filed)
    proof.cases += 1
    proof.open_cases += state in OPEN_STATES


def _fold(folded: dict[str, Any], command: str, facts: Mapping[str, Any]) -> None:
    changes = CHANGED_BY.get(command)
    folded.update(facts if changes is None else {name: facts[name] for name in changes if name in facts})
    if command == "case.reopen":
        folded["checker"] = None


def _prove_entry(entry: Any, prev: str | None) -> Mapping[str, Any]:
    canonical, entry_hash, salt, words = entry[11:]
    fault = ""
    if sha256(canonical.encode()).hexdigest() != entry_hash:
        fault = TEXT
    elif entry[10] != prev:
        fault = CHAIN
    told: Mapping[str, Any] = {} if fault else orjson.loads(canonical)
    if not fault and _members(told) != tuple(entry[:11]):
        fault = COLUMNS
    elif not fault and salt is not None and digest_of_words(bytes(salt), words) != told["private"]:
        fault = WORDS
    if fault:
        raise FaultyHistory(entry[0], entry[1], fault)
    return told


def _prove_row(case: Any, head: tuple[Any, ...], folded: Mapping[str, Any], filed: bool) -> None:
    if (case.head_seq, case.head_hash, case.state, case.version, case.level) != head:
        raise FaultyHistory(
            case.case_id, None, "the case does not stand where its history leads: a tail is cut off"
        )
    if filed != (case.given is not None) or case.number != case.given:
        raise FaultyHistory(case.case_id, None, "the number of the case is not the one given to it")
    stored = case._mapping
    for name in FOLDED:
        if name in folded and folded[name] != stored[name]:
            raise FaultyHistory(case.case_id, None, f"{name} was changed past the history")
