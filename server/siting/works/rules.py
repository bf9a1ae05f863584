"""Whose hand a step of measure 14 is, and until when: decided from values alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

STREET = "street"
UNITS_OF_COMMANDS: Mapping[str, str] = {
    "work.fire_review": "emergency_bureau",
    "work.power_reply": "power_company",
    "work.urge": "housing_bureau",
}
"""Bureaus and utilities do their own step only (the county's plan, measure 14); streets do it for nobody."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Who acts next in a state and within how many days; None: by the day that was promised."""

    state: str
    valid_from: date
    responsible: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is and until when; nobody's where there is nothing to do."""

    responsible: str | None = None
    due_on: date | None = None


def turn(limits: Iterable[Limit], state: str, street: str | None, day: date, promised: date | None) -> Turn:
    """Return whose turn it is once a work is in a state on a day.

    Args:
        street: the unit that answers for the place, None where there is none.
        promised: the day until which building shall be done.
    """
    held = [one for one in limits if one.state == state and one.valid_from <= day]
    if not held:
        return Turn()
    limit = max(held, key=lambda one: one.valid_from)
    responsible = street if limit.responsible == STREET else limit.responsible
    return Turn(responsible, promised if limit.days is None else day + timedelta(limit.days))


def own_step(command: str, unit_code: str) -> bool:
    """Return whether a step belongs to a unit that answers for no place."""
    return UNITS_OF_COMMANDS.get(command) == unit_code


def promised_on(data: Iterable[Mapping[str, Any]]) -> date | None:
    """Return the last day that the steps which hold promise."""
    told = [date.fromisoformat(one["expected_on"]) for one in data if one.get("expected_on")]
    return told[-1] if told else None
