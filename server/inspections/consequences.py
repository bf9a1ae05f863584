"""Carrying out what follows from inspections beside violations: tasks, deductions, refusals, gates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from uuid6 import uuid7

from checklists.judge import Finding
from server.auth.actor import Actor
from server.communities.queries import CommunityFacts
from server.inspections import outcome_queries as queries
from server.inspections.outcomes import Outcome, outcome_of
from server.ledger import service as ledger
from server.ledger.case_files import case_file
from server.ledger.facts import Command
from server.ledger.onsite import sender_as_actor
from server.ledger.rulebook import units_of
from server.ledger.terms import local_day
from server.problems import DomainError
from sync import changes
from sync.entity import Wire, unit_bucket
from sync.mutations import Sender, Warning

NO_CASE = (
    "The refusal is on record, but on no case: name the open case in the answer.",
    "拒不整改已记录，但未关联案卷：请在作答中指明未结案卷。",
)


@dataclass(frozen=True, slots=True)
class Followed:
    """One stored inspection with what follows from it.

    Attributes:
        asked: codes of the items and groups that were answered.
        measures: those that the checklist serves.
    """

    inspection_id: UUID
    checklist: str
    measures: tuple[int, ...]
    community: CommunityFacts
    asked: frozenset[str]
    findings: tuple[Finding, ...]


def follow(
    session: Session, followed: Sequence[Followed], sender: Sender, now: datetime
) -> tuple[dict[UUID, tuple[Warning, ...]], set[UUID]]:
    """Store what follows and tell the tablets of tasks.

    Returns what is odd, by inspection, and the cases that got an entry: the caller tells the tablets of them.
    """
    asked = [
        (one.community.community_id, one.checklist, item, one.inspection_id)
        for one in followed
        for item in sorted(one.asked)
    ]
    settled = queries.settle(session, asked)
    found = _outcomes(session, followed, now)
    warnings, found = _record_refusals(session, found, sender, now)
    queries.store(session, [outcome for _, _, outcome in found])
    _tell(session, [*settled, *(one.outcome_id for _, _, one in found if one.kind == "task")])
    return warnings, {one.case_id for _, _, one in found if one.case_id is not None}


_Found = tuple[Followed, Finding, Outcome]


def _outcomes(session: Session, followed: Sequence[Followed], now: datetime) -> list[_Found]:
    following = [one for one in followed if one.findings]
    divisions = {one.community.neighbourhood_code for one in following} | {
        one.community.subdistrict_code for one in following
    }
    units = units_of(session, divisions, now) if divisions else {}
    return [
        (
            one,
            finding,
            outcome_of(finding, one.inspection_id, one.checklist, one.community, units, now, _new_id),
        )
        for one in following
        for finding in one.findings
    ]


def _new_id() -> UUID:
    return UUID(int=uuid7().int)


def _record_refusals(
    session: Session, found: list[_Found], sender: Sender, now: datetime
) -> tuple[dict[UUID, tuple[Warning, ...]], list[_Found]]:
    """Write each refusal into the open case it belongs to; one without a case is kept and warned of."""
    refusals = [one for one in found if one[2].kind == "refusal"]
    if not refusals:
        return {}, found
    named = queries.open_cases(session, [UUID(f.joins) for _, f, _ in refusals if f.joins])
    actor = sender_as_actor(session, sender, now)
    warnings: dict[UUID, tuple[Warning, ...]] = {}
    recorded: dict[UUID, UUID] = {}
    for one, finding, outcome in sorted(refusals, key=lambda refusal: refusal[1].joins or ""):
        case_id = _case_of(session, one, finding, named)
        odd = _record(session, case_id, finding, actor, sender, now)
        if odd is None and case_id is not None:
            recorded[outcome.outcome_id] = case_id
        elif odd is not None:
            warnings[one.inspection_id] = (*warnings.get(one.inspection_id, ()), odd)
    return warnings, [
        (one, finding, replace(outcome, case_id=recorded.get(outcome.outcome_id)))
        for one, finding, outcome in found
    ]


def _case_of(session: Session, one: Followed, finding: Finding, named: set[UUID]) -> UUID | None:
    """Return the case that the answer names, else the only one open there under the checklist's measures."""
    if finding.joins is not None:
        return UUID(finding.joins) if UUID(finding.joins) in named else None
    community_id = one.community.community_id
    return queries.only_open_cases(session, [community_id], one.measures).get(community_id)


def _record(
    session: Session, case_id: UUID | None, finding: Finding, actor: Actor, sender: Sender, now: datetime
) -> Warning | None:
    day = local_day(now)
    held = None if case_id is None else case_file(session, case_id, actor.user_id, day, locking=True)
    if held is None:
        return Warning("refusal-without-case", finding.pointer, *NO_CASE)
    data = {"note": finding.note or "", "photos": list(finding.photos)}
    command = Command("case.record_refusal", None, data)
    try:
        ledger.check_right(held, command.type, actor, sender.pulled_scope, approved=sender.approved)
        ledger.carry_out(session, held.facts, held.head, command, actor, now)
    except DomainError as error:
        return Warning("refusal-not-recorded", finding.pointer, error.detail, error.detail_zh)
    return None


def load_tasks(session: Session, ids: Sequence[str]) -> list[Wire]:
    """Return the tasks among these ids in the bucket of the unit that does them; settled ones in none."""
    return [
        Wire(
            str(task.outcome_id),
            2 if task.settled_by else 1,
            frozenset([unit_bucket(task.unit_code)] if task.unit_code and not task.settled_by else []),
            task.as_task(community_name),
        )
        for task, community_name in queries.tasks(session, [UUID(one) for one in ids])
    ]


def _tell(session: Session, ids: Sequence[UUID]) -> None:
    if ids:
        session.flush()
        changes.put(session, "task", load_tasks(session, [str(one) for one in ids]))
