"""What was found, what the rules say about it, and which open case it belongs to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from checklists.liability import ProblemFacts
from server.ledger.facts import Filing, Place
from server.ledger.history import Author
from server.photos.claims import ClaimedPhoto


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundViolation:
    """A violation as an inspection or a report found it.

    Attributes:
        case_id: the id that a case of its own would get.
        source: `checklist`, `report`, `self` or another of the case's sources.
        asset: the building, entrance, lift or facility named, as text.
        joins: the open case that the reporter saw to be the same problem.
        photos: evidence of the problem; the role is `before`.
        offender: who did it, masked already.
        problem: what is known of who must repair.
        found_at: when it was seen, as far as that is known; it may be long before it arrives.
    """

    case_id: UUID
    source: str
    category: str
    severity: str
    community_id: UUID
    grid_cell_code: str | None = None
    place: Place | None = None
    description: str = ""
    asset: str | None = None
    joins: UUID | None = None
    inspection_id: UUID | None = None
    reporter: Author
    photos: tuple[ClaimedPhoto, ...] = ()
    found_at: datetime | None = None
    offender: str | None = None
    problem: ProblemFacts = field(default_factory=ProblemFacts)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules say about a violation; `filing` is None when a person has to file it."""

    measure: int
    photo_required: bool
    joins_within: str
    filing: Filing | None
    auto_file: bool


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case that a new finding may belong to."""

    case_id: UUID
    community_id: UUID
    category: str
    asset: str | None


def may_join(found: FoundViolation, terms: Terms) -> bool:
    """Return whether a violation could join an open case by itself, or names one."""
    return found.joins is not None or found.asset is not None or terms.joins_within == "community"


def home_of(found: FoundViolation, terms: Terms, open_cases: Sequence[OpenCase]) -> UUID | None:
    """Return the open case that a violation joins: the one named, the same asset, or the same wide scope."""
    if found.joins is not None and any(case.case_id == found.joins for case in open_cases):
        return found.joins
    if not may_join(found, terms):
        return None
    for case in open_cases:
        if (case.community_id, case.category) != (found.community_id, found.category):
            continue
        if terms.joins_within == "community" or (found.asset is not None and case.asset == found.asset):
            return case.case_id
    return None
