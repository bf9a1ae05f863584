"""Which entries of a case's history came from a tablet, and when they were made there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.ledger.view import Entry
from sync import field_times


def beside(session: Session, case_id: UUID, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the entries as JSON, each with `tablet`: when it was made there, null for others."""
    waiting = list(field_times.of(session, [case_id])[case_id])
    return [{**entry.as_json(), "tablet": _taken(entry, waiting)} for entry in entries]


def _taken(entry: Entry, waiting: list[dict[str, Any]]) -> dict[str, Any] | None:
    for made in waiting:
        if made["command"] == entry.command and datetime.fromisoformat(made["done_at"]) == entry.at:
            waiting.remove(made)
            return made
    return None
