"""What has to be stored of a change of many cases, in order. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from server.ledger.facts import Deadline
from server.ledger.history import Head, Written
from server.photos.claims import ClaimedPhoto


@dataclass(frozen=True, slots=True)
class Opened:
    """Where a violation ended: in which case, whether that case stood already, and was closed until now."""

    case_id: UUID
    joined: bool
    reopened: bool = False


@dataclass(slots=True)
class Plan:
    """What has to be stored: case rows, entries in order, private words, photo claims by case.

    `reopened` holds the deadline that each reopened case gets.
    """

    cases: list[dict[str, Any]] = field(default_factory=list)
    entries: list[Mapping[str, Any]] = field(default_factory=list)
    private: list[Mapping[str, Any]] = field(default_factory=list)
    photos: list[tuple[UUID, ClaimedPhoto]] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    reopened: dict[UUID, Deadline] = field(default_factory=dict)
    heads: dict[UUID, Head] = field(default_factory=dict)

    def add(self, written: Written) -> None:
        """Add an entry and remember the head it leaves."""
        self.entries.append(written.row)
        if written.private is not None:
            self.private.append(written.private)
        self.heads[written.head.case_id] = written.head
