"""Merging a report into another open case: both stay readable, their photos become evidence of one case."""

from __future__ import annotations

from datetime import datetime
from secrets import token_bytes
from uuid import UUID

from sqlalchemy.orm import Session

from server.ledger import history, queries
from server.ledger.duplicate_queries import spot_of
from server.ledger.duplicate_rules import DISTANCE, near
from server.ledger.duplicates import radius_of
from server.ledger.facts import CaseFacts, MergeTarget
from server.ledger.history import Author
from server.photos import service as photos
from server.photos.claims import Claim, ClaimedPhoto, EvidencePhoto
from server.problems import NotFound


def target(session: Session, merged: CaseFacts, case_id: UUID, now: datetime) -> MergeTarget | None:
    """Return the case into which another is to be merged; None when there is none."""
    row = queries.case_row(session, case_id)
    if row is None:
        return None
    facts = queries.facts_of(session, case_id)
    radius = radius_of(session, facts.category, merged.severity, now)
    spots = (spot_of(session, merged.case_id), spot_of(session, case_id))
    another = radius.scope != DISTANCE and near(*spots, radius) is None
    return MergeTarget(case_id, facts.category, row.ended_at is None, facts.place, radius.metres, another)


def hand_over(session: Session, merged: UUID, into: UUID, *, author: Author, now: datetime) -> None:
    """Make the photos of a merged report evidence of the other case, and say so in its history.

    Raises:
        NotFound: the other case has ended meanwhile.
    """
    head = queries.heads_for_update(session, [into]).get(into)
    if head is None:
        raise NotFound("The other case has ended meanwhile.", "目标案卷已结束。")
    written = history.write(
        head,
        "case.join",
        head.state,
        author=author,
        at=now,
        salt=token_bytes(history.SALT_BYTES),
        facts={"merged": str(merged)},
    )
    queries.store_entry(session, written, {})
    claims = [
        Claim("case", into, _evidence(photo))
        for photo in photos.photos_of(session, "case", [merged])[merged]
        if photo.role == "before"
    ]
    assert author.user_id is not None
    photos.claim_all(session, claims, user_id=author.user_id, now=now)


def _evidence(photo: EvidencePhoto) -> ClaimedPhoto:
    return ClaimedPhoto(bytes.fromhex(photo.sha256), "before", photo.context, photo.taken_at)
