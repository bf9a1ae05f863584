"""What is forgotten with time, in small batches: tombstones, bodies of envelopes, fates on tablets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from sync import changes

Transaction = Callable[[], AbstractContextManager[Session]]

KEEP_TOMBSTONES = timedelta(days=400)
KEEP_BODIES = timedelta(days=400)
# As long as a tablet keeps the items themselves.
KEEP_FATES = timedelta(days=30)
AT_ONCE = 500

_OLD_CHANGE = text("SELECT coalesce(max(change_no), 0) FROM sync.change WHERE committed_at < :before")
# A trigger moves the horizon of the buckets in the same transaction. A row that comes back to life just now
# is locked, and skipped.
_FORGET_TOMBSTONES = text("""
DELETE FROM sync.bucket_entry e
 USING (SELECT bucket, entity, entity_id FROM sync.bucket_entry
         WHERE NOT alive AND change_no <= :change_no
         ORDER BY change_no LIMIT :at_once FOR UPDATE SKIP LOCKED) AS old
 WHERE (e.bucket, e.entity, e.entity_id) = (old.bucket, old.entity, old.entity_id)
""")
# What still waits for the office or for another item is kept whole until it is decided.
_FORGET_BODIES = text("""
WITH old AS (
  SELECT envelope_id, state <> 'received' AND NOT EXISTS (
           SELECT FROM sync.mutation m WHERE m.envelope_id = e.envelope_id
              AND m.device_id = e.device_id AND m.seq >= e.first_seq
              AND m.status IN ('held', 'quarantined', 'conflict')) AS settled
    FROM sync.envelope e
   WHERE envelope_id > CAST(:after AS uuid) AND received_at < :before AND body IS NOT NULL
   ORDER BY envelope_id LIMIT :at_once
), forgotten AS (
  UPDATE sync.envelope e SET body = NULL FROM old
   WHERE e.envelope_id = old.envelope_id AND old.settled AND e.state <> 'received'
  RETURNING e.envelope_id
)
SELECT (SELECT envelope_id FROM old ORDER BY envelope_id DESC LIMIT 1), (SELECT count(*) FROM forgotten)
""")


_OLD_FATES = text("""
SELECT e.entity_id FROM sync.bucket_entry e JOIN sync.outcome o ON o.outcome_id = CAST(e.entity_id AS uuid)
 WHERE e.entity = 'outcome' AND e.alive AND o.fated_at < :before
 ORDER BY e.entity_id LIMIT :at_once FOR UPDATE OF e SKIP LOCKED
""")


def forget_tombstones(transaction: Transaction, now: datetime, at_once: int = AT_ONCE) -> int:
    """Forget tombstones that are older than 400 days, a batch a transaction; return how many.

    A cursor from before a forgotten tombstone of its scope is answered `resync`.
    """
    with transaction() as session:
        newest = session.execute(_OLD_CHANGE, {"before": now - KEEP_TOMBSTONES}).scalar_one()
    return sum(_tombstones(transaction, newest, at_once))


def forget_bodies(transaction: Transaction, now: datetime, at_once: int = AT_ONCE) -> int:
    """Forget the bodies of settled envelopes that are older than 400 days; return how many.

    Hashes and results stay, so a replay still answers as it did at first.
    """
    return sum(_bodies(transaction, now - KEEP_BODIES, at_once))


def withdraw_fates(transaction: Transaction, now: datetime, at_once: int = AT_ONCE) -> int:
    """Take what became of items 30 days ago from the tablets, a batch a transaction; return how many.

    The office keeps it; a fate that changes later is told anew.
    """
    total, gone = 0, at_once
    while gone == at_once:
        with transaction() as session:
            wanted = {"before": now - KEEP_FATES, "at_once": at_once}
            old = session.execute(_OLD_FATES, wanted).scalars().all()
            changes.withdraw(session, "outcome", old)
        gone = len(old)
        total += gone
    return total


def _tombstones(transaction: Transaction, newest: int, at_once: int) -> Iterator[int]:
    gone = at_once
    while gone == at_once:
        with transaction() as session:
            done = session.execute(_FORGET_TOMBSTONES, {"change_no": newest, "at_once": at_once})
            gone = getattr(done, "rowcount", 0)
        yield gone


def _bodies(transaction: Transaction, before: datetime, at_once: int) -> Iterator[int]:
    last: UUID | None = UUID(int=0)
    while last is not None:
        wanted = {"after": str(last), "before": before, "at_once": at_once}
        with transaction() as session:
            last, gone = session.execute(_FORGET_BODIES, wanted).one()
        yield gone
