"""Proving the ledger: every hash, link, transition and number, recomputed from what is stored.

It reads in one snapshot, in the order of the cases, and stops at the first fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, groupby
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.errors import FaultyHistory
from server.ledger.facts import moment
from server.ledger.history import digest_of_words
from server.ledger.lifecycle import NEXT, OPEN_STATES

ROWS_AT_ONCE = 5000
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
INSTANTS = ("due_at", "yellow_at")

_ENTRIES = text(
    "SELECT e.case_id::text AS case_id, e.seq, e.version, e.command, e.from_state, e.to_state, e.level,"
    " e.actor_id::text AS actor_id, e.actor_unit, e.recorded_at, e.prev_hash, e.canonical, e.entry_hash,"
    " p.salt, p.words FROM server.case_entry e"
    " LEFT JOIN server.case_entry_private p USING (case_id, seq) ORDER BY e.case_id, e.seq"
)
_CASES = text(
    "SELECT c.case_id::text AS case_id, c.state, c.version, c.level, c.head_seq, c.head_hash, c.number,"
    " n.number AS given, c.category, c.severity, c.measure, c.community_id::text AS community,"
    " c.grid_cell_code AS grid_cell, c.unit_code AS unit, c.lead_unit, c.due_at,"
    " c.yellow_at, c.checker_id::text AS checker"
    ' FROM server."case" c LEFT JOIN server.case_number n USING (case_id) ORDER BY c.case_id'
)
_NUMBERS = text(
    "SELECT year, seq, number, lag(seq) OVER (PARTITION BY year ORDER BY seq) AS before,"
    " right(number, greatest(6, length(seq::text)))::bigint AS told,"
    " split_part(number, '-', 2)::integer AS told_year FROM server.case_number ORDER BY year, seq"
)


@dataclass(slots=True)
class Proof:
    """What was proved."""

    cases: int = 0
    entries: int = 0
    numbers: int = 0
    open_cases: int = 0
    years: dict[int, int] = field(default_factory=dict)


def verify(session: Session, progress: Callable[[int], None] = lambda entries: None) -> Proof:
    """Recompute the whole ledger; `progress` hears the entries read so far. The session must be a snapshot.

    Raises:
        FaultyHistory: the first fault found.
    """
    proof = Proof()
    entries = groupby(_rows(session, _ENTRIES), key=lambda row: row.case_id)
    waiting: Iterator[tuple[Any, Iterator[Any]]] = iter(entries)
    upcoming = next(waiting, None)
    for case in _rows(session, _CASES):
        if upcoming is None or upcoming[0] != case.case_id:
            raise FaultyHistory(case.case_id, None, "the case has no history")
        _prove_case(case, upcoming[1], proof, progress)
        upcoming = next(waiting, None)
    if upcoming is not None:
        raise FaultyHistory(upcoming[0], None, "entries without a case")
    _prove_numbers(session, proof)
    return proof


def _rows(session: Session, statement: Any) -> Iterator[Any]:
    result = session.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE})
    return chain.from_iterable(result.partitions())


def _prove_case(case: Any, entries: Iterator[Any], proof: Proof, progress: Callable[[int], None]) -> None:
    seq, prev, state, version, level = 0, None, "", 0, 0
    filed = False
    folded: dict[str, Any] = {}
    for entry in entries:
        seq += 1
        if entry.seq != seq:
            raise FaultyHistory(case.case_id, seq, f"entry {seq} is missing")
        told = _prove_entry(entry, prev)
        if entry.from_state != state or entry.to_state not in NEXT[state].get(entry.command, ()):
            raise FaultyHistory(
                case.case_id, seq, f"{entry.command} does not lead on from {state or 'nothing'}"
            )
        if not version <= entry.version <= version + 1 or entry.level < level:
            raise FaultyHistory(case.case_id, seq, "the version jumps, or the level falls")
        _fold(folded, entry.command, told["facts"])
        filed = filed or entry.command == "case.file"
        prev, state = bytes(entry.entry_hash), entry.to_state
        version, level = entry.version, entry.level
        proof.entries += 1
        if proof.entries % ROWS_AT_ONCE == 0:
            progress(proof.entries)
    _prove_row(case, (seq, prev, state, version, level), folded, filed)
    proof.cases += 1
    proof.open_cases += state in OPEN_STATES


def _fold(folded: dict[str, Any], command: str, facts: Mapping[str, Any]) -> None:
    changes = CHANGED_BY.get(command)
    folded.update(facts if changes is None else {name: facts[name] for name in changes if name in facts})
    if command == "case.reopen":
        folded["checker"] = None


def _prove_entry(entry: Any, prev: bytes | None) -> Mapping[str, Any]:
    digest = sha256(entry.canonical.encode()).digest()
    if digest != bytes(entry.entry_hash):
        raise FaultyHistory(entry.case_id, entry.seq, "the text does not have the hash that is stored")
    if (bytes(entry.prev_hash) if entry.prev_hash is not None else None) != prev:
        raise FaultyHistory(entry.case_id, entry.seq, "the entry does not carry the hash of the one before")
    told: Mapping[str, Any] = orjson.loads(entry.canonical)
    stored = (
        entry.case_id,
        entry.seq,
        entry.version,
        entry.level,
        entry.command,
        entry.from_state,
        entry.to_state,
        entry.actor_id,
        entry.actor_unit,
        moment(entry.recorded_at),
        prev.hex() if prev else None,
    )
    if tuple(told[name] for name in _MEMBERS) != stored:
        raise FaultyHistory(entry.case_id, entry.seq, "the hashed text differs from the columns")
    if entry.salt is not None and digest_of_words(bytes(entry.salt), entry.words) != told["private"]:
        raise FaultyHistory(entry.case_id, entry.seq, "the words beside the entry were changed")
    return told


_MEMBERS = (
    "case_id",
    "seq",
    "version",
    "level",
    "command",
    "from",
    "to",
    "actor",
    "actor_unit",
    "at",
    "prev",
)


def _prove_row(case: Any, head: tuple[Any, ...], folded: Mapping[str, Any], filed: bool) -> None:
    stored_hash = bytes(case.head_hash) if case.head_hash is not None else None
    if (case.head_seq, stored_hash, case.state, case.version, case.level) != head:
        raise FaultyHistory(
            case.case_id, None, "the case does not stand where its history leads: a tail is cut off"
        )
    if filed != (case.given is not None) or case.number != case.given:
        raise FaultyHistory(case.case_id, None, "the number of the case is not the one given to it")
    for name in FOLDED:
        stored = getattr(case, name)
        if name in INSTANTS and stored is not None:
            stored = moment(stored)
        if name in folded and folded[name] != stored:
            raise FaultyHistory(case.case_id, None, f"{name} was changed past the history")


def _prove_numbers(session: Session, proof: Proof) -> None:
    for row in _rows(session, _NUMBERS):
        if row.seq != (row.before or 0) + 1:
            raise FaultyHistory(None, None, f"number {(row.before or 0) + 1} of {row.year} is missing")
        if (row.told, row.told_year) != (row.seq, row.year):
            raise FaultyHistory(None, None, f"{row.number} stands at {row.seq} of {row.year}")
        proof.numbers += 1
        proof.years[row.year] = row.seq
