"""Papers that draft themselves: what an entry of a case's history asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.papers import drafts, outcome_queries, queries, refreshing, service
from server.papers.drafts import MOST_CASES

NOTICE = "rectification_notice"
JOINT_LEVEL = 4
OF_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "case.file": (NOTICE,),
    "case.dispatch": ("assignment",),
    "case.claim_fixed": ("closeout_application",),
}
OF_LEVELS: Mapping[int, tuple[str, ...]] = {
    1: ("reminder",),
    2: (NOTICE, "supervision"),
    3: ("report_letter",),
    4: ("joint_plan", "joint_record"),
    5: ("listed_supervision", "interview_notice"),
}
# A history that was taken in, or lay for long, drafts nothing for cases that are over.
STALE_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Cause:
    """Entries that ask for one paper together, and the kind of the paper."""

    kind: str
    entries: tuple[Any, ...]

    @property
    def body(self) -> str | None:
        """Return who issues it where the entry decides that: the unit that dispatched."""
        return str(self.entries[0].actor_unit) if self.kind == "assignment" else None


def kinds_of(command: str, level: int) -> tuple[str, ...]:
    """Return the kinds of papers that an entry asks for (the table of the ledger's papers)."""
    return OF_LEVELS.get(level, ()) if command == "case.raise_level" else OF_COMMANDS.get(command, ())


def draft_due(session: Session, now: datetime, at_once: int) -> int:
    """Draft the papers for up to `at_once` entries that wait; return how many entries were looked at.

    Run twice, or by two workers at once, it drafts each paper once.
    """
    due = queries.take_due(session, at_once)
    if not due:
        return 0
    ids = [entry.case_id for entry in due]
    cases = {case.case_id: case for case in queries.cases(session, list(dict.fromkeys(ids)))}
    before = queries.drafted(session, ids)
    live = [entry for entry in due if not _stale(cases[entry.case_id], entry, now)]
    actions = outcome_queries.joint_actions(session, [e.case_id for e in live if e.level == JOINT_LEVEL])
    for cause in _causes(live, cases, actions):
        entries = [e for e in cause.entries if (e.case_id, e.seq, cause.kind) not in before]
        if entries and not _told_already(session, cause, entries[0]):
            _draft(session, cause, entries, now)
    for case_id, command in dict.fromkeys((entry.case_id, entry.command) for entry in live):
        refreshing.refresh(session, case_id, command, now)
    queries.done_due(session, [(entry.case_id, entry.seq) for entry in due])
    return len(due)


def _stale(case: Any, entry: Any, now: datetime) -> bool:
    over = case.ended_at is not None or case.closed_at is not None
    return over and bool(now - entry.recorded_at > STALE_AFTER)


def _causes(entries: Sequence[Any], cases: Mapping[UUID, Any], actions: Mapping[UUID, UUID]) -> list[Cause]:
    """Return what is to be drafted; cases of one dispatch to one unit, or of one joint action, share it."""
    found = [
        Cause(kind, (entry,))
        for entry in entries
        if entry.command != "case.dispatch" and not _joint(entry, actions)
        for kind in kinds_of(entry.command, entry.level)
    ]

    def action(entry: Any) -> str:
        return str(actions[entry.case_id])

    joint = sorted((entry for entry in entries if _joint(entry, actions)), key=action)
    for _, together in groupby(joint, key=action):
        parts = tuple(together)[:MOST_CASES]
        found += [Cause(kind, parts) for kind in kinds_of("case.raise_level", JOINT_LEVEL)]

    def batch(entry: Any) -> tuple[Any, ...]:
        case = cases[entry.case_id]
        return entry.recorded_at, str(entry.actor_id), case.unit_code or "", case.demand

    sent = sorted((entry for entry in entries if entry.command == "case.dispatch"), key=batch)
    for _, together in groupby(sent, key=batch):
        parts = tuple(together)
        found += [
            Cause("assignment", parts[start : start + MOST_CASES])
            for start in range(0, len(parts), MOST_CASES)
        ]
    return found


def _joint(entry: Any, actions: Mapping[UUID, UUID]) -> bool:
    raised = entry.command == "case.raise_level" and entry.level == JOINT_LEVEL
    return raised and entry.case_id in actions


def _told_already(session: Session, cause: Cause, entry: Any) -> bool:
    """Return whether level 2 would repeat the notice that severity A had at once."""
    raised = cause.kind == NOTICE and entry.command == "case.raise_level"
    return raised and bool(queries.earlier(session, entry.case_id, NOTICE))


def _draft(session: Session, cause: Cause, entries: Sequence[Any], now: datetime) -> None:
    ids = [entry.case_id for entry in entries]
    made = drafts.draft(session, cause.kind, ids, body=cause.body, to_unit=None, now=now)
    service.store(session, made, [(entry.case_id, entry.seq) for entry in entries], actor=None, now=now)
