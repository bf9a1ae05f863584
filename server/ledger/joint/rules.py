"""What becomes of a joint action, and whose word each step is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.ledger.errors import NotNow
from server.problems import NotYours

# What each command leads from and to; concluding leads to success or failure.
NEXT: Mapping[str, Mapping[str, str]] = {
    "joint.accept": {"proposed": "accepted"},
    "joint.decline": {"proposed": "declined"},
    "joint.record_result": {"accepted": "accepted"},
    "joint.conclude": {"accepted": "concluded"},
}
STATES = ("proposed", "accepted", "declined", "succeeded", "failed")
STATES_ZH: Mapping[str, str] = {
    "proposed": "待决定",
    "accepted": "已决定开展",
    "declined": "不开展",
    "succeeded": "已办结",
    "failed": "未奏效",
}
LIVE = ("proposed", "accepted")
RIGHTS: Mapping[str, str] = {
    "joint.accept": "joint.decide",
    "joint.decline": "joint.decide",
    "joint.conclude": "joint.decide",
    "joint.record_result": "joint.record_result",
}
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Action:
    """A joint action as its rules see it; `division` is the official code of the subdistrict."""

    joint_action_id: UUID
    subdistrict_unit: str
    division: str | None
    state: str
    version: int
    participants: frozenset[str]
    told: frozenset[str]


def covers(actor: Actor, right: str, action: Action) -> bool:
    """Return whether a right of the actor reaches the action; a unit's, what it takes part in."""
    try:
        found = reach(actor, right)
    except NotYours:
        return False
    if found is Reach.COUNTY:
        return True
    takes_part = actor.unit_code in action.participants or actor.unit_code == action.subdistrict_unit
    if found is Reach.SUBDISTRICT:
        return takes_part or (action.division or "").startswith(actor.division_code or "-")
    return takes_part and found in (Reach.UNIT, Reach.NEIGHBOURHOOD)


def permitted(action: Action, command: str, actor: Actor) -> None:
    """Refuse a command that the action's state does not know or that is not the actor's to give.

    Raises:
        NotYours: the decision is the subdistrict's, a result a participant's.
        NotNow: the state does not know the command.
    """
    if not covers(actor, RIGHTS[command], action):
        raise NotYours("This is not yours to decide.", "此事项无权由您办理。")
    if command == "joint.record_result" and actor.unit_code not in action.participants:
        raise NotYours("Only participants record results.", "只有参与单位可以登记处理结果。")
    if action.state not in NEXT[command]:
        raise NotNow(
            f"A joint action that is {action.state} does not take {command}. Read it anew.",
            f"联合执法当前为“{STATES_ZH[action.state]}”，不能执行此操作（{command}），请刷新后再操作。",
        )
    silent = sorted(action.participants - action.told)
    if command == "joint.conclude" and silent:
        raise NotNow(
            f"No result yet from {', '.join(silent)}.", f"{'、'.join(silent)} 尚未登记处理结果，不能结束。"
        )
