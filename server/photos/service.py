"""Evidence: which record names which photo, and what is there of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from server.photos import queries
from server.photos.claims import Claim, Claimed, ClaimedPhoto, Evidence, EvidencePhoto, digest_of
from server.photos.incoming import Arrival
from server.photos.store import PhotoStore
from sync import changes

# The name of the job that looks into photos that have arrived.
DERIVE = "derive"
# The name of the job that compares photos with the records that name them.
COMPARE = "compare-photos"


def claim(
    session: Session,
    *,
    entity: str,
    entity_id: UUID,
    photos: Sequence[ClaimedPhoto],
    user_id: UUID | None,
    now: datetime,
) -> None:
    """Name photos as the evidence of one record; naming one twice changes nothing."""
    claim_all(session, [Claim(entity, entity_id, photo) for photo in photos], user_id=user_id, now=now)


def claim_all(session: Session, claims: Sequence[Claim], *, user_id: UUID | None, now: datetime) -> Claimed:
    """Name photos as the evidence of many records, in one round trip.

    A photo never heard of becomes `expected` and keeps `now` as the moment it was first seen.
    """
    return queries.insert_claims(session, claims, user_id, now) if claims else Claimed()


def evidence_of(claims: Iterable[Claim], missing: Collection[bytes]) -> dict[UUID, Evidence]:
    """Return what is there of the photos of records that name these and no others; see `claim_all`."""
    named: dict[UUID, set[bytes]] = {}
    for claim in claims:
        named.setdefault(claim.entity_id, set()).add(claim.photo.sha256)
    return {
        entity_id: Evidence(
            len(digests),
            len(digests.difference(missing)),
            tuple(sorted(sha256.hex() for sha256 in digests.intersection(missing))),
        )
        for entity_id, digests in named.items()
    }


def evidence(session: Session, entity: str, ids: Collection[UUID]) -> dict[UUID, Evidence]:
    """Return for every id how many photos it names, how many are stored, and which are missing."""
    found = queries.evidence(session, entity, ids) if ids else {}
    return {entity_id: found.get(entity_id, Evidence()) for entity_id in ids}


def photos_of(session: Session, entity: str, ids: Collection[UUID]) -> dict[UUID, list[EvidencePhoto]]:
    """Return for every id the photos it names, in the order in which it named them."""
    found = queries.photos_of(session, entity, ids) if ids else {}
    return {entity_id: found.get(entity_id, []) for entity_id in ids}


def missing_of(session: Session, digests: Collection[str]) -> set[str]:
    """Return which of these digests (hex) are not stored; what is no digest at all is missing, too."""
    wanted = {digest: digest_of(digest) for digest in digests}
    known = states(session, [sha256 for sha256 in wanted.values() if sha256 is not None])
    return {digest for digest, sha256 in wanted.items() if sha256 is None or known.get(sha256) != "stored"}


def states(session: Session, digests: Collection[bytes]) -> dict[bytes, str]:
    """Return the state of each photo that was ever heard of."""
    found = queries.states(session, digests) if digests else {}
    return {sha256: state for sha256, (state, _) in found.items()}


def first_seen(session: Session, digests: Collection[bytes]) -> dict[bytes, datetime]:
    """Return when each photo was first heard of: claimed, announced for upload, or arrived."""
    found = queries.states(session, digests) if digests else {}
    return {sha256: first_seen_at for sha256, (_, first_seen_at) in found.items()}


def take(
    session: Session, store: PhotoStore, arrivals: Sequence[Arrival], *, now: datetime
) -> Sequence[bytes]:
    """Keep photos that arrived whole, and tell every record that names one; return the newly stored.

    Whoever calls commits, then discards the arrivals and, if any were new, wakes the job `derive`.

    Raises:
        StorageFull: there is no room.
    """
    if not arrivals:
        return []
    by_digest = {arrival.sha256: arrival for arrival in arrivals}
    known = queries.mark_stored(session, list(by_digest.values()), now)
    fresh = sorted(known)
    # Linked under the row's lock: a job that removes an expired photo holds the same lock.
    for sha256 in fresh:
        store.keep(by_digest[sha256].file, sha256)
    named = [sha256 for sha256 in fresh if known[sha256]]
    if named:
        tell(session, queries.claimers(session, named))
    return fresh


def tell(session: Session, records: Iterable[tuple[str, UUID]]) -> None:
    """Append a change for every one of these records (sorted by entity) that travels to tablets."""
    travelling = session.info.get("travelling", {})
    for entity, group in groupby(records, key=lambda record: record[0]):
        if entity in travelling:
            changes.append(session, entity, [entity_id for _, entity_id in group])
