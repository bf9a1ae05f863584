"""Until when an order must be answered and may be given back: by its sheet, else by the rule. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from checklists.deadlines import CALENDAR_DAYS, SHANGHAI, URGENT_HOURS, WORK_DAYS, WORK_HOURS
from server.ledger.clocks import Clock
from server.sheets.cells import CellFault, value_of
from server.sheets.columns import Column

_SPAN = re.compile(r"(\d{1,3})\s*(?:个)?\s*(工作日|工作小时|工作时|小时|自然日|日历日|天|日)(?:内|以内)?")
_UNITS: Mapping[str, str] = {
    "工作日": WORK_DAYS,
    "工作小时": WORK_HOURS,
    "工作时": WORK_HOURS,
    "小时": URGENT_HOURS,
    "自然日": CALENDAR_DAYS,
    "日历日": CALENDAR_DAYS,
    "天": CALENDAR_DAYS,
    "日": CALENDAR_DAYS,
}
_MOMENT = Column("due", "办理时限", "Limit", "instant")


@dataclass(frozen=True, slots=True)
class Rules:
    """The county's numbers: work days for the answer and for giving back, share of the limit until yellow."""

    answer_work_days: int
    return_work_days: int
    yellow_share: float


@dataclass(frozen=True, slots=True)
class Limit:
    """The clock of an order, UTC: yellow, due, and the last moment of giving it back."""

    yellow_at: datetime
    due_at: datetime
    return_due_at: datetime


def rules_of(values: Mapping[str, Decimal]) -> Rules:
    """Return the numbers in force as one value."""
    return Rules(
        int(values["answer_work_days"]), int(values["return_work_days"]), float(values["yellow_share"])
    )


def limit_of(told: str, dispatched_at: datetime, rules: Rules, clock: Clock) -> Limit:
    """Return the clock of an order that was dispatched then.

    Args:
        told: as the platform writes it: a day, a moment, "5个工作日", "24小时", or empty for the rule.

    Raises:
        CellFault: the words say no limit, or one before the order was dispatched.
    """
    due = _due(told.strip(), dispatched_at, rules, clock)
    if due < dispatched_at:
        raise CellFault("lies before the order was dispatched", "早于派单时间")
    given_back = clock.deadline(dispatched_at, rules.return_work_days, WORK_DAYS).due_at
    return Limit(yellow_between(dispatched_at, due, rules), due, min(given_back, due))


def yellow_between(start: datetime, due: datetime, rules: Rules) -> datetime:
    """Return when the county's share of the plain time between two moments has passed."""
    return start + (due - start) * rules.yellow_share


def _due(told: str, dispatched_at: datetime, rules: Rules, clock: Clock) -> datetime:
    if not told:
        return clock.deadline(dispatched_at, rules.answer_work_days, WORK_DAYS).due_at
    span = _SPAN.fullmatch(told)
    if span is not None and int(span[1]) > 0:
        return clock.deadline(dispatched_at, int(span[1]), _UNITS[span[2]]).due_at
    moment = value_of(_MOMENT, told, SHANGHAI)
    assert isinstance(moment, datetime)
    local = moment.astimezone(SHANGHAI)
    # A bare day lasts to the end of work, which no official writes beside it.
    return clock.calendar.end_of_work(local.date()) if local.time() == time() else moment


def local_day(at: datetime) -> date:
    """Return the county's day of a moment."""
    return at.astimezone(SHANGHAI).date()
