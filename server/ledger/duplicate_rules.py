"""Whether two cases of one category may be the same problem: by the category's radius. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from server.ledger.facts import Place
from server.ledger.nearness import error_of, metres_between

Reason = Literal["same_asset", "same_community", "within_radius"]
COMMUNITY, DISTANCE = "community", "distance"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a case lies."""

    community_id: UUID
    asset: str | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Radius:
    """A category's radius: metres, or a scope (`community`; `lift`, `entrance` and others name an asset)."""

    metres: float | None
    scope: str


@dataclass(frozen=True, slots=True)
class Near:
    """Why two cases may be one, how many metres they lie apart, and how many are allowed."""

    reason: Reason
    distance_m: float | None
    allowed_m: float | None = None


def near(one: Spot, other: Spot, radius: Radius) -> Near | None:
    """Return why two cases of a category may be the same problem, None when they are not.

    The circles of error of both positions are added to a radius in metres.
    """
    apart = metres_between(one.place, other.place) if one.place and other.place else None
    if one.community_id == other.community_id:
        if one.asset is not None and one.asset == other.asset:
            return Near("same_asset", apart)
        if radius.scope == COMMUNITY:
            return Near("same_community", apart)
    if apart is None or radius.metres is None or one.place is None or other.place is None:
        return None
    allowed = radius.metres + error_of(one.place) + error_of(other.place)
    return Near("within_radius", apart, allowed) if apart <= allowed else None
