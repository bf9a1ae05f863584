"""The grammar of conditions: read from JSON once, then asked many times."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol

from checklists.model import Condition, Operand

NUMBERS = frozenset(("gte", "gt", "lte", "lt"))
DATES = frozenset(("older_than_days", "older_than_work_days", "before_today", "within_days"))
FITS: Mapping[str, frozenset[str]] = {
    "gte": frozenset(("num",)),
    "gt": frozenset(("num",)),
    "lte": frozenset(("num",)),
    "lt": frozenset(("num",)),
    "eq": frozenset(("yn", "num", "one", "text")),
    "any_of": frozenset(("one", "many")),
    "missing_any": frozenset(("many",)),
    "older_than_days": frozenset(("date",)),
    "older_than_work_days": frozenset(("date",)),
    "before_today": frozenset(("date",)),
    "within_days": frozenset(("date",)),
}
WORLDLY = DATES | {"seen_before"}
WORDS = frozenset(FITS) | {"item", "ratio_to", "answered", "seen_before", "and", "or"}


class Answered(Protocol):
    """What a condition must know of an answer."""

    @property
    def state(self) -> str:
        """`value`, `na` or `not_inspected`."""

    @property
    def value(self) -> Any:
        """The checked value, None without one."""


class Scope(Protocol):
    """Where a condition looks around: the instance first, then the inspection, then the world."""

    def answer(self, code: str) -> Answered | None:
        """Return the answer to another item, None when blank."""

    def today(self) -> date:
        """Return the local day of the judgement."""

    def work_days_since(self, day: date) -> int:
        """Return the work days after `day` up to today."""

    def fact(self, name: str) -> float | None:
        """Return what is known of the asset in question."""

    def first_seen_on(self) -> date | None:
        """Return the day on which the thing in this instance was first seen."""


class FormScope:
    """The world of a skip rule: the answers beside it, no more (lint keeps dates and sightings out)."""

    def __init__(self, answers: Mapping[str, Answered]) -> None:
        self._answers = answers

    def answer(self, code: str) -> Answered | None:
        """Return the answer beside it."""
        return self._answers.get(code)

    def today(self) -> date:
        """Return no real day."""
        return date.min

    def work_days_since(self, day: date) -> int:
        """Return none."""
        return 0

    def fact(self, name: str) -> float | None:
        """Return nothing."""
        return None

    def first_seen_on(self) -> date | None:
        """Return nothing."""
        return None


def condition_from(document: Mapping[str, Any]) -> Condition:
    """Read a condition that lint has found in order."""
    return Condition(
        tests=tuple((word, _operand(operand)) for word, operand in document.items() if word in FITS),
        item=document.get("item"),
        ratio_to=document.get("ratio_to"),
        answered=document.get("answered"),
        seen_before_days=document["seen_before"]["days"] if "seen_before" in document else None,
        both=tuple(condition_from(part) for part in document.get("and", ())),
        either=tuple(condition_from(part) for part in document.get("or", ())),
    )


def _operand(raw: Any) -> Any:
    if isinstance(raw, Mapping):
        return Operand(raw["fact"], raw["default"])
    return frozenset(raw) if isinstance(raw, list) else raw


def holds(condition: Condition, answer: Answered | None, scope: Scope) -> bool:
    """Tell whether a condition holds for an answer; a blank or missing answer meets no test."""
    if condition.item is not None:
        answer = scope.answer(condition.item)
    if condition.answered is not None and not _is(answer, "value" if condition.answered else "not_inspected"):
        return False
    if condition.tests and not _passes(condition, answer, scope):
        return False
    if condition.seen_before_days is not None and not _seen(scope, condition.seen_before_days):
        return False
    if not all(holds(part, answer, scope) for part in condition.both):
        return False
    return not condition.either or any(holds(part, answer, scope) for part in condition.either)


def _is(answer: Answered | None, state: str) -> bool:
    return answer is not None and answer.state == state


def _seen(scope: Scope, days: int) -> bool:
    first = scope.first_seen_on()
    return first is not None and (scope.today() - first).days >= days


def _passes(condition: Condition, answer: Answered | None, scope: Scope) -> bool:
    if answer is None or answer.value is None:
        return False
    value = answer.value
    if condition.ratio_to is not None:
        whole = scope.answer(condition.ratio_to)
        if whole is None or not whole.value:
            return False
        value = value / whole.value
    return all(TESTS[word](value, _resolved(operand, scope), scope) for word, operand in condition.tests)


def _resolved(operand: Any, scope: Scope) -> Any:
    if not isinstance(operand, Operand):
        return operand
    known = scope.fact(operand.fact)
    return operand.default if known is None else known


def _any_of(value: Any, wanted: Any, _scope: Scope) -> bool:
    return not wanted.isdisjoint(value) if isinstance(value, list) else value in wanted


def _age_days(value: str, scope: Scope) -> int:
    return (scope.today() - date.fromisoformat(value)).days


TESTS: Mapping[str, Callable[[Any, Any, Scope], bool]] = {
    "gte": lambda value, bound, _: value >= bound,
    "gt": lambda value, bound, _: value > bound,
    "lte": lambda value, bound, _: value <= bound,
    "lt": lambda value, bound, _: value < bound,
    "eq": lambda value, other, _: value == other,
    "any_of": _any_of,
    "missing_any": lambda value, wanted, _: not wanted.issubset(value),
    "older_than_days": lambda value, days, scope: _age_days(value, scope) > days,
    "older_than_work_days": lambda value, days, scope: (
        scope.work_days_since(date.fromisoformat(value)) > days
    ),
    "before_today": lambda value, wanted, scope: (_age_days(value, scope) > 0) is wanted,
    "within_days": lambda value, days, scope: -_age_days(value, scope) <= days,
}
