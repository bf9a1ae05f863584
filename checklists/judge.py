"""Judging: from checked answers to findings, by the rules that stand in the template itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checklists.answers import Answer, Reading, read_answers
from checklists.conditions import holds
from checklists.context import Context, Scope
from checklists.errors import AnswersFaulty, Fault
from checklists.extras import NOTHING, Extras
from checklists.model import Item, Judgement, Template
from checklists.notes import Remark
from checklists.pairs import impossible_pairs

__all__ = [
    "Context",
    "Finding",
    "Reading",
    "Verdict",
    "beside",
    "examine",
    "judge",
    "missing_evidence",
    "read_answers",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One consequence of an answer.

    Attributes:
        kind: violation, task, deduction, refusal or gate.
        group: the code of its group and `instance` the index in it, None outside a group.
        pointer: JSON pointer of the answer that it follows from.
        code: names a task or a gate; `choice` the value that a judgement `for_each` speaks of.
        photos: digests; `location` is as the tablet sent it, `shape` a GeoJSON drawing of the place.
        joins: the case that the worker named; `asset` the entrance, lift or facility that was named.
        evidence: what is asked for; `missing` what of it did not come.
    """

    kind: str
    item_code: str
    number: int | None
    group: str | None
    instance: int | None
    pointer: str
    category: str | None = None
    severity: str | None = None
    points: float | None = None
    code: str | None = None
    choice: str | None = None
    photos: tuple[str, ...] = ()
    location: Mapping[str, Any] | None = None
    shape: Mapping[str, Any] | None = None
    note: str | None = None
    joins: str | None = None
    asset: str | None = None
    evidence: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that follows from one inspection's answers; with faults there are no findings."""

    reading: Reading
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Remark, ...]


def examine(template: Template, answers: object, context: Context, *, base: str = "/answers") -> Verdict:
    """Read and judge in one go: findings, faults (refuse) and all warnings, missing evidence among them."""
    reading = read_answers(template, answers, base=base)
    faults = (*reading.faults, *impossible_pairs(template, reading, context))
    if faults:
        return Verdict(reading, (), faults, reading.warnings)
    findings = tuple(_findings(template, reading, context))
    return Verdict(reading, findings, (), (*reading.warnings, *missing_evidence(findings)))


def judge(template: Template, reading: Reading, context: Context) -> list[Finding]:
    """Return the findings in the order of the items.

    A chosen category whose severity was left blank gets its gravest one; a blank category yields nothing.

    Raises:
        AnswersFaulty: the reading has faults, or names a pair that the category table does not have.
    """
    faults = (*reading.faults, *impossible_pairs(template, reading, context))
    if faults:
        raise AnswersFaulty(faults)
    return _findings(template, reading, context)


def _findings(template: Template, reading: Reading, context: Context) -> list[Finding]:
    found: list[Finding] = []
    for item in template.items:
        answer = reading.answers.get(item.code)
        if answer is not None and item.judges:
            found += _judge_top(item, answer, reading, context)
    return found


def beside(reading: Reading, finding: Finding) -> dict[str, Any]:
    """Return the values answered beside a finding by item code: of its instance, else of the inspection."""
    answers: Mapping[str, Answer] = reading.answers
    if finding.group is not None:
        found = reading.answers[finding.group].instances
        answers = next(instance.answers for instance in found if instance.index == finding.instance)
    return {code: answer.value for code, answer in answers.items() if answer.value is not None}


def missing_evidence(findings: tuple[Finding, ...] | list[Finding]) -> list[Remark]:
    """Return a warning for every photo, paper or statement that a finding asks for and that did not come."""
    return [
        Remark(f"{kind}-missing", finding.pointer, MISSING[kind][0], MISSING[kind][1])
        for finding in findings
        for kind in finding.missing
    ]


MISSING = {
    "photo": (
        "A photo is missing: the case opens and cannot close without it.",
        "缺少照片：案件可立，补齐前不能销号。",
    ),
    "document": ("A photo of the paper is missing.", "缺少文书照片。"),
    "statement": ("A statement in the note is missing.", "缺少情况说明。"),
}


def _judge_top(item: Item, answer: Answer, reading: Reading, context: Context) -> list[Finding]:
    here = f"{reading.base}/{item.code}"
    if item.type != "group":
        return _judge_item(item, answer, Scope(reading, context, item), here, item)
    found: list[Finding] = []
    for instance in answer.instances:
        scope = Scope(reading, context, item, instance)
        there = f"{here}/instances/{instance.index}"
        found += _judge_item(item, Answer("value"), scope, there, item)
        for code, part in instance.answers.items():
            found += _judge_item(item.fields[code], part, scope, f"{there}/{code}", item)
    return found


def _judge_item(item: Item, answer: Answer, scope: Scope, here: str, top: Item) -> list[Finding]:
    return [
        finding
        for judgement in item.judgements
        if holds(judgement.when, answer, scope)
        for choice in (answer.value or () if judgement.for_each else (None,))
        for finding in _finding(judgement, item, answer, scope, here, top, choice)
    ]


def _finding(
    judgement: Judgement, item: Item, answer: Answer, scope: Scope, here: str, top: Item, choice: str | None
) -> list[Finding]:
    outcome = judgement.outcome
    category = scope.resolve(outcome.category)
    severity = scope.resolve(outcome.severity)
    if outcome.kind == "violation" and category is None:
        return []
    if category is not None and severity is None:
        severity = min(scope.context.pairs.get(category, ()), default=None)
    extras = _merged(answer.extras, scope.instance.extras if scope.instance else NOTHING)
    return [
        Finding(
            kind=outcome.kind,
            item_code=item.code,
            number=top.number,
            group=top.code if scope.instance else None,
            instance=scope.instance.index if scope.instance else None,
            pointer=here,
            category=category,
            severity=severity,
            points=scope.resolve(outcome.points),
            code=outcome.code,
            choice=choice,
            photos=extras.photos,
            location=extras.location,
            shape=scope.shape(item, answer, outcome.shape),
            note=extras.note,
            joins=extras.joins,
            asset=scope.asset(),
            evidence=item.evidence,
            missing=tuple(kind for kind in item.evidence if not _came(kind, extras)),
        )
    ]


def _merged(own: Extras, around: Extras) -> Extras:
    return Extras(
        note=own.note or around.note,
        photos=tuple(dict.fromkeys((*own.photos, *around.photos))),
        location=own.location or around.location,
        joins=own.joins or around.joins,
    )


def _came(kind: str, extras: Extras) -> bool:
    return extras.note is not None if kind == "statement" else bool(extras.photos)
