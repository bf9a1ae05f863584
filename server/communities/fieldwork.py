"""Who stands behind a tablet, and in which communities they may do something."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import queries as people
from server.auth import rules
from server.auth.actor import Actor
from server.auth.rules import Reach
from server.communities import queries
from server.communities.errors import UnknownCommunity
from server.communities.queries import CommunityFacts
from server.communities.service import local_day
from server.communities.territory import NOWHERE
from server.problems import NotYours
from sync.entity import cell_bucket
from sync.mutations import Sender


class Fieldwork:
    """One sender's rights to act in communities; what was read of communities is kept for the push.

    A worker who was moved since keeps the cells that the tablet pulled last.
    """

    def __init__(self, session: Session, sender: Sender, now: datetime) -> None:
        self._session, self._sender, self.day = session, sender, local_day(now)
        self._known: dict[UUID, CommunityFacts] = {}
        self._walked: frozenset[str] | None = None
        self.actor = person_behind(session, sender)

    def community(self, community_id: UUID) -> CommunityFacts | None:
        """Return the facts of a community, None when there is none."""
        if community_id not in self._known:
            self._known |= queries.communities_by_id(self._session, [community_id], self.day)
        return self._known.get(community_id)

    def check(self, action: str, community: CommunityFacts) -> None:
        """Refuse what the table of rights does not give this person in this community.

        Raises:
            NotYours: the role may not do this, or not here.
        """
        if not self._covers(rules.reach(self.actor, action), community):
            raise NotYours(
                f"{community.name} lies beyond your right to {action}.",
                f"{community.name} 不在您的权限范围内。",
            )

    def check_somewhere(self, action: str, community_id: UUID | None) -> None:
        """Refuse what the person may not do in a community; what lies in none is the whole county's.

        Raises:
            UnknownCommunity: there is no such community, or it no longer holds.
            NotYours: as `check` says.
        """
        if community_id is not None:
            community = self.community(community_id)
            if community is None or not community.holds:
                raise UnknownCommunity(community_id)
            self.check(action, community)
        elif rules.reach(self.actor, action) is not Reach.COUNTY:
            raise NotYours(
                f"It lies in no community, beyond your right to {action}.",
                "不在任何小区内，超出您的权限范围。",
            )

    def _covers(self, right: Reach, community: CommunityFacts) -> bool:
        if right is Reach.COUNTY:
            return True
        if right in (Reach.SUBDISTRICT, Reach.NEIGHBOURHOOD):
            return community.neighbourhood_code.startswith(self.actor.division_code or NOWHERE)
        if right is Reach.UNIT:
            return community.company_unit == self.actor.unit_code
        return right is Reach.CELLS and self._touches(community)

    def _touches(self, community: CommunityFacts) -> bool:
        cells = community.grid_cell_codes
        if self._sender.approved or any(cell_bucket(code) in self._sender.pulled_scope for code in cells):
            return True
        if self._walked is None:
            self._walked = frozenset(queries.cells_of(self._session, self._sender.user_id, self.day))
        return not self._walked.isdisjoint(cells)


def person_behind(session: Session, sender: Sender) -> Actor:
    """Return the sender of a push as the table of rights knows people."""
    unit = people.unit(session, sender.unit_code)
    return Actor(
        user_id=sender.user_id,
        username=sender.username,
        display_name=sender.username,
        role=sender.role,
        unit_code=sender.unit_code,
        unit_kind=unit.kind if unit else "",
        device_id=sender.device_id,
        division_code=unit.division_code if unit else None,
    )
