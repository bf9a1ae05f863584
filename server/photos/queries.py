"""All SQL about photos and claims."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from server.photos.claims import ONE_FACT, Claim, Claimed, Evidence, EvidencePhoto
from server.photos.incoming import Arrival
from server.photos.oddities import Oddity
from server.photos.tables import Photo, PhotoClaim, Upload
from sync.fixed import Fixed

_CLAIM = Fixed(
    "SELECT * FROM server.claim_photos(CAST(:entities AS text[]), CAST(:ids AS uuid[]),"
    " CAST(:digests AS bytea[]), CAST(:roles AS text[]), CAST(:contexts AS text[]),"
    " CAST(:taken AS timestamptz[]), CAST(:seqs AS integer[]), CAST(:user_id AS uuid), :now, :fact)"
)
_STORED = Fixed(
    "INSERT INTO server.photo (sha256, state, first_seen_at, stored_at, size, content_type)"
    " SELECT sha256, 'stored', :now, :now, size, content_type FROM unnest(CAST(:digests AS bytea[]),"
    " CAST(:sizes AS bigint[]), CAST(:types AS text[])) AS a (sha256, size, content_type) ORDER BY sha256"
    " ON CONFLICT (sha256) DO UPDATE SET state = 'stored', stored_at = excluded.stored_at,"
    " size = excluded.size, content_type = excluded.content_type, refused_because = NULL"
    " WHERE photo.state <> 'stored'"
    # Only an inserted row has no xmax; nobody names such a photo yet, as a claim makes its photo known.
    " RETURNING sha256, xmax <> 0 AS known"
)
_REFUSED = text(
    "INSERT INTO server.photo (sha256, state, first_seen_at, refused_because)"
    " VALUES (:sha256, 'refused', :now, :reason) ON CONFLICT (sha256)"
    " DO UPDATE SET state = 'refused', refused_because = excluded.refused_because"
    " WHERE photo.state = 'expected'"
)
_SEEN = text(
    "INSERT INTO server.photo (sha256, state, first_seen_at) VALUES (:sha256, 'expected', :now)"
    " ON CONFLICT DO NOTHING"
)


# A tablet waits for these: plain text costs a third of what building the statements anew would.
_CLAIMERS = Fixed(
    "SELECT DISTINCT entity, entity_id FROM server.photo_claim WHERE sha256 = ANY(CAST(:digests AS bytea[]))"
    " ORDER BY entity, entity_id"
)
_EVIDENCE = Fixed(
    "SELECT c.entity_id, count(DISTINCT p.sha256) AS expected,"
    " array_agg(DISTINCT p.sha256) FILTER (WHERE p.state <> 'stored') AS missing"
    " FROM server.photo_claim c JOIN server.photo p ON p.sha256 = c.sha256"
    " WHERE c.entity = :entity AND c.entity_id = ANY(CAST(:ids AS uuid[])) GROUP BY c.entity_id"
)
_STATES = Fixed(
    "SELECT sha256, state, first_seen_at FROM server.photo WHERE sha256 = ANY(CAST(:digests AS bytea[]))"
)


def insert_claims(session: Session, claims: Sequence[Claim], user_id: UUID | None, now: datetime) -> Claimed:
    """Store claims and make their photos known; a claim that stands already stays as it is."""
    ordered = sorted(claims, key=lambda claim: (claim.photo.sha256, claim.entity, claim.entity_id))
    columns: dict[str, Any] = {
        "entities": [claim.entity for claim in ordered],
        "ids": [str(claim.entity_id) for claim in ordered],
        "digests": [claim.photo.sha256 for claim in ordered],
        "roles": [claim.photo.role for claim in ordered],
        "contexts": [claim.photo.context for claim in ordered],
        "taken": [claim.photo.taken_at for claim in ordered],
        "seqs": [claim.photo.entry_seq for claim in ordered],
    }
    given = {**columns, "user_id": str(user_id) if user_id else None, "now": now, "fact": ONE_FACT}
    rows = [(bytes(sha256), missing, facts) for sha256, missing, facts in _CLAIM.rows(session, given)]
    return Claimed(
        frozenset(sha256 for sha256, missing, _ in rows if missing),
        {sha256: frozenset(UUID(fact) for fact in facts) for sha256, _, facts in rows if len(facts) > 1},
    )


def mark_seen(session: Session, sha256: bytes, now: datetime) -> None:
    """Make a photo known from this moment on, unless it is already."""
    session.execute(_SEEN, {"sha256": sha256, "now": now})


def mark_stored(session: Session, arrivals: Sequence[Arrival], now: datetime) -> dict[bytes, bool]:
    """Make photos stored; return the digests that were not stored before, each with whether it was known."""
    columns: dict[str, Any] = {
        "digests": [arrival.sha256 for arrival in arrivals],
        "sizes": [arrival.size for arrival in arrivals],
        "types": [arrival.content_type for arrival in arrivals],
    }
    return {bytes(sha256): known for sha256, known in _STORED.rows(session, {**columns, "now": now})}


def mark_refused(session: Session, sha256: bytes, reason: str, now: datetime) -> None:
    """Note that the bytes with this digest are no photo; a stored photo stays as it is."""
    session.execute(_REFUSED, {"sha256": sha256, "reason": reason, "now": now})


def claimers(session: Session, digests: Collection[bytes]) -> list[tuple[str, UUID]]:
    """Return the records (entity, id) that name any of these photos, in order."""
    found = _CLAIMERS.rows(session, {"digests": list(digests)})
    return [(entity, entity_id) for entity, entity_id in found]


def evidence(session: Session, entity: str, ids: Collection[UUID]) -> dict[UUID, Evidence]:
    """Return what is there of the photos of the records that name any."""
    found = _EVIDENCE.rows(session, {"entity": entity, "ids": [str(one) for one in ids]})
    return {entity_id: _evidence(expected, missing or ()) for entity_id, expected, missing in found}


def _evidence(expected: int, missing: Iterable[bytes]) -> Evidence:
    digests = tuple(sorted(bytes(sha256).hex() for sha256 in missing))
    return Evidence(expected, expected - len(digests), digests)


# The page of a case waits for it, after every command.
_PHOTOS = Fixed(
    "SELECT c.entity_id, c.sha256, c.role, c.taken_at, c.context, c.entry_seq, p.state, p.refused_because,"
    " (SELECT jsonb_agg(jsonb_build_object('type', w.type, 'told', w.told, 'other_id', w.other_id)"
    "         ORDER BY w.type, w.other_id) FROM server.photo_warning w"
    "   WHERE (w.entity, w.entity_id, w.sha256) = (c.entity, c.entity_id, c.sha256)) AS odd"
    " FROM server.photo_claim c JOIN server.photo p USING (sha256)"
    " WHERE c.entity = :entity AND c.entity_id = ANY(CAST(:ids AS uuid[]))"
    " ORDER BY c.entry_seq, c.claimed_at, c.sha256, c.role"
)


def photos_of(session: Session, entity: str, ids: Collection[UUID]) -> dict[UUID, list[EvidencePhoto]]:
    """Return the photos of the records that name any, in the order of their claims."""
    photos: dict[UUID, list[EvidencePhoto]] = {}
    session.flush()
    for row in _PHOTOS.rows(session, {"entity": entity, "ids": [str(one) for one in ids]}):
        entity_id, sha256, role, taken_at, context, entry_seq, state, refused_because, odd = row
        photos.setdefault(entity_id, []).append(
            EvidencePhoto(
                sha256=bytes(sha256).hex(),
                role=role,
                received=state == "stored",
                taken_at=taken_at,
                context=context,
                entry_seq=entry_seq,
                refused_because=refused_because,
                oddities=tuple(_oddity(one) for one in odd or ()),
            )
        )
    return photos


def _oddity(row: Mapping[str, Any]) -> Oddity:
    return Oddity(row["type"], row["told"], UUID(row["other_id"]) if row["other_id"] else None)


def states(session: Session, digests: Collection[bytes]) -> dict[bytes, tuple[str, datetime]]:
    """Return state and first sight of each of these photos that is known."""
    found = _STATES.rows(session, {"digests": list(digests)})
    return {bytes(sha256): (state, seen_at) for sha256, state, seen_at in found}


def photos_by_digest(session: Session, digests: Collection[bytes]) -> Mapping[bytes, Photo]:
    """Return what is known of these photos."""
    found = session.scalars(select(Photo).where(Photo.sha256.in_(digests)))
    return {bytes(photo.sha256): photo for photo in found}


def brought_by(session: Session, user_id: UUID, digests: Collection[bytes]) -> set[bytes]:
    """Return which of these photos this person has claimed or uploaded himself."""
    claimed = select(PhotoClaim.sha256).where(
        PhotoClaim.claimed_by == user_id, PhotoClaim.sha256.in_(digests)
    )
    uploaded = select(Upload.sha256).where(
        Upload.user_id == user_id,
        Upload.sha256.in_(digests),
        Upload.finished_at.is_not(None),
        Upload.ended_because.is_(None),
    )
    return {bytes(sha256) for sha256 in session.scalars(claimed.union(uploaded))}


def records_naming(session: Session, digests: Collection[bytes]) -> dict[bytes, dict[str, set[UUID]]]:
    """Return, per photo, the ids of the records that name it, by entity."""
    found = select(PhotoClaim.sha256, PhotoClaim.entity, PhotoClaim.entity_id).where(
        PhotoClaim.sha256.in_(digests)
    )
    records: dict[bytes, dict[str, set[UUID]]] = {}
    for sha256, entity, entity_id in session.execute(found):
        records.setdefault(bytes(sha256), {}).setdefault(entity, set()).add(entity_id)
    return records


@dataclass(frozen=True, slots=True)
class Attachable:
    """A record that photos can be attached to."""

    entity: str
    version: int
    within_reach: bool


_ATTACHABLE = text(
    "SELECT e.entity, CAST(e.entity_id AS uuid) AS entity_id, e.version, EXISTS ("
    "  SELECT FROM sync.bucket_entry b"
    "   WHERE b.entity IN (e.entity, 'task') AND b.entity_id = e.entity_id AND b.alive"
    "     AND b.bucket = ANY(CAST(:scope AS text[]))"
    " ) OR EXISTS (SELECT FROM server.photo_claim c WHERE c.entity = e.entity"
    "     AND c.entity_id = CAST(e.entity_id AS uuid) AND c.claimed_by = CAST(:user_id AS uuid)"
    " ) AS within_reach"
    " FROM sync.entity_state e"
    " WHERE e.entity = ANY(CAST(:entities AS text[])) AND e.entity_id = ANY(CAST(:ids AS text[]))"
)


def attachable(
    session: Session,
    entities: Collection[str],
    ids: Collection[UUID],
    user_id: UUID,
    scope: Collection[str],
) -> dict[UUID, Attachable]:
    """Return the travelling records of these entities that exist.

    Within reach is what stands in a bucket of `scope`, or has a photo that this person named himself.
    """
    wanted = {"entities": list(entities), "ids": [str(one) for one in ids]}
    found = session.execute(_ATTACHABLE, {**wanted, "user_id": str(user_id), "scope": list(scope)})
    return {row.entity_id: Attachable(row.entity, row.version, row.within_reach) for row in found}
