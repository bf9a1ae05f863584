"""What a command makes of a paper: decided from values alone.

`NEXT` is the one table of states and commands; the database holds the same rows in `server.paper_transition`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.papers.errors import FieldsMissing, PaperMovedOn, PaperStateForbids, SamePerson
from server.papers.kinds import KINDS

_BACK = {"paper.send_back": "draft", "paper.void": "void"}
FACTS = ("paper.serve", "paper.receive", "paper.attach_scan")
NEXT: Mapping[str, Mapping[str, str]] = {
    "": {"paper.draft": "draft"},
    "draft": {"paper.edit": "draft", "paper.review": "reviewed", "paper.void": "void"},
    "reviewed": {"paper.countersign": "countersigned", **_BACK},
    "countersigned": {"paper.issue": "issued", **_BACK},
    "issued": dict.fromkeys(FACTS, "issued"),
    "void": {},
}
STATES = tuple(state for state in NEXT if state)
WROTE = frozenset(("paper.draft", "paper.edit"))


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a paper's history, as far as decisions look at it."""

    seq: int
    command: str
    actor_id: UUID | None
    actor_name: str | None
    recorded_at: datetime
    data: Mapping[str, Any]
    stands_for: UUID | None = None
    stands_for_name: str | None = None

    @property
    def people(self) -> frozenset[UUID]:
        """Return who acted and for whom; nobody where the product did."""
        return frozenset(filter(None, (self.actor_id, self.stands_for)))


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A paper as decisions see it; `version` is the last entry's number."""

    paper_id: UUID
    kind: str
    body: str
    to_unit: str | None
    state: str
    version: int
    fields: Mapping[str, Any]
    past: tuple[Step, ...]

    def last(self, command: str) -> Step | None:
        """Return the newest step of a command that no sending back undid."""
        undone = max((step.seq for step in self.past if step.command == "paper.send_back"), default=0)
        after = undone if command in {"paper.review", "paper.countersign"} else 0
        return next((s for s in reversed(self.past) if s.command == command and s.seq > after), None)

    def writer(self) -> Step | None:
        """Return the last step by which a person wrote the paper; else the product's own draft."""
        written = [step for step in self.past if step.command in WROTE]
        by_people = [step for step in written if step.actor_id is not None]
        last = by_people[-1:] or written[:1]
        return last[0] if last else None


def decide(paper: PaperFacts, command: str, base_version: int, people: AbstractSet[UUID]) -> str:
    """Return the state to which the command of these people, who acts and for whom, leads.

    Raises:
        PaperStateForbids: the state does not know it. PaperMovedOn: something happened since `base_version`.
        SamePerson: somebody else must do it. FieldsMissing: the paper is not complete.
    """
    to_state = NEXT[paper.state].get(command)
    if to_state is None:
        raise PaperStateForbids(command, paper.state)
    if command not in FACTS and base_version != paper.version:
        raise PaperMovedOn(base_version, paper.version)
    if command in {"paper.review", "paper.issue"} and not people.isdisjoint(barred(paper, command)):
        raise SamePerson
    if command in {"paper.review", "paper.issue"}:
        missing = missing_fields(paper.kind, paper.fields)
        if missing:
            raise FieldsMissing(missing)
    return to_state


def barred(paper: PaperFacts, command: str) -> set[UUID]:
    """Return the people who may not review, or issue, as they wrote or reviewed the paper."""
    steps = [step for step in paper.past if step.command in WROTE]
    review = paper.last("paper.review")
    if command == "paper.issue" and review is not None:
        steps.append(review)
    return {one for step in steps for one in step.people}


def missing_fields(kind: str, fields: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return name and label of every field that the kind needs and that is empty."""
    return [
        (field.name, field.label)
        for field in KINDS[kind].fields
        if field.needed and not fields.get(field.name)
    ]


def orders(paper: PaperFacts, people: AbstractSet[UUID]) -> list[str]:
    """Return the commands that the paper would take from these people now, rights aside."""
    found = []
    for command in NEXT[paper.state]:
        if command in {"paper.review", "paper.issue"} and not people.isdisjoint(barred(paper, command)):
            continue
        found.append(command)
    return found
