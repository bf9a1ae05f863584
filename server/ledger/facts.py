"""The values that decisions on a case are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from server.ledger.parameters import Parameters


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
    stands_for: UUID | None = None

    @property
    def people(self) -> frozenset[UUID]:
        """Return who acted and for whom."""
        return frozenset(filter(None, (self.actor_id, self.stands_for)))


@dataclass(frozen=True, slots=True)
class Place:
    """A WGS 84 position with its circle of error in metres; `sent` is what was received."""

    lon: float
    lat: float
    accuracy_m: float | None
    sent: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked for and nobody has decided yet.

    Attributes:
        kind: `return`, `extension`, `suspension` or `voiding`.
        words_given: the parties that have granted it so far (see `server.ledger.requests`).
    """

    request_id: UUID
    kind: str
    asked_by: UUID
    asked_unit: str
    until: datetime | None = None
    resume_on: date | None = None
    words_given: tuple[str, ...] = ()


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
    category: str = ""
    lead_unit: str | None = None
    source: str = "checklist"
    reported_by: UUID | None = None
    verifier_id: UUID | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    paused_at: datetime | None = None
    returned_count: int = 0
    buck_passing_count: int = 0
    extension_count: int = 0
    yellow_at: datetime | None = None
    rebound_count: int = 0
    pending: tuple[Request, ...] = ()

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
    """The terms on which a case is filed: its rule, units and deadline.

    Attributes:
        urging_unit: who sees that the unit acts.
        investigating: the competent departments; those of `own_duty` act by law at once, those of `copied`
            are told at filing.
        departments_due_at: by when these act; None where there are none.
    """

    category: str
    severity: str
    measure: int
    limit_amount: int
    limit_unit: str
    photo_required: bool
    lead_unit: str
    unit_code: str
    deadline: Deadline
    urging_unit: str | None = None
    investigating: tuple[str, ...] = ()
    own_duty: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    departments_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MergeTarget:
    """Another case, as far as merging into it goes; `another`: it is of another community or asset."""

    case_id: UUID
    category: str
    open: bool
    place: Place | None
    radius_m: float | None
    another: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What a guard must know beside the case; the service loads only what the command needs.

    Attributes:
        deadline: the deadline of a limit that starts at a moment, by the work calendar.
        until: the deadline when its end was set by a person.
        first_seen: when each photo's digest was first mentioned; a digest never mentioned is absent.
        evidence_gaps: what still misses for the close-out, in words (English, Chinese).
        parameters: the ledger's own numbers in force.
        after_pause: the deadline moved by a pause: of the deadline, its start, its end, the limit's unit.
        verifier: the worker who is to look at a report.
        target: the case into which one is to be merged, when there is such a case.
        request_id: the id under which a new request is kept.
    """

    deadline: Callable[[datetime, int, str], Deadline]
    until: Callable[[datetime, datetime], Deadline]
    filing: Filing | None = None
    unit_exists: bool = True
    checker: Person | None = None
    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    evidence_gaps: tuple[tuple[str, str], ...] = ()
    parameters: Parameters = field(default_factory=Parameters)
    after_pause: Callable[[datetime, datetime, datetime, str], datetime] | None = None
    verifier: Person | None = None
    target: MergeTarget | None = None
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A request after a word on it: still `pending` when another party has to speak too."""

    request_id: UUID
    state: str
    words_given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a permitted command changes.

    Attributes:
        facts: members of the hashed entry; strings, integers and booleans only.
        words: what may name people; kept beside the entry and deletable.
        columns: the case's columns that take new values.
        photos: digest and role of each photo that the entry claims.
        asks: a request that waits for somebody's word from now on.
        settles: what becomes of a request that was waiting.
        follows: entries that the product itself adds at once, each a silent command and its facts.
    """

    command: str
    to_state: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    photos: tuple[tuple[str, str], ...] = ()
    asks: Request | None = None
    settles: Settled | None = None
    follows: tuple[tuple[str, Mapping[str, Any]], ...] = ()


def moment(at: datetime) -> str:
    """Return an instant as hashed texts write it: UTC, microseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def deadline_facts(deadline: Deadline) -> dict[str, str]:
    """Return a deadline as members of a hashed entry."""
    return {"due_at": moment(deadline.due_at), "yellow_at": moment(deadline.yellow_at)}


def place_facts(place: Place | None) -> dict[str, Any]:
    """Return a position as members of a hashed entry; degrees are texts, never rounded anew."""
    if place is None:
        return {}
    told: dict[str, Any] = {"lon": f"{place.lon:.7f}", "lat": f"{place.lat:.7f}"}
    if place.accuracy_m is not None:
        told["accuracy_m"] = f"{place.accuracy_m:.1f}"
    return told
