"""`inspection.create`: taking inspections in, a whole run in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid6 import uuid7

from checklists.answers import read_answers
from checklists.catalog import template_from_document
from checklists.context import Context
from checklists.errors import ChecklistError
from checklists.judge import Finding
from checklists.model import Template
from server.communities.queries import CommunityFacts
from server.inspections import outcome_queries, queries, times, wires
from server.inspections.consequences import Followed, follow
from server.inspections.errors import AlreadyStored, UnknownChecklist
from server.inspections.photo_use import used_twice
from server.inspections.reading import Head, Judged, judge_answers, read_head
from server.inspections.sightings import COUNTED_DAYS, Sighting, asks_twice, sightings
from server.ledger import service as ledger
from server.ledger import wires as case_wires
from server.ledger.errors import UnknownCommunity
from server.ledger.facts import Place
from server.ledger.findings import FoundViolation
from server.ledger.history import Author
from server.ledger.onsite import Asked, Scope, grounds_of
from server.ledger.outcomes import conflict, held, rejected
from server.ledger.outline import county_outline
from server.ledger.plan import Opened
from server.ledger.reports import OUT_OF_SCOPE
from server.ledger.rulebook import rulebook_of
from server.photos import service as photos
from server.photos.claims import Claim, ClaimedPhoto
from server.problems import DomainError, NotYours
from sync.canonical import digest
from sync.mutations import Mutation, Outcome, Sender, Warning

# A version is the hash of its document, so what was read once holds for ever.
_TEMPLATES: dict[str, Template] = {}
RETIRED = Warning(
    "checklist-retired",
    "/data/checklist_version",
    "A newer version of this checklist is in force; pull anew.",
    "该检查表已有新版本，请重新同步。",
)


@dataclass
class _Item:
    """One inspection on its way in."""

    mutation: Mutation
    head: Head
    judged: Judged | None = None
    grid_cell_code: str | None = None
    warnings: tuple[Warning, ...] = ()
    cells: list[str | None] = field(default_factory=list)

    @cached_property
    def content_sha256(self) -> str:
        """The digest of what was sent, in hex."""
        return digest(self.mutation.data).hex()


class Taking:
    """One run of inspections; what is refused drops out at each step, the rest is stored together."""

    def __init__(self, session: Session, sender: Sender, now: datetime) -> None:
        self.session, self.sender, self.now = session, sender, now
        self.outcomes: dict[int, Outcome] = {}
        self.items: dict[int, _Item] = {}

    def take(self, mutations: Sequence[Mutation]) -> list[Outcome]:
        """Return one outcome an item, in order."""
        try:
            scope = Scope.of_sender(self.session, self.sender, "inspection.create", self.now)
        except NotYours as error:
            return [rejected(error) for _ in mutations]
        self._read(mutations)
        checklists = {item.head.checklist_version for item in self.items.values()}
        ids = [item.mutation.entity_id for item in self.items.values()]
        known, taken = queries.standing(self.session, checklists, ids) if ids else ({}, {})
        self._refuse_taken(taken)
        self._judge(known)
        communities = self._place(scope)
        if self.items:
            self._store(communities)
        return [self.outcomes[index] for index in range(len(mutations))]

    def _refuse(self, index: int, outcome: Outcome) -> None:
        self.outcomes[index] = outcome
        self.items.pop(index, None)

    def _read(self, mutations: Sequence[Mutation]) -> None:
        outline = county_outline(self.session)
        for index, mutation in enumerate(mutations):
            try:
                head = read_head(mutation.data, outline)
                self.items[index] = _Item(mutation, head, warnings=head.warnings)
            except DomainError as error:
                self._refuse(index, rejected(error))

    def _refuse_taken(self, taken: dict[UUID, Mapping[str, Any]]) -> None:
        for index, item in list(self.items.items()):
            current = taken.get(item.mutation.entity_id)
            if current is not None:
                self._refuse(index, conflict(AlreadyStored(), current["version"], current))

    def _judge(self, known: Mapping[str, queries.Published]) -> None:
        templates = templates_of(self.session, known)
        contexts = self._contexts(templates) if known else {}
        outline = county_outline(self.session)
        for index, item in list(self.items.items()):
            version = item.head.checklist_version
            if version not in templates:
                self._refuse(index, held(UnknownChecklist(version), f"checklist:{version}"))
                continue
            if known[version].retired:
                item.warnings = (*item.warnings, RETIRED)
            try:
                answers = item.mutation.data.get("answers")
                item.judged = judge_answers(templates[version], answers, item.head, contexts[index], outline)
                item.warnings = (*item.warnings, *item.judged.warnings)
            except DomainError as error:
                self._refuse(index, rejected(error))

    def _contexts(self, templates: Mapping[str, Template]) -> dict[int, Context]:
        """Return what judging knows, with the earlier sightings where a checklist asks for them."""
        plain = self._context()
        seen: list[tuple[int, UUID, Sighting]] = []
        for index, item in self.items.items():
            template = templates.get(item.head.checklist_version)
            if template is not None and asks_twice(template):
                reading = read_answers(template, item.mutation.data.get("answers"))
                found = sightings(template, reading, plain)
                seen += [(index, item.head.community_id, one) for one in found]
        since = self.now - timedelta(days=COUNTED_DAYS)
        told = [(community_id, one) for _, community_id, one in seen]
        days = outcome_queries.first_seen(self.session, told, since) if told else {}
        first: dict[int, dict[tuple[str, int], date]] = {}
        for at, day in days.items():
            index, _, one = seen[at]
            first.setdefault(index, {})[one.group, one.instance] = day
        return {index: replace(plain, first_seen=first.get(index, {})) for index in self.items}

    def _context(self) -> Context:
        book = rulebook_of(self.session, self.now)
        return Context(today=book.day, calendar=book.clock.calendar, pairs=book.pairs)

    def _place(self, scope: Scope) -> dict[UUID, CommunityFacts]:
        indexes = sorted(self.items)
        asked: list[Asked] = []
        for index in indexes:
            item = self.items[index]
            asked.append(Asked(item.head.community_id, item.head.grid_cell_code, item.head.place))
            asked += [Asked(item.head.community_id, None, place) for _, place in _violations(item)]
        communities, cells = grounds_of(self.session, asked, self.now) if asked else ({}, [])
        at = iter(cells)
        for index in indexes:
            item = self.items[index]
            item.grid_cell_code = next(at)
            item.cells = [next(at) or item.grid_cell_code for _ in _violations(item)]
            community = communities.get(item.head.community_id)
            if community is None:
                self._refuse(index, rejected(UnknownCommunity(item.head.community_id)))
            elif not scope.covers(community):
                self._refuse(index, held(OUT_OF_SCOPE))
        return communities

    def _store(self, communities: Mapping[UUID, CommunityFacts]) -> None:
        items = [self.items[index] for index in sorted(self.items)]
        stored = queries.store(self.session, [self._row(item) for item in items])
        found = [pair for item in items for pair in self._found(item)]
        opened, claims = ledger.open_cases(
            self.session, [violation for violation, _ in found], communities, now=self.now
        )
        queries.store_violations(
            self.session,
            [
                _violation_row(violation, finding, one)
                for (violation, finding), one in zip(found, opened, strict=True)
            ],
        )
        own = [
            Claim("inspection", item.mutation.entity_id, photo)
            for item in items
            for photo in item.judged.photos  # type: ignore[union-attr]  # judged items alone are left
        ]
        named = photos.claim_all(self.session, [*claims, *own], user_id=self.sender.user_id, now=self.now)
        odd, refused = follow(self.session, self._followed(communities), self.sender, self.now)
        case_wires.tell(self.session, list({one.case_id for one in opened} | refused))
        cases = _cases([violation for violation, _ in found], opened)
        told = [replace(one, case_ids=sorted(cases.get(one.inspection_id, ()))) for one in stored]
        wires.tell(self.session, told, photos.evidence_of(own, named.missing))
        shared = self._other_facts(named.shared)
        for index, item in self.items.items():
            entity_id = item.mutation.entity_id
            twice = used_twice(entity_id, own, shared)
            warnings = (*item.warnings, *odd.get(entity_id, ()), *twice)
            self.outcomes[index] = Outcome("applied", version=1, warnings=warnings)

    def _other_facts(self, shared: Mapping[bytes, frozenset[UUID]]) -> Mapping[bytes, frozenset[UUID]]:
        """Return by photo the inspections that it cannot be evidence of without being used twice."""
        return shared

    def _followed(self, communities: Mapping[UUID, CommunityFacts]) -> list[Followed]:
        return [
            Followed(
                item.mutation.entity_id,
                _TEMPLATES[item.head.checklist_version].code,
                _TEMPLATES[item.head.checklist_version].measures,
                communities[item.head.community_id],
                item.judged.asked,
                item.judged.others,
            )
            for _, item in sorted(self.items.items())
            if item.judged is not None
        ]

    def _row(self, item: _Item) -> dict[str, Any]:
        head, place, data = item.head, item.head.place, item.mutation.data
        return {
            "inspection_id": item.mutation.entity_id,
            "checklist_version": head.checklist_version,
            "community_id": head.community_id,
            "grid_cell_code": item.grid_cell_code,
            "user_id": self.sender.user_id,
            "device_id": self.sender.device_id,
            "mid": item.mutation.mid,
            "content_sha256": item.content_sha256,
            "lon": place.lon if place else None,
            "lat": place.lat if place else None,
            "location_sent": data.get("location"),
            "accuracy_m": place.accuracy_m if place else None,
            "started_at": head.started_at,
            "finished_at": head.finished_at,
            "device_time": item.mutation.device_time,
            "received_at": self.now,
            "answers": data["answers"],
            "warnings": [warning.as_json() for warning in item.warnings],
            **times.as_row(item.mutation.time, head.span),
        }

    def _found(self, item: _Item) -> list[tuple[FoundViolation, Finding]]:
        reporter = Author(self.sender.user_id, self.sender.unit_code)
        listed = {photo.sha256: photo for photo in item.head.photos}
        return [
            (replace(_as_violation(item, finding, place, cell, reporter, listed), problem=problem), finding)
            for (finding, place), cell, problem in zip(
                _violations(item), item.cells, item.judged.problems if item.judged else (), strict=True
            )
        ]


def _cases(violations: Sequence[FoundViolation], opened: Sequence[Opened]) -> dict[UUID, set[UUID]]:
    cases: dict[UUID, set[UUID]] = {}
    for violation, one in zip(violations, opened, strict=True):
        if violation.inspection_id is not None:
            cases.setdefault(violation.inspection_id, set()).add(one.case_id)
    return cases


def _violations(item: _Item) -> tuple[tuple[Finding, Place | None], ...]:
    return item.judged.violations if item.judged else ()


def _as_violation(
    item: _Item,
    finding: Finding,
    place: Place | None,
    cell: str | None,
    reporter: Author,
    listed: Mapping[bytes, ClaimedPhoto],
) -> FoundViolation:
    evidence = [ClaimedPhoto(bytes.fromhex(one), "before", finding.item_code) for one in finding.photos]
    shown = tuple(
        replace(photo, taken_at=listed[photo.sha256].taken_at) if photo.sha256 in listed else photo
        for photo in evidence
    )
    assert finding.category is not None
    assert finding.severity is not None
    return FoundViolation(
        case_id=UUID(int=uuid7().int),
        source="checklist",
        category=finding.category,
        severity=finding.severity,
        community_id=item.head.community_id,
        grid_cell_code=cell,
        place=place,
        description=finding.note or "",
        asset=finding.asset,
        joins=UUID(finding.joins) if finding.joins else None,
        inspection_id=item.mutation.entity_id,
        reporter=reporter,
        photos=shown,
        found_at=item.mutation.time.corrected_at or item.head.finished_at or item.mutation.device_time,
    )


def _violation_row(violation: FoundViolation, finding: Finding, opened: Opened) -> dict[str, Any]:
    return {
        "violation_id": UUID(int=uuid7().int),
        "inspection_id": violation.inspection_id,
        "item_code": finding.item_code,
        "instance": finding.instance,
        "category": violation.category,
        "severity": violation.severity,
        "case_id": opened.case_id,
        "joined": opened.joined,
    }


def templates_of(session: Session, versions: Mapping[str, object]) -> dict[str, Template]:
    """Return the compiled templates of published versions; each document is read once a process."""
    unread = [version for version in versions if version not in _TEMPLATES]
    if unread:
        for version, document in queries.documents(session, unread).items():
            try:
                _TEMPLATES[version] = template_from_document(document)
            except ChecklistError:
                continue
    return {version: _TEMPLATES[version] for version in versions if version in _TEMPLATES}
