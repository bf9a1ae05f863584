"""A charging work as JSON, in lists and in detail. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from server.siting.works.lifecycle import STEPS, Step, standing


def line(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a work as lists show it."""
    told = {name: _plain(value) for name, value in row.items() if name not in {"lon", "lat", "street"}}
    return {**told, "location": {"lon": row["lon"], "lat": row["lat"]}}


def step_of(entry: Any) -> Step:
    """Return an entry as its way looks at it."""
    return Step(entry.seq, entry.command, entry.from_state, entry.to_state, entry.data)


def history(past: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the entries of a work with their authors."""
    return [
        {
            "seq": entry.seq,
            "command": entry.command,
            "to_state": entry.to_state,
            "actor": name,
            "unit": entry.actor_unit,
            "at": entry.recorded_at.astimezone(UTC).isoformat(),
            "due_on": _plain(entry.due_on),
            "data": entry.data,
        }
        for entry, name in past
    ]


def steps(past: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the way of a work in order: each step with the entry that holds, None where it is to come."""
    held = standing([step_of(entry) for entry, _ in past])
    at = {entry.seq: (entry, name) for entry, name in past}
    found = []
    for command, state in STEPS:
        step = held.get(command)
        entry, name = at[step.seq] if step else (None, None)
        found.append(
            {
                "command": command,
                "state": state,
                "seq": step.seq if step else None,
                "done": step is not None and step.to_state == state,
                "actor": name,
                "at": entry.recorded_at.astimezone(UTC).isoformat() if entry else None,
                "data": dict(step.data) if step else {},
            }
        )
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
