"""`inspection.correct`: a new inspection that points to the one it corrects; both stay.

What the correction finds anew joins the cases of the first one; what it no longer finds is noted on its case,
which a person then declines or closes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from checklists.judge import Finding
from server.communities.reading import an_id, fault, read_value, unreadable
from server.inspections import correct_queries as queries
from server.inspections.correct_queries import Corrected
from server.inspections.taking import Taking, _Item
from server.inspections.told import tell
from server.ledger import queries as ledger_queries
from server.ledger import service as ledger
from server.ledger import wires as case_wires
from server.ledger.facts import Command
from server.ledger.findings import FoundViolation
from server.ledger.onsite import sender_as_actor
from server.outcomes import held, rejected
from server.problems import DomainError, NotFound, NotYours
from sync import changes
from sync.canonical import digest
from sync.mutations import Mutation, Outcome, Sender

CORRECT = "inspection.correct"
WITHDRAWN = "更正检查后未再发现此问题 / A corrected inspection no longer finds this problem: {inspection_id}"


class _Correcting(Taking):
    """Takes one correction in: its violations join the cases that the first inspection opened."""

    def __init__(
        self, session: Session, sender: Sender, now: datetime, first_id: UUID, first: Corrected
    ) -> None:
        super().__init__(session, sender, now)
        self.first_id, self.first = first_id, first

    def _found(self, item: _Item) -> list[tuple[FoundViolation, Finding]]:
        return [
            (replace(violation, joins=violation.joins or self._case(finding)), finding)
            for violation, finding in super()._found(item)
        ]

    def _other_facts(self, shared: Mapping[bytes, frozenset[UUID]]) -> Mapping[bytes, frozenset[UUID]]:
        facts = tell(self.session, {self.first_id, *(one for ids in shared.values() for one in ids)})
        fact = facts[self.first_id].fact
        return {
            sha256: frozenset(one for one in ids if one not in facts or facts[one].fact != fact)
            for sha256, ids in shared.items()
        }

    def _case(self, finding: Finding) -> UUID | None:
        return self.first.cases.get((finding.item_code, finding.instance, finding.category or ""))


def correct_inspections(
    session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
) -> list[Outcome]:
    """Take corrections in, one by one."""
    return [_correct(session, sender, mutation, now) for mutation in mutations]


def as_correction(mutation: Mutation, current: Mapping[str, Any], new_id: UUID) -> Mutation | None:
    """Return a second inspection under the id of another as its correction, None when both say the same."""
    if current.get("content_sha256") == digest(dict(mutation.data)).hex():
        return None
    data = {**mutation.data, "corrects": str(mutation.entity_id)}
    return replace(mutation, type=CORRECT, entity_id=new_id, data=data)


def _correct(session: Session, sender: Sender, mutation: Mutation, now: datetime) -> Outcome:
    try:
        first_id = _corrects(mutation)
        first = queries.corrected(session, first_id)
        if first is None:
            missing = NotFound("The inspection to correct has not arrived yet.", "待更正的检查记录尚未到达。")
            return held(missing, f"inspection:{first_id}")
        _check(first, sender, mutation)
    except DomainError as error:
        return rejected(error)
    data = {name: value for name, value in mutation.data.items() if name != "corrects"}
    [outcome] = _Correcting(session, sender, now, first_id, first).take([replace(mutation, data=data)])
    if outcome.status == "applied":
        queries.point(session, mutation.entity_id, first_id)
        changes.append(session, "inspection", [first_id, mutation.entity_id])
        _withdraw(session, sender, first, mutation.entity_id, now)
    return outcome


def _corrects(mutation: Mutation) -> UUID:
    faults: list[dict[str, str]] = []
    found: UUID | None = read_value(mutation.data.get("corrects"), an_id, "/data/corrects", faults)
    if found == mutation.entity_id:
        faults.append(fault("/data/corrects", "a correction has an id of its own", "更正须使用新的编号"))
    if faults or found is None:
        raise unreadable(faults)
    return found


def _check(first: Corrected, sender: Sender, mutation: Mutation) -> None:
    if first.user_id != sender.user_id:
        raise NotYours("Only whoever inspected may correct it.", "只有原检查人可以更正。")
    if mutation.data.get("community_id") != str(first.community_id):
        raise unreadable(
            [fault("/data/community_id", "must be the community that was inspected", "须为原检查的小区")]
        )


def _withdraw(session: Session, sender: Sender, first: Corrected, inspection_id: UUID, now: datetime) -> None:
    again = queries.corrected(session, inspection_id)
    kept = set(again.cases.values()) if again else set()
    gone = sorted(set(first.cases.values()) - kept)
    actor = sender_as_actor(session, sender, now)
    told: list[UUID] = []
    for case_id in gone:
        standing = ledger_queries.case_for_update(session, case_id)
        if standing is None:
            continue
        facts, head = standing
        data: dict[str, Any] = {"text": WITHDRAWN.format(inspection_id=inspection_id)}
        try:
            ledger.carry_out(session, facts, head, Command("case.note", None, data), actor, now)
        except DomainError:
            # A case that has ended takes no note; the correction itself shows what is gone.
            continue
        told.append(case_id)
    case_wires.tell(session, told)
