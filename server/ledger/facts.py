"""The values that decisions on a case are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

CHECK_WITHIN_M = 30.0


@dataclass(frozen=True, slots=True)
class PastEntry:
    """One entry of the history so far, as far as guards look at it."""

    seq: int
    version: int
    command: str
    to_state: str
    actor_id: UUID | None
    actor_unit: str | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A WGS 84 position with its circle of error in metres; `sent` is what was received."""

    lon: float
    lat: float
    accuracy_m: float | None
    sent: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as the guards see it."""

    case_id: UUID
    state: str
    version: int
    level: int
    severity: str
    unit_code: str | None
    checker_id: UUID | None
    filed_at: datetime | None
    limit_amount: int | None
    limit_unit: str | None
    rework_count: int
    refused_count: int
    photo_required: bool
    grid_cell_code: str | None
    place: Place | None
    past: tuple[PastEntry, ...]

    def last(self, command: str) -> PastEntry | None:
        """Return the newest entry of a command."""
        return next((entry for entry in reversed(self.past) if entry.command == command), None)


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody orders: a name, the version they saw, and the command's data as sent."""

    type: str
    base_version: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may be told to check."""

    user_id: UUID
    unit_code: str
    may_check: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment a limit ends and the moment at which 80 % of it are used."""

    due_at: datetime
    yellow_at: datetime


@dataclass(frozen=True, slots=True)
class Filing:
    """The terms on which a case is filed: its rule, units and deadline."""

    category: str
    severity: str
    measure: int
    limit_amount: int
    limit_unit: str
    photo_required: bool
    lead_unit: str
    unit_code: str
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Known:
    """What a guard must know beside the case; the service loads only what the command needs.

    Attributes:
        deadline: the deadline of a limit that starts at a moment, by the work calendar.
        until: the deadline when its end was set by a person.
        first_seen: when each photo's digest was first mentioned; a digest never mentioned is absent.
        evidence_gaps: what still misses for the close-out, in words (English, Chinese).
    """

    deadline: Callable[[datetime, int, str], Deadline]
    until: Callable[[datetime, datetime], Deadline]
    filing: Filing | None = None
    unit_exists: bool = True
    checker: Person | None = None
    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    evidence_gaps: tuple[tuple[str, str], ...] = ()
    check_within_m: float = CHECK_WITHIN_M


@dataclass(frozen=True, slots=True)
class Decision:
    """What a permitted command changes.

    Attributes:
        facts: members of the hashed entry; strings, integers and booleans only.
        words: what may name people; kept beside the entry and deletable.
        columns: the case's columns that take new values.
        photos: digest and role of each photo that the entry claims.
    """

    command: str
    to_state: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    photos: tuple[tuple[str, str], ...] = ()


def moment(at: datetime) -> str:
    """Return an instant as hashed texts write it: UTC, microseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def place_facts(place: Place | None) -> dict[str, Any]:
    """Return a position as members of a hashed entry; degrees are texts, never rounded anew."""
    if place is None:
        return {}
    told: dict[str, Any] = {"lon": f"{place.lon:.7f}", "lat": f"{place.lat:.7f}"}
    if place.accuracy_m is not None:
        told["accuracy_m"] = f"{place.accuracy_m:.1f}"
    return told
