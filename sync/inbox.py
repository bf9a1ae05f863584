"""The inbox's tables in fixed SQL: on the push path every round trip counts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from sync import bodies, statements, waiting
from sync.clock import Clock, ItemTime, measured_from
from sync.envelope import Envelope
from sync.items import Item
from sync.mutations import Sender
from sync.timing import last_made_at
from sync.verdicts import Known, Prior


@dataclass(frozen=True, slots=True)
class Kept:
    """A result to be stored: the item, its status and the JSON that is answered now and at every replay."""

    item: Item
    status: str
    result: Mapping[str, Any]
    clash: bool


@dataclass(frozen=True, slots=True)
class Orphan:
    """A stored envelope without a result; `attempts` counts this one too."""

    envelope_id: UUID
    device_id: UUID
    user_id: UUID
    body: bytes
    received_at: datetime
    attempts: int
    trying_seq: int | None


def store(
    session: Session,
    envelope_id: UUID,
    envelope: Envelope,
    body: bytes,
    user_id: UUID,
    now: datetime,
    *,
    lazily: bool = False,
) -> None:
    """Keep the envelope as it came; `lazily` leaves it to a later commit to flush this one too."""
    statement = statements.STORE_LAZILY if lazily else statements.STORE
    statement.rows(
        session,
        {
            "envelope_id": str(envelope_id),
            "device_id": str(envelope.device_id),
            "user_id": str(user_id),
            "batch_id": envelope.batch_id,
            "first_seq": envelope.first_seq,
            "count": len(envelope.items),
            "sha256": hashlib.sha256(body).digest(),
            "body": bodies.to_keep(session, envelope_id, body),
            "now": now,
            "wall": envelope.clock.wall,
            "monotonic_ms": envelope.clock.monotonic_ms,
            "boot_id": envelope.clock.boot_id,
        },
    )


def known(session: Session, envelope: Envelope) -> Known:
    """Lock the device until the transaction ends and return what is stored about it and these items."""
    mids = {item.mid for item in envelope.items}
    mids.update(mid for item in envelope.items if item.mutation for mid in item.mutation.depends_on)
    rows = statements.KNOWN.rows(
        session,
        {
            "device_id": str(envelope.device_id),
            "first_seq": envelope.first_seq,
            "last_seq": envelope.last_seq,
            "mids": [str(mid) for mid in mids],
        },
    )
    priors = [
        Prior(row[2], UUID(str(row[3])), bytes(row[4]), *row[5:8]) for row in rows if row[2] is not None
    ]
    acked_through, scope, clock = rows[0][0], frozenset(rows[0][1]), rows[0][8]
    elsewhere = _elsewhere(session, envelope, priors)
    return Known(acked_through, scope, priors, elsewhere, measured_from(clock) if clock else None)


def _elsewhere(session: Session, envelope: Envelope, priors: Sequence[Prior]) -> dict[UUID, str]:
    """Return what became of items of other devices that these depend on; few items depend on any."""
    wanted = {mid for item in envelope.items if item.mutation for mid in item.mutation.depends_on}
    own = {item.mid for item in envelope.items} | {prior.mid for prior in priors}
    return waiting.elsewhere(session, wanted - own) if wanted - own else {}


def keep(
    session: Session,
    sender: Sender,
    envelope_id: UUID,
    results: Sequence[Kept],
    clock: Clock,
    *,
    acked_through: int,
    now: datetime,
    closes: bool,
) -> bool:
    """Store the results, how far the device got, and (when it `closes`) that the envelope is done.

    Returns whether a held item waits for one of these.
    """
    times = [kept.item.mutation.time if kept.item.mutation else ItemTime() for kept in results]
    reading = clock.to_remember(last_made_at([kept.item for kept in results]))
    found = statements.KEEP.column(
        session,
        {
            "device_id": str(sender.device_id),
            "envelope_id": str(envelope_id),
            "now": now,
            "closes": closes,
            "acked_through": acked_through,
            "clock_offset_ms": sender.clock_offset_ms,
            "seqs": [kept.item.seq for kept in results],
            "mids": [str(kept.item.mid) for kept in results],
            "digests": [kept.item.digest.hex() for kept in results],
            "types": [kept.item.mutation.type if kept.item.mutation else "" for kept in results],
            "entity_ids": [
                str(kept.item.mutation.entity_id) if kept.item.mutation else None for kept in results
            ],
            "statuses": [kept.status for kept in results],
            "results": [orjson.dumps(kept.result).decode() for kept in results],
            "clashes": [kept.clash for kept in results],
            "made_at": [time.made_at and time.made_at.isoformat() for time in times],
            "corrected_at": [time.corrected_at and time.corrected_at.isoformat() for time in times],
            "skews_ms": [time.skew_ms for time in times],
            "confidences": [time.confidence for time in times],
            "travels": [" ".join(time.travels) for time in times],
            "clock": orjson.dumps(reading.as_json()).decode() if reading else None,
            "arrived": _arrived(results),
        },
    )
    return bool(found[0])


def _arrived(results: Sequence[Kept]) -> list[str]:
    """Return by which keys held items may wait for what has just been decided."""
    final = [kept.item for kept in results if kept.status in ("applied", "merged", "rejected")]
    entities = [str(item.mutation.entity_id) for item in final if item.mutation]
    return [str(item.mid) for item in final] + entities


def refuse(session: Session, envelope_id: UUID, answer: Mapping[str, Any], now: datetime) -> None:
    """Keep an envelope that was answered with an error, with that answer; it is never applied later."""
    statements.REFUSE.rows(
        session,
        {"envelope_id": str(envelope_id), "answer": orjson.dumps(answer).decode(), "now": now},
    )


def orphans(session: Session, before: datetime, limit: int) -> list[UUID]:
    """Return the envelopes that were stored before this moment and never got a result, oldest first."""
    found = statements.ORPHANS.column(session, {"before": before, "limit": limit})
    return [UUID(str(one)) for one in found]


def take(session: Session, envelope_id: UUID) -> Orphan | None:
    """Count one more attempt at an envelope and return it; None when it has a result meanwhile."""
    rows = statements.TAKE.rows(session, {"envelope_id": str(envelope_id)})
    if not rows:
        return None
    row = rows[0]
    ids = (UUID(str(row[0])), UUID(str(row[1])), UUID(str(row[2])))
    return Orphan(*ids, bodies.as_sent(session, ids[0], bytes(row[3])), row[4], row[5], row[6])


def begin_item(session: Session, envelope_id: UUID, seq: int) -> None:
    """Note which item is at work, so that a crash names it."""
    statements.TRY.rows(session, {"envelope_id": str(envelope_id), "seq": seq})
