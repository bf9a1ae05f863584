"""Categories and severities that were chosen in answers, held against the category table."""

from collections.abc import Iterator

from checklists.answers import Answer, Reading
from checklists.context import Context, Scope
from checklists.errors import Fault
from checklists.model import From, Item, Outcome, Template


def impossible_pairs(template: Template, reading: Reading, context: Context) -> list[Fault]:
    """Return a fault for every chosen category and severity that the table does not pair."""
    return [
        fault
        for item in template.items
        if item.code in reading.answers
        for outcome in _chosen(item)
        for fault in _faults(outcome, item, reading.answers[item.code], reading, context)
    ]


def _chosen(item: Item) -> Iterator[Outcome]:
    for part in (item, *item.items):
        for judgement in part.judgements:
            if isinstance(judgement.outcome.category, From) or isinstance(judgement.outcome.severity, From):
                yield judgement.outcome


def _faults(
    outcome: Outcome, item: Item, answer: Answer, reading: Reading, context: Context
) -> Iterator[Fault]:
    blamed = outcome.severity if isinstance(outcome.severity, From) else outcome.category
    for instance in answer.instances if item.items else (None,):
        scope = Scope(reading, context, item, instance)
        category, severity = scope.resolve(outcome.category), scope.resolve(outcome.severity)
        known = context.pairs.get(category, frozenset())
        if isinstance(blamed, From) and None not in (category, severity) and severity not in known:
            within = "" if instance is None else f"{item.code}/instances/{instance.index}/"
            yield Fault(
                f"{reading.base}/{within}{blamed.item}",
                f"{category} has no severity {severity}: choose {', '.join(sorted(known))}.",
                f"类别“{category}”没有等级 {severity}：可选 {'、'.join(sorted(known))}。",
            )
