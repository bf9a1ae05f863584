"""A vote as JSON, in lists and in detail. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


def line(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a vote as lists show it."""
    told = {name: _plain(value) for name, value in row.items() if name not in {"street", "street_name"}}
    result = row["result"] or {}
    return {
        **told,
        "paper_ids": [str(one) for one in row["paper_ids"] or ()],
        "outcome": result.get("outcome"),
        "result": row["result"],
    }


def step(entry: Any, name: str, absent: str | None) -> dict[str, Any]:
    """Return one entry of a vote's history; `absent` is whom its author stood in for."""
    return {
        "seq": entry.seq,
        "command": entry.command,
        "actor": name,
        "stands_for": absent,
        "at": entry.recorded_at.astimezone(UTC).isoformat(),
        "data": entry.data,
    }


def objections(entries: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the objections of a history with their answers, None where there is none yet."""
    answers = {e.data["objection"]: e.data["answer"] for e in entries if e.command == "vote.answer"}
    return [
        {
            "objection": entry.seq,
            "by_name": entry.data["by_name"],
            "objection_text": entry.data["objection_text"],
            "at": entry.recorded_at.astimezone(UTC).isoformat(),
            "answer": answers.get(entry.seq),
        }
        for entry in entries
        if entry.command == "vote.object"
    ]


def owner(row: Mapping[str, Any], reader: UUID) -> dict[str, Any]:
    """Return an owner with the ballot; the choice stays hidden until it was entered twice.

    Whoever enters a ballot the second time must not see what it was the first time.
    """
    twice = row["ballot"] in {"agreed", "differs"}
    entries = (
        ("first", "choice", "kind", "proxy_name"),
        ("second", "second_choice", "second_kind", "second_proxy_name"),
    )
    told: dict[str, Any] = {
        "owner_no": row["owner_no"],
        "name": row["name"],
        "unit_nos": list(row["unit_nos"]),
        "area_m2": None if row["area_m2"] is None else float(row["area_m2"]),
        "areas_missing": row["areas_missing"],
        "ballot": row["ballot"],
        "mine": [number for number, by in ((1, row["first_by"]), (2, row["second_by"])) if by == reader],
    }
    for name, choice, kind, proxy in entries:
        told[name] = {"choice": row[choice], "kind": row[kind], "proxy_name": row[proxy]} if twice else None
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, UUID) else value
