"""Where reports from the field lie, and whether their sender may report there; for many items at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import rules
from server.auth.actor import Actor
from server.auth.rules import Reach
from server.communities import queries as communities
from server.communities.queries import CommunityFacts
from server.ledger import queries
from server.ledger.facts import Place
from server.ledger.rulebook import unit_of
from server.ledger.terms import local_day
from sync.entity import cell_bucket
from sync.mutations import Sender


@dataclass(frozen=True, slots=True)
class Asked:
    """One place that an item names."""

    community_id: UUID
    grid_cell_code: str | None
    place: Place | None


def grounds_of(
    session: Session, asked: Sequence[Asked], now: datetime
) -> tuple[dict[UUID, CommunityFacts], list[str | None]]:
    """Return the communities that exist, held until the transaction ends, and for each place its grid cell.

    The cell is the one named if it exists, else the one that holds the position, else the only one that
    the community touches.
    """
    day = local_day(now)
    ids = {one.community_id for one in asked}
    communities.hold(session, ids)
    known = communities.communities_by_id(session, ids, day)
    points = [(one.place.lon, one.place.lat) if one.place else None for one in asked]
    found = queries.cells_of_places(session, [one.grid_cell_code for one in asked], points, day)
    return known, [cell or _only_cell(known, one) for one, cell in zip(asked, found, strict=True)]


def _only_cell(known: Mapping[UUID, CommunityFacts], one: Asked) -> str | None:
    community = known.get(one.community_id)
    cells = community.grid_cell_codes if community else ()
    return cells[0] if len(cells) == 1 else None


class Scope:
    """Where a person may report: cells pulled last or walked today, or what their role reaches.

    What the office `approved` stands wherever it lies.
    """

    def __init__(
        self,
        session: Session,
        actor: Actor,
        action: str,
        now: datetime,
        *,
        pulled_scope: frozenset[str] = frozenset(),
        approved: bool = False,
    ) -> None:
        self._session, self._actor, self._day = session, actor, local_day(now)
        self._pulled_scope, self._approved = pulled_scope, approved
        self._reach = rules.reach(actor, action)
        self._walked: frozenset[str] | None = None

    @classmethod
    def of_sender(cls, session: Session, sender: Sender, action: str, now: datetime) -> Self:
        """Return the scope of whoever pushes."""
        actor = sender_as_actor(session, sender, now)
        return cls(session, actor, action, now, pulled_scope=sender.pulled_scope, approved=sender.approved)

    def covers(self, community: CommunityFacts) -> bool:
        """Return whether a community lies within the scope."""
        if self._approved:
            return True
        if self._reach is Reach.CELLS:
            return self._touches(community.grid_cell_codes)
        if self._reach is Reach.COUNTY:
            return True
        if self._reach in (Reach.SUBDISTRICT, Reach.NEIGHBOURHOOD):
            return community.neighbourhood_code.startswith(self._actor.division_code or "-")
        return community.company_unit == self._actor.unit_code

    def _touches(self, cells: Sequence[str]) -> bool:
        if any(cell_bucket(code) in self._pulled_scope for code in cells):
            return True
        if self._walked is None:
            walked = communities.cells_of(self._session, self._actor.user_id, self._day)
            self._walked = frozenset(walked)
        return not self._walked.isdisjoint(cells)


def sender_as_actor(session: Session, sender: Sender, now: datetime) -> Actor:
    """Return the sender of a push as the table of rights knows people."""
    kind, division = unit_of(session, sender.unit_code, now)
    return Actor(
        user_id=sender.user_id,
        username=sender.username,
        display_name=sender.username,
        role=sender.role,
        unit_code=sender.unit_code,
        unit_kind=kind,
        device_id=sender.device_id,
        division_code=division,
    )
