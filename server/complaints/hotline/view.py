"""Work orders as JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

_CASE = (
    "case_id",
    "number",
    "state",
    "category",
    "category_zh",
    "category_en",
    "description",
    "reported_at",
    "community_id",
    "community_name",
)
# What the list's SQL brings beside what people read.
_INNER = ("yellow_at", "called_on")


def line(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order without who called."""
    return {name: plain(value) for name, value in row.items() if name not in _INNER}


def case(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a case in short."""
    return {name: plain(row[name]) for name in _CASE}


def entry(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry of an order's history."""
    return {name: plain(value) for name, value in row.items()}


def edition(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one wording in which an order came in."""
    return {name: plain(value) for name, value in row.items() if name != "yellow_at"}


def plain(value: Any) -> Any:
    """Return a value as JSON takes it; instants are UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
