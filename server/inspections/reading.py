"""Reading the data of `inspection.create`: values out, or pointers and mends. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from checklists.answers import Answer, Reading
from checklists.context import Context
from checklists.judge import Finding, beside, examine
from checklists.liability import ProblemFacts
from checklists.model import Template
from server.inspections.errors import InvalidAnswers
from server.inspections.times import Span
from server.ledger.command_data import Wrong, invalid, read_id, read_place, words
from server.ledger.facts import Place
from server.ledger.outcomes import unknown_field
from server.photos.claims import ClaimedPhoto, read_photos
from server.problems import InvalidInput
from sync.mutations import Warning

KNOWN = frozenset(
    (
        "checklist",
        "checklist_version",
        "community_id",
        "grid_cell_code",
        "location",
        "started_at",
        "finished_at",
        "answers",
        "photos",
    )
)
Fault = dict[str, str]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around the answers of an inspection."""

    checklist: str
    checklist_version: str
    community_id: UUID
    grid_cell_code: str | None
    place: Place | None
    started_at: datetime | None
    finished_at: datetime | None
    photos: tuple[ClaimedPhoto, ...]
    warnings: tuple[Warning, ...]

    @property
    def span(self) -> Span:
        """Return when it began and ended, by the tablet's clock."""
        return Span(self.started_at, self.finished_at)


@dataclass(frozen=True, slots=True)
class Judged:
    """What follows from the answers: violations with their place, all photos named, and what is odd.

    `others` are tasks, deductions, refusals and gates; `asked` the top items that were answered;
    `problems` tell for each violation what was answered of who must repair.
    """

    violations: tuple[tuple[Finding, Place | None], ...]
    photos: tuple[ClaimedPhoto, ...]
    warnings: tuple[Warning, ...]
    others: tuple[Finding, ...] = ()
    asked: frozenset[str] = frozenset()
    problems: tuple[ProblemFacts, ...] = ()


def read_head(data: Mapping[str, Any], outline: BaseGeometry) -> Head:
    """Return what stands around the answers.

    Raises:
        InvalidInput: `errors` point at what cannot be read.
    """
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for name, reader in _READERS.items():
        try:
            values[name] = reader(data.get(name))
        except Wrong as wrong:
            faults.append({"pointer": f"/data/{name}", "detail": wrong.detail, "detail_zh": wrong.detail_zh})
    place, odd = _read_location(data, outline, faults)
    taken: list[ClaimedPhoto] = []
    try:
        taken = read_photos(data.get("photos") or [], "/data/photos", "before")
    except InvalidInput as wrong_photos:
        faults += wrong_photos.errors
    if faults:
        raise invalid(faults)
    started, odd_start = _instant(data, "started_at")
    finished, odd_end = _instant(data, "finished_at")
    unknown = tuple(unknown_field(str(name)) for name in sorted(set(data) - KNOWN)[:20])
    return Head(
        checklist=values["checklist"],
        checklist_version=values["checklist_version"],
        community_id=values["community_id"],
        grid_cell_code=values["grid_cell_code"] or None,
        place=place,
        started_at=started,
        finished_at=finished,
        photos=tuple(taken),
        warnings=(*odd, *odd_start, *odd_end, *Span(started, finished).warnings(), *unknown),
    )


_READERS: dict[str, Any] = {
    "checklist": words(0),
    "checklist_version": words(1),
    "community_id": read_id,
    "grid_cell_code": words(0),
}


def _read_location(
    data: Mapping[str, Any], outline: BaseGeometry, faults: list[Fault]
) -> tuple[Place | None, tuple[Warning, ...]]:
    if data.get("location") in (None, {}):
        return None, ()
    try:
        return read_place(data["location"], outline)
    except InvalidInput as wrong:
        faults += wrong.errors
        return None, ()


def _instant(data: Mapping[str, Any], name: str) -> tuple[datetime | None, tuple[Warning, ...]]:
    value = data.get(name)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is not None and 1970 <= moment.year <= 9000:
        return moment, ()
    if value is None:
        return None, ()
    detail = "is no moment with an offset from UTC; the time of receipt counts"
    return None, (Warning("odd-time", f"/data/{name}", detail, "不是带时区的时间，以收到时间为准"),)


def judge_answers(
    template: Template, answers: Any, head: Head, context: Context, outline: BaseGeometry
) -> Judged:
    """Return what follows from the answers.

    Raises:
        InvalidAnswers: `errors` name each item that cannot be read.
    """
    verdict = examine(template, answers, context, base="/data/answers")
    if verdict.faults:
        raise InvalidAnswers(
            "The answers cannot be read; mend what the pointers name.",
            "作答无法读取，请按指针改正。",
            errors=[fault.as_dict() for fault in verdict.faults[:100]],
        )
    odd = tuple(Warning(one.type, one.pointer, one.detail, one.detail_zh) for one in verdict.warnings)
    violations = []
    for finding in verdict.findings:
        if finding.kind == "violation":
            place, more = _place_of(finding, head, outline)
            violations.append((finding, place))
            odd = (*odd, *more)
    named = (*head.photos, *_only_in_answers(template, verdict.reading, head))
    others = tuple(finding for finding in verdict.findings if finding.kind != "violation")
    asked = frozenset(code for code, answer in verdict.reading.answers.items() if answer.state == "value")
    problems = tuple(ProblemFacts.of(beside(verdict.reading, finding)) for finding, _ in violations)
    return Judged(tuple(violations), named, odd, others, asked, problems)


def _place_of(
    finding: Finding, head: Head, outline: BaseGeometry
) -> tuple[Place | None, tuple[Warning, ...]]:
    """Return the finding's own place, else the inspection's; a place that cannot be is warned of."""
    if not finding.location:
        return head.place, ()
    try:
        return read_place(finding.location, outline, finding.pointer)
    except InvalidInput as wrong:
        pointer = wrong.errors[0]["pointer"] if wrong.errors else finding.pointer
        return head.place, (Warning("odd-value", pointer, wrong.detail, wrong.detail_zh),)


def _only_in_answers(template: Template, reading: Reading, head: Head) -> list[ClaimedPhoto]:
    """Return the photos that answers name and the list of photos forgot."""
    listed = {photo.sha256 for photo in head.photos}
    named: dict[bytes, ClaimedPhoto] = {}
    for code, answer in reading.answers.items():
        for digest in _digests(template.fields[code].type, answer):
            named.setdefault(bytes.fromhex(digest), ClaimedPhoto(bytes.fromhex(digest), "before", code))
        for instance in answer.instances:
            fields = template.fields[code].fields
            inner = [
                digest
                for part, value in instance.answers.items()
                for digest in _digests(fields[part].type, value)
            ]
            for digest in (*instance.extras.photos, *inner):
                named.setdefault(bytes.fromhex(digest), ClaimedPhoto(bytes.fromhex(digest), "before", code))
    return [photo for sha256, photo in named.items() if sha256 not in listed]


def _digests(kind: str, answer: Answer) -> Iterator[str]:
    yield from answer.extras.photos
    if kind == "photo" and answer.value is not None:
        yield from answer.value if isinstance(answer.value, list | tuple) else (answer.value,)
