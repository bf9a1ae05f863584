"""What judging is told beside the answers, and what one judgement sees of it all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from checklists.answers import Answer, Instance, Reading
from checklists.categories import Pairs, packaged_pairs
from checklists.model import From, Item
from checklists.workcalendar import WorkCalendar

SHAPES = ("pt", "ln", "pg")


@dataclass(frozen=True, kw_only=True)
class Context:
    """What judging must know beside the answers.

    Attributes:
        today: the local day (Asia/Shanghai) of the inspection.
        calendar: counts work days; without one, Monday to Friday.
        pairs: the severities of each category; the shipped table when left out.
        first_seen: by (group code, instance index) the day the thing was first seen so, for `seen_before`.
        facts: by (asset, name) numbers that replace a default, such as a lift's own maintenance interval.
    """

    today: date
    calendar: WorkCalendar | None = None
    pairs: Pairs = field(default_factory=packaged_pairs)
    first_seen: Mapping[tuple[str, int], date] = field(default_factory=dict)
    facts: Mapping[tuple[str, str], float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one judgement sees: the instance, the inspection around it, the world around that."""

    reading: Reading
    context: Context
    top: Item
    instance: Instance | None = None

    def answer(self, code: str) -> Answer | None:
        """Return the answer to an item of the instance, else of the inspection."""
        near = None if self.instance is None else self.instance.answers.get(code)
        return self.reading.answers.get(code) if near is None else near

    def today(self) -> date:
        """Return the day of the inspection."""
        return self.context.today

    def work_days_since(self, day: date) -> int:
        """Return the work days after `day` up to today."""
        if self.context.calendar is not None:
            return self.context.calendar.work_days_between(day, self.context.today)
        span = range(min(max((self.context.today - day).days, 0), 400))
        return sum((day + timedelta(days=ahead + 1)).weekday() < 5 for ahead in span)

    def fact(self, name: str) -> float | None:
        """Return a number known of the asset."""
        return self.context.facts.get((self.asset() or "", name))

    def first_seen_on(self) -> date | None:
        """Return when the thing in this instance was first seen."""
        return (
            None
            if self.instance is None
            else self.context.first_seen.get((self.top.code, self.instance.index))
        )

    def asset(self) -> str | None:
        """Return the first building, entrance, lift or facility that the instance names."""
        asset: str | None = self._first("ref")
        return asset

    def shape(self, item: Item, answer: Answer, named: str | None) -> Any:
        """Return the drawing of the place: of the item named, else the answer, else of the instance."""
        if named is not None:
            drawn = self.answer(named)
            return None if drawn is None else drawn.value
        return answer.value if item.type in SHAPES else self._first(*SHAPES)

    def resolve(self, source: Any) -> Any:
        """Return a constant as it is, and `{"from": item}` as what was answered there."""
        if not isinstance(source, From):
            return source
        answer = self.answer(source.item)
        return None if answer is None else answer.value

    def _first(self, *types: str) -> Any:
        if self.instance is None:
            return None
        fields = self.top.fields
        values = (part.value for code, part in self.instance.answers.items() if fields[code].type in types)
        return next((value for value in values if value is not None), None)
