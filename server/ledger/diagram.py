"""The life of a case as a Mermaid state diagram, drawn from the table that the code uses."""

from __future__ import annotations

from server.ledger.lifecycle import FACTS, NEXT
from server.ledger.states import ENDED_STATES

START = "[*]"
ANYWHERE = ("case.void", "case.transfer")


def state_diagram() -> str:
    """Return the Mermaid text: one arrow per step that changes the state, facts left out.

    What every open case takes (a voiding granted, a hand-over) is drawn once, from a note.
    """
    lines = ["stateDiagram-v2"]
    for state, steps in NEXT.items():
        for command, targets in steps.items():
            lines += [_arrow(state, command, to) for to in targets if _worth_drawing(state, command, to)]
    lines += [f"    {state} --> {START}" for state in ENDED_STATES if state != "closed"]
    lines.append("    note right of in_progress")
    lines.append("        every open case: transfer → transferred, void granted by a second person → voided")
    lines.append("    end note")
    return "\n".join(lines) + "\n"


def _worth_drawing(state: str, command: str, to: str) -> bool:
    if command in FACTS or command in ANYWHERE or to == "voided" or command == "case.import":
        return False
    return state != to


def _arrow(state: str, command: str, to: str) -> str:
    name = command.removeprefix("case.")
    return f"    {state or START} --> {to}: {name}"
