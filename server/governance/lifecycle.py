"""What a command makes of a vote: decided from values alone.

`NEXT` is the one table of states and commands; the database holds the same rows in `server.vote_transition`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.governance.errors import VoteMovedOn, VoteNotNow, VoteStateForbids

_VOID = {"vote.void": "void"}
NEXT: Mapping[str, Mapping[str, str]] = {
    "": {"vote.draft": "draft"},
    "draft": {"vote.edit": "draft", "vote.register": "draft", "vote.open": "open", **_VOID},
    "open": {"vote.count": "counted", **_VOID},
    "counted": {"vote.publish": "published", **_VOID},
    "published": {
        "vote.object": "published",
        "vote.answer": "published",
        "vote.decide": "decided",
        **_VOID,
    },
    "decided": {},
    "void": {},
}
STATES = tuple(state for state in NEXT if state)
FACTS = frozenset(("vote.object", "vote.answer"))
"""What others may have written meanwhile without disturbing: their order does not matter."""


@dataclass(frozen=True, slots=True)
class VoteFacts:
    """A vote as decisions see it.

    Attributes:
        owners, areas_missing: owners in the register, and units without an area.
        unsettled: ballots that were entered once only, or twice and differently.
        unanswered: objections without an answer.
    """

    state: str
    version: int
    closes_on: date | None
    objections_until: date | None
    owners: int
    areas_missing: int
    unsettled: int
    unanswered: int


def decide(vote: VoteFacts, command: str, base_version: int, data: Mapping[str, Any], day: date) -> str:
    """Return the state to which the command leads on a local day.

    Raises:
        VoteStateForbids: the state does not know it. VoteMovedOn: something happened since `base_version`.
        VoteNotNow: something has to be there, or to be over, first.
    """
    to_state = NEXT[vote.state].get(command)
    if to_state is None:
        raise VoteStateForbids(command, vote.state)
    if command not in FACTS and base_version != vote.version:
        raise VoteMovedOn(base_version, vote.version)
    hindrance = _hindrance(vote, command, data, day)
    if hindrance is not None:
        raise VoteNotNow(*hindrance)
    return to_state


def _hindrance(vote: VoteFacts, command: str, data: Mapping[str, Any], day: date) -> tuple[str, str] | None:
    if command == "vote.open" and not vote.owners:
        return "Take in the owners' register first.", "请先录入业主名册。"
    if command == "vote.open" and vote.areas_missing and data.get("by_area"):
        told = vote.areas_missing
        return f"{told} units have no area; an assembly counts areas.", f"有 {told} 户缺少专有部分面积。"
    if command == "vote.count" and vote.closes_on is not None and day < vote.closes_on:
        return f"Ballots are taken until {vote.closes_on}.", f"表决截止日为 {vote.closes_on}，尚未结束。"
    if command == "vote.count" and vote.unsettled:
        told = vote.unsettled
        return (
            f"{told} ballots were entered once only, or twice and differently. Settle them first.",
            f"有 {told} 张表决票尚未双人录入或两次录入不一致，请先核对。",
        )
    if command == "vote.decide" and vote.objections_until is not None and day <= vote.objections_until:
        return (
            f"Objections are taken until {vote.objections_until}.",
            f"公示异议期至 {vote.objections_until}，尚未结束。",
        )
    if command == "vote.decide" and vote.unanswered:
        return "Answer every objection first.", f"还有 {vote.unanswered} 条异议未答复。"
    return None
