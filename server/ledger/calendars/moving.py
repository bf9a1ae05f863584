"""The present deadline of a case by any calendar: its history told again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.ledger.clocks import Clock
from server.ledger.facts import Deadline

# Entries that begin the limit; all others that tell a deadline had it from a person, but for a resumption.
ANEW = frozenset(("case.file", "case.check", "case.reopen"))


@dataclass(frozen=True, slots=True)
class Step:
    """An entry that set a limit or a deadline, or stopped the clock or let it run."""

    command: str
    from_state: str
    to_state: str
    at: datetime
    facts: Mapping[str, Any]


def deadline_by(clock: Clock, steps: Iterable[Step]) -> Deadline | None:
    """Return the deadline to which these steps lead; one that a person set stays, None where none was set."""
    amount, unit, paused_at = 0, "", None
    found: Deadline | None = None
    for step in steps:
        amount = step.facts.get("limit_amount", amount)
        unit = step.facts.get("limit_unit", unit)
        if "due_at" in step.facts:
            found = _next(clock, step, found, paused_at, amount, unit)
        if step.to_state != "suspended":
            paused_at = None
        elif step.from_state != "suspended":
            paused_at = step.at
    return found


def _next(
    clock: Clock, step: Step, standing: Deadline | None, paused_at: datetime | None, amount: int, unit: str
) -> Deadline | None:
    if step.command == "case.move_deadline":
        return standing
    if step.command in ANEW and amount:
        return clock.deadline(step.at, amount, unit)
    if step.command == "case.resume" and paused_at is not None and standing is not None:
        due = clock.after_pause(standing.due_at, paused_at, step.at, unit)
        hours = "wh" if unit == "wd" else unit
        return Deadline(due, min(clock.after_pause(standing.yellow_at, paused_at, step.at, hours), due))
    due = datetime.fromisoformat(step.facts["due_at"])
    told = step.facts.get("yellow_at")
    return Deadline(
        due, datetime.fromisoformat(told) if told else step.at + (due - step.at) * clock.yellow_share
    )
