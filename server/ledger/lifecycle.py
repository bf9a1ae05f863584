"""What a command makes of a case: decided from values alone, no database and no clock.

`NEXT` is the one table of states and commands; the database holds the same rows in `server.case_transition`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from server.auth.actor import Actor
from server.auth.rules import REACH
from server.ledger.errors import SamePerson, StateForbids, UnknownCommand
from server.ledger.facts import CaseFacts, Command, Decision, Known
from server.ledger.guards import GUARDS, person_guard
from server.ledger.states import ENDED_STATES, OPEN_STATES
from server.problems import NotYours

Signal = Literal["green", "yellow", "red"]

FACTS = (
    "case.note",
    "case.record_refusal",
    "case.report_dissuaded",
    "case.record_disposition",
    "case.join",
    "case.raise_level",
    "case.attach_photos",
    "case.copy",
    "case.joint_action",
    "case.move_deadline",
    "case.move_cell",
)
CHECKING_ROLES = frozenset(REACH["case.check"])
BY_ITSELF = (
    "case.join",
    "case.raise_level",
    "case.attach_photos",
    "case.copy",
    "case.joint_action",
    "case.move_deadline",
    "case.move_cell",
)
# Entries after which a decision taken on the version before them still stands.
NEUTRAL = frozenset(("case.note", *BY_ITSELF))
# Entries that leave the version as it was: nobody decided anything.
SILENT = frozenset(BY_ITSELF)

_STEPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "": {"case.report": ("reported",), "case.import": ("reported", "closed")},
    "reported": {
        "case.ask_verification": ("verifying",),
        "case.decline": ("declined",),
        "case.merge": ("merged",),
        "case.file": ("filed",),
    },
    "verifying": {"case.verify": ("reported",)},
    "filed": {"case.dispatch": ("dispatched",)},
    "dispatched": {
        "case.accept": ("in_progress",),
        "case.return": ("dispatched",),
        "case.decide": ("filed",),
    },
    "in_progress": {
        "case.claim_fixed": ("closeout_requested",),
        "case.return": ("in_progress",),
        "case.request_extension": ("in_progress",),
        "case.suspend": ("in_progress",),
        "case.decide": ("filed", "suspended"),
    },
    "suspended": {"case.resume": ("in_progress",)},
    "closeout_requested": {
        "case.assign_check": ("checking",),
        "case.withdraw_claim": ("in_progress",),
    },
    "checking": {"case.check": ("check_passed", "in_progress")},
    "check_passed": {"case.close": ("closed",)},
    # Departments finish by law what they began, whoever has mended meanwhile; a remark is made at any time.
    "closed": {
        "case.reopen": ("in_progress",),
        "case.record_disposition": ("closed",),
        "case.joint_action": ("closed",),
        "case.note": ("closed",),
    },
    "transferred": {
        "case.record_disposition": ("transferred",),
        "case.joint_action": ("transferred",),
        "case.note": ("transferred",),
    },
    **{state: {"case.note": (state,)} for state in ENDED_STATES if state not in ("closed", "transferred")},
}


def _everywhere(state: str) -> Mapping[str, tuple[str, ...]]:
    """Return what every open case takes, beside the steps of its own state."""
    steps = _STEPS[state]
    decided = (*steps.get("case.decide", ()), state, "voided")
    ends = {"case.void": (state,), "case.decide": decided, "case.transfer": ("transferred",)}
    return {**dict.fromkeys(FACTS, (state,)), **ends}


NEXT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    state: {**steps, **(_everywhere(state) if state in OPEN_STATES else {})}
    for state, steps in _STEPS.items()
}
# What people may order; the rest the product writes by itself.
ORDERS = (
    "case.file",
    "case.dispatch",
    "case.accept",
    "case.claim_fixed",
    "case.assign_check",
    "case.check",
    "case.close",
    "case.record_refusal",
    "case.note",
    "case.ask_verification",
    "case.verify",
    "case.decline",
    "case.merge",
    "case.return",
    "case.request_extension",
    "case.suspend",
    "case.void",
    "case.decide",
    "case.resume",
    "case.withdraw_claim",
    "case.reopen",
    "case.transfer",
    "case.report_dissuaded",
    "case.record_disposition",
)


def signal(yellow_at: datetime | None, due_at: datetime | None, at: datetime) -> Signal:
    """Return green up to 80 % of the limit, yellow to its end, red beyond; green while no clock runs."""
    if yellow_at is None or due_at is None or at <= yellow_at:
        return "green"
    return "yellow" if at <= due_at else "red"


def permits(state: str, command: str) -> bool:
    """Return whether a case in this state takes the command at all."""
    return command in NEXT[state]


def seen_by(case: CaseFacts, base_version: int | None, actor_id: UUID) -> bool:
    """Return whether nothing happened after `base_version` that the sender has not seen or need not see."""
    if base_version is None or base_version > case.version:
        return False
    unseen = (entry for entry in case.past if entry.version > base_version)
    return all(entry.command in NEUTRAL or entry.actor_id == actor_id for entry in unseen)


def decide(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Return what the command changes.

    Args:
        data: the command's data, already read by `command_data.read`.

    Raises:
        UnknownCommand, StateForbids, NotYours, SamePerson, EvidenceMissing, InvalidInput: it may not be.
    """
    guard = GUARDS.get(command.type)
    if guard is None:
        raise UnknownCommand(command.type)
    if not permits(case.state, command.type):
        raise StateForbids(command.type, case.state)
    decision = guard(case, command, data, actor, now, known)
    if decision.to_state not in NEXT[case.state][command.type]:
        raise StateForbids(command.type, case.state)
    return decision


def may_order(case: CaseFacts, command: str, actor: Actor) -> bool:
    """Return whether the persons' guards let the actor order this now; for the buttons of a page."""
    if not permits(case.state, command):
        return False
    try:
        person_guard(case, command, actor)
    except (NotYours, SamePerson):
        return False
    return True
