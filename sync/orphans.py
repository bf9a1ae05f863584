"""Stored envelopes without a result, left by a crash between storing and applying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from sync import envelope as envelopes
from sync import inbox
from sync.decide import Ports
from sync.errors import SeqGap, SyncError
from sync.inbox import Orphan
from sync.mutations import Sender
from sync.push import Stored, Transaction, again_after_deadlock, apply, settle

log = structlog.get_logger()

AGE = timedelta(minutes=5)
DEATHS = 2
SenderOf = Callable[[Session, UUID, UUID], Sender | None]


def apply_orphans(
    transaction: Transaction, ports: Ports, sender_of: SenderOf, now: datetime, limit: int = 100
) -> int:
    """Apply what was stored more than five minutes ago and never got a result; return how many were settled.

    An envelope that took two processes down goes item by item, and the item at work then is quarantined.
    Running it twice, or beside a tablet that sends again, does nothing twice.
    """
    with transaction() as session:
        waiting = inbox.orphans(session, now - AGE, limit)
    return sum(_settle(transaction, ports, sender_of, envelope_id, now) for envelope_id in waiting)


def _settle(
    transaction: Transaction, ports: Ports, sender_of: SenderOf, envelope_id: UUID, now: datetime
) -> bool:
    with transaction() as session:
        orphan = inbox.take(session, envelope_id)
        sender = sender_of(session, orphan.device_id, orphan.user_id) if orphan else None
    if orphan is None or sender is None:
        return False
    try:
        sent = envelopes.read(orphan.body, max_mutations=2**31)
        stored = Stored(envelope_id, sent, orphan.received_at)
        if orphan.attempts > DEATHS:
            _carefully(transaction, ports, sender, stored, orphan, now)
        else:
            settle(transaction, ports, sender, stored, now)
    except SeqGap:
        return True
    except SyncError:
        log.exception("a stored envelope cannot be read", envelope_id=str(envelope_id))
        return False
    return True


def _carefully(
    transaction: Transaction, ports: Ports, sender: Sender, stored: Stored, orphan: Orphan, now: datetime
) -> None:
    """Apply one item a transaction, each announced before, so that a crash names its item."""
    for item in stored.envelope.items:
        with transaction() as session:
            inbox.begin_item(session, stored.envelope_id, item.seq)
        alone = replace(stored, envelope=replace(stored.envelope, first_seq=item.seq, items=(item,)))
        culprit = item.seq if item.seq == orphan.trying_seq else None
        last = item.seq == stored.envelope.last_seq

        def once(alone: Stored = alone, culprit: int | None = culprit, last: bool = last) -> None:
            with transaction() as session:
                apply(session, ports, sender, alone, now, apart=True, culprit=culprit, closes=last)

        again_after_deadlock(once)
