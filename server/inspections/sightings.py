"""Things that a checklist asks about twice: which were seen now, and how they are told apart. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from checklists.answers import Answer, Instance, Reading
from checklists.conditions import holds
from checklists.context import Context, Scope
from checklists.model import Condition, Item, Template

# What was seen half a year ago is another story.
COUNTED_DAYS = 180
NAMES = ("text", "ref")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A thing in one instance of a group that was seen as a judgement asks.

    Attributes:
        flag: the item that was answered so, with its value.
        name: the item that names the thing: the group's first text or reference.
        thing: what was named there, without blanks and in capitals.
    """

    group: str
    instance: int
    flag: str
    value: Any
    name: str
    thing: str


def asks_twice(template: Template) -> bool:
    """Return whether any judgement depends on an earlier sighting."""
    return any(_watched(group) for group in template.items)


def sightings(template: Template, reading: Reading, context: Context) -> list[Sighting]:
    """Return the things seen so now; one that nothing names cannot be told from another and is left out."""
    return [
        found
        for group in template.items
        for flag, condition in _watched(group)
        for instance in _instances(reading, group)
        for found in _sighting(group, flag, condition, instance, Scope(reading, context, group, instance))
    ]


def _instances(reading: Reading, group: Item) -> tuple[Instance, ...]:
    answer = reading.answers.get(group.code)
    return () if answer is None else answer.instances


def _watched(group: Item) -> list[tuple[Item, Condition]]:
    return [
        (flag, judgement.when)
        for flag in group.items
        for judgement in flag.judgements
        if judgement.when.seen_before_days is not None
    ]


def _sighting(
    group: Item, flag: Item, condition: Condition, instance: Instance, scope: Scope
) -> Iterator[Sighting]:
    answer: Answer | None = instance.answers.get(flag.code)
    name = next((item for item in group.items if item.type in NAMES), None)
    named = None if name is None else instance.answers.get(name.code)
    if answer is None or name is None or named is None or named.value is None:
        return
    thing = "".join(str(named.value).split()).upper()
    if thing and holds(replace(condition, seen_before_days=None), answer, scope):
        yield Sighting(group.code, instance.index, flag.code, answer.value, name.code, thing)
