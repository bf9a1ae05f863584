"""`case.report`: a problem seen without a checklist, reported from a tablet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from server.communities.errors import AlreadyThere
from server.communities.queries import CommunityFacts
from server.ledger import command_data, queries, rulebook, service, wires
from server.ledger.errors import UnknownCategory, UnknownCommunity
from server.ledger.facts import Place
from server.ledger.findings import FoundViolation
from server.ledger.history import Author
from server.ledger.masking import masked
from server.ledger.onsite import Asked, Scope, grounds_of
from server.ledger.outcomes import conflict, held, rejected, unknown_field
from server.ledger.outline import county_outline
from server.ledger.plan import Opened
from server.photos import service as photos
from server.photos.claims import ClaimedPhoto, read_photos
from server.problems import DomainError, InvalidInput, NotYours
from sync.mutations import Mutation, Outcome, Sender, Warning

KNOWN = frozenset(
    (
        "category",
        "severity",
        "community_id",
        "grid_cell_code",
        "location",
        "description",
        "photos",
        "joins",
        "asset",
        "offender",
    )
)
SOURCES = {"property_company": "self", "intake_clerk": "report"}
NO_PHOTO = Warning(
    "photo-missing",
    "/data/photos",
    "A photo is missing: the case opens and cannot close without it.",
    "缺少照片：案件可立，补齐前不能销号。",
)
OUT_OF_SCOPE = NotYours(
    "The community lies outside your cells; the shift leader decides.", "小区不在您的网格内，由值班长处理。"
)


@dataclass(frozen=True, slots=True)
class Report:
    """A report that can be read."""

    category: str
    severity: str
    asked: Asked
    description: str
    photos: tuple[ClaimedPhoto, ...]
    joins: UUID | None
    asset: str | None
    offender: str | None
    warnings: tuple[Warning, ...]


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
        scope = Scope(session, sender, "case.report", now)
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


def read_report(data: Any, outline: BaseGeometry) -> Report:
    """Return a report's values.

    Raises:
        InvalidInput: `errors` point at what cannot be read.
    """
    values: dict[str, Any] = {}
    faults: list[dict[str, str]] = []
    for name, reader in _READERS.items():
        try:
            values[name] = reader(data.get(name))
        except command_data.Wrong as wrong:
            faults.append({"pointer": f"/data/{name}", "detail": wrong.detail, "detail_zh": wrong.detail_zh})
    place: Place | None = None
    odd: tuple[Warning, ...] = ()
    taken: list[ClaimedPhoto] = []
    try:
        taken = read_photos(data.get("photos") or [], "/data/photos", "before")
        if data.get("location") is not None:
            place, odd = command_data.read_place(data["location"], outline)
    except InvalidInput as wrong:
        faults += wrong.errors
    if faults:
        raise command_data.invalid(faults)
    missing = () if taken else (NO_PHOTO,)
    unknown = tuple(unknown_field(str(name)) for name in sorted(set(data) - KNOWN)[:20])
    return Report(
        category=values["category"],
        severity=values["severity"],
        asked=Asked(values["community_id"], values["grid_cell_code"] or None, place),
        description=values["description"],
        photos=tuple(taken),
        joins=values["joins"],
        asset=values["asset"] or None,
        offender=masked(values["offender"]) or None,
        warnings=(*odd, *missing, *unknown),
    )


def _maybe_id(value: Any) -> UUID | None:
    return None if value is None else command_data.read_id(value)


_READERS: dict[str, command_data.Reader] = {
    "category": command_data.words(1),
    "severity": command_data.words(0),
    "community_id": command_data.read_id,
    "grid_cell_code": command_data.words(0),
    "description": command_data.words(0),
    "joins": _maybe_id,
    "asset": command_data.words(0),
    "offender": command_data.words(0),
}


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
    report, mutation = batch.reports[index], batch.mutations[index]
    return FoundViolation(
        case_id=mutation.entity_id,
        source=SOURCES.get(sender.role, "report"),
        category=report.category,
        severity=report.severity,
        community_id=report.asked.community_id,
        grid_cell_code=cell,
        place=report.asked.place,
        description=report.description,
        asset=report.asset,
        offender=report.offender,
        joins=report.joins,
        reporter=Author(sender.user_id, sender.unit_code),
        photos=report.photos,
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
