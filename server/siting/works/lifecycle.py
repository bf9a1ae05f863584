"""What a command makes of a charging work: decided from values alone.

`NEXT` and `SITE_STATUS` are the one table of states; the database holds the same rows in
`server.charging_work_transition` and `server.charging_work_state`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.siting.works.errors import WorkMovedOn, WorkStateForbids

STEPS = (
    ("work.meet", "discussed"),
    ("work.consult", "consulted"),
    ("work.fire_review", "fire_reviewed"),
    ("work.power_reply", "power_replied"),
    ("work.invest", "invested"),
    ("work.begin", "building"),
    ("work.complete", "in_service"),
)
"""The way of a site in order: each command and the state to which it leads."""
WAY = ("planned", *(state for _, state in STEPS))
REFUSABLE = frozenset(("work.fire_review", "work.power_reply"))
SITE_STATUS: Mapping[str, str] = {
    "planned": "proposed",
    "discussed": "proposed",
    "consulted": "proposed",
    "fire_reviewed": "approved",
    "power_replied": "approved",
    "invested": "approved",
    "building": "under_construction",
    "in_service": "in_service",
    "retired": "retired",
    "refused": "refused",
    "withdrawn": "candidate",
}
ENDED = frozenset(("retired", "refused", "withdrawn"))
OPEN = WAY[:-1]
"""The states in which somebody has to act."""


def _table() -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {"": {"work.take_up": ("planned",)}}
    for place, state in enumerate(WAY):
        steps: dict[str, tuple[str, ...]] = {}
        if place < len(STEPS):
            command, to = STEPS[place]
            steps[command] = (to, "refused") if command in REFUSABLE else (to,)
        if state == "building":
            steps["work.extend"] = (state,)
        if state in OPEN:
            steps["work.urge"] = (state,)
        if place > 0:
            steps["work.return"] = (WAY[place - 1],)
        if state in OPEN:
            steps["work.withdraw"] = ("withdrawn",)
        found[state] = steps
    found["in_service"]["work.retire"] = ("retired",)
    return found | {state: {"work.reopen": ("planned",)} for state in ("retired", "refused", "withdrawn")}


NEXT: Mapping[str, Mapping[str, tuple[str, ...]]] = _table()
STATES = tuple(state for state in NEXT if state)
FACTS = frozenset(("work.urge",))
"""What may be written although somebody else wrote meanwhile."""


def decide(state: str, version: int, command: str, base_version: int, data: Mapping[str, Any]) -> str:
    """Return the state to which the command leads.

    Raises:
        WorkStateForbids: the state does not know it. WorkMovedOn: something happened since `base_version`.
    """
    targets = NEXT[state].get(command)
    if targets is None:
        raise WorkStateForbids(command, state)
    if command not in FACTS and base_version != version:
        raise WorkMovedOn(base_version, version)
    return targets[0] if data.get("agreed", True) or len(targets) == 1 else targets[1]


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a work's history, as far as its way looks at it."""

    seq: int
    command: str
    from_state: str
    to_state: str
    data: Mapping[str, Any] = field(default_factory=dict)


def standing(past: Sequence[Step]) -> dict[str, Step]:
    """Return by command the steps that hold: the latest of each which no return has undone."""
    found: dict[str, Step] = {}
    for step in past:
        if step.command in {"work.return", "work.reopen"}:
            gone = WAY[WAY.index(step.to_state) :]
            undone = {command for command, state in STEPS if state in gone and state != step.to_state}
            found = {name: one for name, one in found.items() if name not in undone}
        found[step.command] = step
    return found
