"""From a row of a sheet or a pasted block to a work order, or to what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from server.complaints.hotline.fields import SATISFIED, SOLVED
from server.complaints.hotline.limits import Limit, Rules, limit_of, local_day
from server.ledger.clocks import Clock
from server.sheets.cells import CellFault
from server.sheets.rows import CheckedRow

# Clocks of two systems differ; a call of tomorrow is a slip.
AHEAD = timedelta(hours=1)
WORDS = ("kind", "title", "content", "address", "handling_unit")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an order had ended before it came here, as far as the sheet tells."""

    reply: str | None
    replied_at: datetime | None
    contacted_on: date | None
    satisfied: str | None
    solved: str | None
    return_reason: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """One order as it came in.

    Attributes:
        row: the number of its row, as Excel counts, or of its first line.
        words: kind, title, content, address and handling unit, as far as they are told.
        caller, phone: None where the sheet says nothing of them.
        limit: the clock; `limit_told` says whether the sheet named it.
    """

    row: int
    order_no: str
    called_at: datetime
    dispatched_at: datetime
    words: Mapping[str, str]
    caller: str | None
    phone: str | None
    limit: Limit
    limit_told: bool
    dispatch_told: bool
    outcome: Outcome


def read_order(row: CheckedRow, rules: Rules, clock: Clock, now: datetime) -> Given | None:
    """Return the order that a row tells; None when something is wrong, which the row then notes."""
    held = row.values
    called, dispatched = held.get("called_at"), held.get("dispatched_at")
    if called is None or held.get("order_no") is None or held.get("content") is None:
        return None
    called, dispatched = called.astimezone(UTC), (dispatched or called).astimezone(UTC)
    if called > now + AHEAD:
        row.wrong("called_at", "lies in the future", "晚于当前时间")
    if dispatched < called:
        row.wrong("dispatched_at", "lies before the call", "早于来电时间")
        return None
    try:
        limit = limit_of(str(held.get("due", "")), dispatched, rules, clock)
    except CellFault as wrong:
        row.wrong("due", wrong.detail, wrong.detail_zh)
        return None
    outcome = _outcome(row, called, now)
    if row.faults:
        return None
    return Given(
        row=row.row,
        order_no=held["order_no"],
        called_at=called,
        dispatched_at=dispatched,
        words={name: held[name] for name in WORDS if name in held},
        caller=held.get("caller"),
        phone=held.get("phone"),
        limit=limit,
        limit_told="due" in held,
        dispatch_told="dispatched_at" in held,
        outcome=outcome,
    )


def _outcome(row: CheckedRow, called: datetime, now: datetime) -> Outcome:
    held = row.values
    contacted, replied = held.get("contacted_on"), held.get("replied_at")
    if contacted is not None and not local_day(called) <= contacted <= local_day(now):
        row.wrong("contacted_on", "lies before the call or after today", "早于来电日或晚于今日")
    if replied is not None and not called <= replied <= now + AHEAD:
        row.wrong("replied_at", "lies before the call or in the future", "早于来电时间或晚于当前时间")
    return Outcome(
        held.get("reply"),
        replied.astimezone(UTC) if replied else None,
        contacted,
        held.get("satisfied"),
        held.get("solved"),
        held.get("return_reason"),
    )


Entry = tuple[str, str, str, dict[str, Any]]


def outcome_entries(given: Outcome, state: str) -> list[Entry]:
    """Return what the history of an order in this state still lacks of an outcome.

    What fits no step, such as a contact without an answer, is kept as a note.
    """
    found: list[Entry] = []
    if given.reply is not None and state in ("received", "in_progress"):
        if state == "received":
            found.append(("hotline.accept", "received", "in_progress", {}))
        found.append(("hotline.reply", "in_progress", "replied", _reply(given)))
        state = "replied"
        contact = (given.contacted_on, given.satisfied, given.solved)
        if None not in contact:
            told = dict(zip(("contacted_on", "satisfied", "solved"), map(str, contact), strict=True))
            return [*found, ("hotline.contact", "replied", "closed", told)]
    elif given.return_reason is not None and state in ("received", "in_progress"):
        return [("hotline.return", state, "returned", {"reason": given.return_reason})]
    elif state not in ("received", "in_progress"):
        return []
    loose = _loose(given)
    return [*found, ("hotline.note", state, state, {"text": loose})] if loose else found


def _reply(given: Outcome) -> dict[str, str]:
    at = given.replied_at.isoformat() if given.replied_at else None
    if at is None and given.contacted_on is not None:
        at = datetime.combine(given.contacted_on, datetime.min.time()).isoformat() + "+08:00"
    return {"reply": given.reply or ""} | ({"replied_at": at} if at else {})


def _loose(given: Outcome) -> str:
    told = {
        "联系时间": given.contacted_on and given.contacted_on.isoformat(),
        "是否满意": given.satisfied and SATISFIED[given.satisfied][0],
        "是否解决": given.solved and SOLVED[given.solved][0],
    }
    return "；".join(f"{name}：{words}" for name, words in told.items() if words)
