"""Problems that come back: which closed case a new violation repeats, and whether it reopens it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from server.ledger.findings import FoundViolation, Terms


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A closed case that a new violation may repeat."""

    case_id: UUID
    community_id: UUID
    category: str
    asset: str | None
    closed_at: datetime
    unit_code: str | None
    limit_amount: int | None
    limit_unit: str | None


def repeated(found: FoundViolation, terms: Terms, closed: Sequence[ClosedCase]) -> ClosedCase | None:
    """Return the closed case that an open one would have been joined for, the one closed last of several."""
    same = [
        case
        for case in closed
        if (case.community_id, case.category) == (found.community_id, found.category)
        and (
            case.case_id == found.joins
            or terms.joins_within == "community"
            or (found.asset is not None and case.asset == found.asset)
        )
    ]
    named = [case for case in same if case.case_id == found.joins]
    return max(named or same, key=lambda case: case.closed_at, default=None)


def reopens(
    found: FoundViolation, case: ClosedCase, fresh: Collection[bytes], now: datetime, within: timedelta
) -> bool:
    """Return whether a violation is a rebound of a closed case rather than a new case that repeats it.

    Args:
        fresh: the digests of photos that nobody had mentioned when the case was closed.
        within: how long after its close-out a case is reopened.
    """
    if now - case.closed_at > within:
        return False
    # A tablet may bring in the evening what was seen before the noon at which the case was closed.
    if found.found_at is not None and found.found_at <= case.closed_at:
        return False
    if case.unit_code is None or case.limit_amount is None or case.limit_unit is None:
        return False
    return any(photo.sha256 in fresh for photo in found.photos)
