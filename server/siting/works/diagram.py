"""The way of a charging site as a Mermaid state diagram, drawn from the table that the code uses."""

from __future__ import annotations

from server.siting.works.lifecycle import ENDED, NEXT

START = "[*]"


def state_diagram() -> str:
    """Return the Mermaid text: one arrow per step that changes the state.

    Withdrawing is open to every state on the way and drawn once, as a note.
    """
    lines = ["stateDiagram-v2"]
    for state, steps in NEXT.items():
        for command, targets in steps.items():
            name = command.removeprefix("work.")
            arrows = [f"    {state or START} --> {to}: {name}" for to in targets if to != state]
            lines += [] if command == "work.withdraw" else arrows
    lines += [f"    {state} --> {START}" for state in sorted(ENDED)]
    lines += [
        "    note right of planned",
        "        every state before in_service: withdraw → withdrawn",
        "    end note",
    ]
    return "\n".join(lines) + "\n"
