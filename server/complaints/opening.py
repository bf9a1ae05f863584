"""Opening a case of the ledger from what residents said and an officer has found true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.communities.errors import UnknownCommunity
from server.communities.queries import communities_by_id
from server.ledger import rulebook, service, wires
from server.ledger.facts import Place
from server.ledger.findings import FoundViolation
from server.ledger.history import Author
from server.ledger.terms import local_day
from server.photos import service as photos
from server.photos.claims import ClaimedPhoto

SOURCES = {"hotline": "hotline", "phone": "hotline"}


def open_case(
    session: Session,
    *,
    community_id: UUID,
    category: str,
    severity: str,
    description: str,
    channel: str,
    place: Place | None = None,
    grid_cell_code: str | None = None,
    evidence: Sequence[ClaimedPhoto] = (),
    actor: Actor,
    now: datetime,
) -> UUID:
    """Open a case, or join the open one that it belongs to; return its id.

    The case names the officer as its reporter, and holds the officer's words: whoever complained and
    what they wrote stay in the register.

    Args:
        severity: empty for the gravest that the category knows.

    Raises:
        UnknownCommunity, UnknownCategory: there is none such.
    """
    known = communities_by_id(session, [community_id], local_day(now))
    if community_id not in known:
        raise UnknownCommunity(community_id)
    found = FoundViolation(
        case_id=UUID(int=uuid6.uuid7().int),
        source=SOURCES.get(channel, "resident"),
        category=category,
        severity=rulebook.severity_of(session, category, severity, now),
        community_id=community_id,
        grid_cell_code=grid_cell_code,
        place=place,
        description=description,
        reporter=Author(actor.user_id, actor.unit_code, actor.stands_for),
        photos=tuple(evidence),
    )
    opened, claims = service.open_cases(session, [found], known, now=now)
    photos.claim_all(session, claims, user_id=actor.user_id, now=now)
    wires.tell(session, [opened[0].case_id])
    return opened[0].case_id
