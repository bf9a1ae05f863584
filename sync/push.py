"""A push: stored first, then decided item by item in one transaction under a lock on the device."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import uuid6
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from sync import gaps, inbox, waiting
from sync.clock import clock_of
from sync.decide import Faulty, Ports, decide, decide_apart
from sync.envelope import Envelope
from sync.errors import SeqGap
from sync.inbox import Kept
from sync.items import Item
from sync.mutations import Outcome, Sender, Warning
from sync.timing import timed
from sync.verdicts import CLASH, Known, Prior, Sorted, refuse_gap, sort_items

Transaction = Callable[[], AbstractContextManager[Session]]
T = TypeVar("T")

ATTEMPTS = 6
MET_ANOTHER = frozenset({"40P01", "40001"})
FAR_OFF_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Stored:
    """An envelope that is safe in the inbox and waits for its results.

    `over_holes`: it came by a file that lacks earlier items; `acked_through` then stays before the hole.
    """

    envelope_id: UUID
    envelope: Envelope
    received_at: datetime
    over_holes: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """The answer to a push, and whether a held item waits for something that it brought."""

    answer: dict[str, Any]
    awaited: bool


def push(
    transaction: Transaction,
    ports: Ports,
    sender: Sender,
    envelope: Envelope,
    body: bytes,
    now: datetime,
    beside: Callable[[Session], object] | None = None,
    *,
    awaited: Callable[[], object] | None = None,
    over_holes: bool = False,
) -> dict[str, Any]:
    """Store an envelope, decide its items, and return the answer after both are committed.

    Args:
        beside: keeps what came along with the envelope, in its transaction; called anew after a deadlock.
        awaited: called after the commit when a held item waits for something that was now done.
        over_holes: see `Stored`; SeqGap is never raised then.

    Raises:
        SeqGap: items before the first one are missing; the envelope is kept with this answer.
    """
    stored = Stored(UUID(str(uuid6.uuid7())), envelope, now, over_holes)

    def keep() -> None:
        with transaction() as session:
            if beside is not None:
                beside(session)
            # The commit of the results flushes this one too; what stands beside is told of at once.
            inbox.store(
                session, stored.envelope_id, envelope, body, sender.user_id, now, lazily=beside is None
            )

    again_after_deadlock(keep)
    settled = settle(transaction, ports, sender, stored, now)
    if settled.awaited and awaited is not None:
        awaited()
    return settled.answer


def settle(transaction: Transaction, ports: Ports, sender: Sender, stored: Stored, now: datetime) -> Settled:
    """Decide a stored envelope in one transaction; a deadlock begins it anew, an item that fails too."""

    def once(*, apart: bool = False) -> Settled:
        with transaction() as session:
            return apply(session, ports, sender, stored, now, apart=apart)

    try:
        return again_after_deadlock(once)
    except Faulty:
        return again_after_deadlock(lambda: once(apart=True))
    except SeqGap as gap:
        with transaction() as session:
            answer = {"type": "/problems/seq-gap", "detail": gap.detail, **gap.extra}
            inbox.refuse(session, stored.envelope_id, answer, now)
        raise


def again_after_deadlock(act: Callable[[], T]) -> T:
    """Return what `act` returns; run it anew when another transaction had to go first."""
    for attempt in range(1, ATTEMPTS):
        try:
            return act()
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) not in MET_ANOTHER:
                raise
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)
    return act()


def apply(
    session: Session,
    ports: Ports,
    sender: Sender,
    stored: Stored,
    now: datetime,
    *,
    apart: bool,
    culprit: int | None = None,
    closes: bool = True,
) -> Settled:
    """Decide the items of a stored envelope in this transaction and return the answer.

    Args:
        apart: decide each item in a savepoint of its own.
        culprit: see `decide_apart`.
        closes: whether these are the last items of the envelope.

    Raises:
        Faulty: an item fails, and they were not decided apart.
    """
    envelope = stored.envelope
    known = inbox.known(session, envelope)
    sender = facing(sender, stored, known)
    hole = stored.over_holes and envelope.first_seq > known.acked_through + 1
    if not hole:
        refuse_gap(envelope, known.acked_through)
    clock = clock_of(envelope.clock, known.clock, stored.received_at, sender.enrolled_at)
    found = sort_items(timed(envelope.items, clock), known)
    if apart:
        outcomes = decide_apart(session, ports, sender, found.fresh, known.statuses, now, culprit)
    else:
        outcomes = decide(session, ports, sender, found.fresh, known.statuses, now)
    kept = _kept(found, outcomes, _clock_warnings(sender))
    acked = max(known.acked_through, envelope.last_seq if envelope.items and not hole else 0)
    waiting.note(session, sender.device_id, outcomes)
    gaps.store(
        session,
        sender.device_id,
        sender.user_id,
        [one.mutation for one in found.fresh if one.mutation],
        outcomes,
        now,
    )
    awaited = inbox.keep(
        session, sender, stored.envelope_id, kept, clock, acked_through=acked, now=now, closes=closes
    )
    answer = {
        "batch_id": envelope.batch_id,
        "received_at": stored.received_at.isoformat().replace("+00:00", "Z"),
        "clock_offset_ms": sender.clock_offset_ms,
        "acked_through": acked,
        "results": _answered(session, ports, envelope.items, found.replayed, kept),
    }
    return Settled(answer, awaited)


def facing(sender: Sender, stored: Stored, known: Known) -> Sender:
    """Return the sender of a stored envelope as its items are to be decided: by scope and clock."""
    offset = clock_offset_ms(stored.envelope.clock.wall, stored.received_at)
    return replace(sender, clock_offset_ms=offset, pulled_scope=known.pulled_scope)


def clock_offset_ms(wall: datetime | None, received_at: datetime) -> int | None:
    """Return by how many milliseconds the tablet's clock is ahead of the server's."""
    return None if wall is None else round((wall - received_at).total_seconds() * 1000)


def _clock_warnings(sender: Sender) -> tuple[Warning, ...]:
    offset = sender.clock_offset_ms
    if offset is None or abs(offset) <= FAR_OFF_MS:
        return ()
    hours = round(offset / 3_600_000, 1)
    detail = f"The tablet's clock differs by {hours} hours; set it. The server's time counts."
    return (Warning("clock-far-off", "", detail, f"平板时钟相差 {hours} 小时，请校准；以服务器时间为准。"),)


def _kept(found: Sorted, outcomes: Mapping[int, Outcome], warnings: tuple[Warning, ...]) -> list[Kept]:
    fresh = [_keep(item, outcomes[item.seq], warnings, clash=False) for item in found.fresh]
    return fresh + [_keep(item, CLASH, warnings, clash=True) for item in found.clashes]


def _keep(item: Item, outcome: Outcome, warnings: Sequence[Warning], *, clash: bool) -> Kept:
    told = (*outcome.warnings, *item.warnings, *warnings)
    result = {
        "mid": item.sent_mid,
        "seq": item.seq,
        "status": outcome.status,
        "entity_id": str(item.mutation.entity_id) if item.mutation else None,
        "version": outcome.version,
        "warnings": [warning.as_json() for warning in told],
        "problem": outcome.problem,
        "current": outcome.current,
    }
    return Kept(item, outcome.status, result, clash)


def _answered(
    session: Session,
    ports: Ports,
    items: Sequence[Item],
    replayed: Mapping[int, Prior],
    kept: Sequence[Kept],
) -> list[dict[str, Any]]:
    results = {one.item.seq: (one.result, False) for one in kept}
    results.update({seq: (prior.result, True) for seq, prior in replayed.items()})
    named = {item.seq: _photos(ports, item, results[item.seq][0]["status"]) for item in items}
    wanted = {digest for digests in named.values() for digest in digests}
    missing: Collection[str] = ports.missing_photos(session, wanted) if wanted else ()
    return [
        {
            **results[item.seq][0],
            "replayed": results[item.seq][1],
            "missing_photos": [digest for digest in named[item.seq] if digest in missing],
        }
        for item in items
    ]


def _photos(ports: Ports, item: Item, status: str) -> Sequence[str]:
    command = ports.command_types.get(item.mutation.type) if item.mutation else None
    if command is None or item.mutation is None or status == "rejected":
        return ()
    try:
        return list(dict.fromkeys(command.photos(item.mutation)))
    except (TypeError, ValueError, AttributeError, KeyError):
        return ()
