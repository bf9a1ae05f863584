"""`case.report`: a problem seen without a checklist, reported from a tablet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from server.communities.errors import AlreadyThere
from server.communities.queries import CommunityFacts
from server.ledger import queries, rulebook, service, wires
from server.ledger.errors import UnknownCategory, UnknownCommunity
from server.ledger.findings import FoundViolation
from server.ledger.history import Author
from server.ledger.onsite import Scope, grounds_of
from server.ledger.outcomes import conflict, held, rejected
from server.ledger.outline import county_outline
from server.ledger.plan import Opened
from server.ledger.reports import OUT_OF_SCOPE, Report, found_by, read_report
from server.photos import service as photos
from server.problems import DomainError, NotYours
from sync.mutations import Mutation, Outcome, Sender, Warning


@dataclass(slots=True)
class _Batch:
    mutations: Sequence[Mutation]
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    reports: dict[int, Report] = field(default_factory=dict)

    def refuse(self, index: int, outcome: Outcome) -> None:
        self.outcomes[index] = outcome
        self.reports.pop(index, None)


def report_cases(
    session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
) -> list[Outcome]:
    """Open or join a case for every report, set-wise; each item gets its outcome."""
    batch = _Batch(mutations)
    try:
        scope = Scope.of_sender(session, sender, "case.report", now)
    except NotYours as error:
        return [rejected(error) for _ in mutations]
    _refuse_known(session, batch)
    outline = county_outline(session)
    for index, mutation in enumerate(mutations):
        if index not in batch.outcomes:
            _read(batch, index, mutation, outline)
    communities, cells = _ground(session, batch, scope, now)
    _settle_severity(session, batch, now)
    indexes = sorted(batch.reports)
    violations = [_violation(batch, index, sender, cells[index]) for index in indexes]
    opened, claims = service.open_cases(session, violations, communities, now=now)
    photos.claim_all(session, claims, user_id=sender.user_id, now=now)
    mids = {one.case_id: mutations[index].mid for one, index in zip(opened, indexes, strict=True)}
    wires.tell(session, list(mids), mids)
    versions = queries.versions(session, list(mids))
    for one, index in zip(opened, indexes, strict=True):
        batch.outcomes[index] = _applied(one, batch.reports[index], versions[one.case_id])
    return [batch.outcomes[index] for index in range(len(mutations))]


def _refuse_known(session: Session, batch: _Batch) -> None:
    ids = [mutation.entity_id for mutation in batch.mutations]
    known = {wire.entity_id: wire for wire in wires.load_cases(session, [str(one) for one in ids])}
    for index, case_id in enumerate(ids):
        wire = known.get(str(case_id))
        if wire is not None:
            batch.refuse(index, conflict(AlreadyThere(), wire.version, wire.data))


def _read(batch: _Batch, index: int, mutation: Mutation, outline: BaseGeometry) -> None:
    try:
        batch.reports[index] = read_report(mutation.data, outline)
    except DomainError as error:
        batch.refuse(index, rejected(error))


def _ground(
    session: Session, batch: _Batch, scope: Scope, now: datetime
) -> tuple[dict[UUID, CommunityFacts], dict[int, str | None]]:
    indexes = sorted(batch.reports)
    asked = [batch.reports[index].asked for index in indexes]
    communities, cells = grounds_of(session, asked, now) if asked else ({}, [])
    for index, one in zip(indexes, asked, strict=True):
        community = communities.get(one.community_id)
        if community is None:
            batch.refuse(index, rejected(UnknownCommunity(one.community_id)))
        elif not scope.covers(community):
            batch.refuse(index, held(OUT_OF_SCOPE))
    return communities, dict(zip(indexes, cells, strict=True))


def _settle_severity(session: Session, batch: _Batch, now: datetime) -> None:
    for index, report in list(batch.reports.items()):
        try:
            severity = rulebook.severity_of(session, report.category, report.severity, now)
            batch.reports[index] = replace(report, severity=severity)
        except UnknownCategory as error:
            batch.refuse(index, rejected(error))


def _violation(batch: _Batch, index: int, sender: Sender, cell: str | None) -> FoundViolation:
    mutation = batch.mutations[index]
    return found_by(
        batch.reports[index],
        mutation.entity_id,
        role=sender.role,
        reporter=Author(sender.user_id, sender.unit_code),
        cell=cell,
        found_at=mutation.time.corrected_at or mutation.device_time,
    )


def _applied(opened: Opened, report: Report, version: int) -> Outcome:
    joined: tuple[Warning, ...] = ()
    if opened.reopened:
        text = f"The problem is back: the closed case {opened.case_id} is open again."
        joined = (Warning("rebound", "", text, f"问题反弹：已销号案卷 {opened.case_id} 重新打开。"),)
    elif opened.joined:
        text = f"The report joined the open case {opened.case_id}."
        joined = (Warning("joined", "", text, f"此报告已并入案卷 {opened.case_id}。"),)
    return Outcome("applied", version=version, warnings=(*report.warnings, *joined))
