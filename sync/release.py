"""Held items go on when what they wait for has arrived: in order, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from sync import fates, inbox, undecided, waiting
from sync.decide import Ports, decide_apart
from sync.mutations import Outcome, Sender
from sync.push import Transaction, again_after_deadlock, facing
from sync.undecided import Undecided
from sync.waiting import START, Place

log = structlog.get_logger()

DEATHS = 2
PAGE = 500
SenderOf = Callable[[Session, UUID, UUID], Sender | None]


def release(transaction: Transaction, ports: Ports, sender_of: SenderOf, now: datetime) -> int:
    """Try the held items for which something has arrived, until none is left; return how many were decided.

    An item that took two processes down is quarantined untried. Running it twice, or twice at once, or cut
    off anywhere, does nothing twice.
    """
    total = 0
    while decided := _round(transaction, ports, sender_of, now):
        total += decided
    return total


def _round(transaction: Transaction, ports: Ports, sender_of: SenderOf, now: datetime) -> int:
    decided, after = 0, START
    while True:
        with transaction() as session:
            places = waiting.ready(session, ports.command_types, after=after, limit=PAGE)
        decided += sum(_go_on(transaction, ports, sender_of, place, now) for place in places)
        if len(places) < PAGE:
            return decided
        after = places[-1]


def _go_on(transaction: Transaction, ports: Ports, sender_of: SenderOf, place: Place, now: datetime) -> bool:
    """Try one item, the try announced before, so that a crash is counted; return whether it was decided."""
    with transaction() as session:
        attempts = waiting.begin(session, place)
    if attempts is None:
        return False

    def once() -> bool:
        with transaction() as session:
            return _try(session, ports, sender_of, place, now, killed=attempts > DEATHS)

    try:
        return again_after_deadlock(once)
    except Exception:
        with transaction() as session:
            waiting.begin(session, place, by=-1)
        raise


def _try(
    session: Session, ports: Ports, sender_of: SenderOf, place: Place, now: datetime, *, killed: bool
) -> bool:
    for one in undecided.find(session, place, "held"):
        sender = sender_of(session, place.device_id, one.user_id)
        outcome = None if sender is None else again(session, ports, sender, one, now, killed=killed)
        if outcome is not None:
            fates.record(session, one, outcome, now)
            log.info("a held item", device_id=str(place.device_id), seq=place.seq, status=outcome.status)
            return outcome.status != "held"
    return False


def again(
    session: Session, ports: Ports, sender: Sender, one: Undecided, now: datetime, *, killed: bool = False
) -> Outcome | None:
    """Decide an item anew under the device's lock, in a savepoint; None when it was decided meanwhile.

    It was taken in when the device was in order, so a later revocation does not touch it.

    Args:
        killed: trying it took processes down; it is quarantined untried.
    """
    known = inbox.known(session, one.stored.envelope)
    present = {(prior.seq, prior.mid, prior.digest): prior.status for prior in known.priors}
    if present.get((one.place.seq, one.item.mid, one.item.digest)) != one.status:
        return None
    facing_now = replace(facing(sender, one.stored, known), revoked=False)
    culprit = one.place.seq if killed else None
    decided = decide_apart(session, ports, facing_now, [one.item], known.statuses, now, culprit)
    return decided[one.place.seq]
