"""Deciding new items: all together, or each in a savepoint of its own when something is wrong with any."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.orm import Session

from sync.items import Item
from sync.mutations import CommandType, Mutation, Outcome, Sender
from sync.verdicts import CRASHED, verdict

log = structlog.get_logger()

# SQLSTATEs that speak of the database's own trouble, not of the item at work. PostGIS reports a geometry
# that it cannot digest as XX000, so that one is the item's.
_TROUBLE = ("08", "40", "53", "55P03", "57", "58", "XX001", "XX002")


class Faulty(Exception):
    """Something is wrong with one of the items: roll the transaction back and decide them apart."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What sync is handed.

    Attributes:
        command_types: the commands that tablets may send.
        lock: locks existing entities, in the order given.
        missing_photos: returns which of these digests (lower-case hex) are not stored yet.
    """

    command_types: Mapping[str, CommandType]
    lock: Callable[[Session, Sequence[UUID]], None]
    missing_photos: Callable[[Session, Collection[str]], Collection[str]]


def decide(
    session: Session,
    ports: Ports,
    sender: Sender,
    items: Sequence[Item],
    statuses: Mapping[UUID, str],
    now: datetime,
) -> dict[int, Outcome]:
    """Return the outcome of every item by its seq.

    Raises:
        Faulty: an item fails; see `decide_apart`.
        DBAPIError: the database is in trouble or asks to begin anew; nothing is decided then.
    """
    if not items:
        return {}
    try:
        return _Round(session, ports, sender, dict(statuses), now).decide(items)
    except Exception as error:
        _raise_trouble(error)
        log.warning("a batch is applied item by item", device_id=str(sender.device_id), error=repr(error))
        raise Faulty from error


def decide_apart(
    session: Session,
    ports: Ports,
    sender: Sender,
    items: Sequence[Item],
    known: Mapping[UUID, str],
    now: datetime,
    culprit: int | None = None,
) -> dict[int, Outcome]:
    """Return the outcome of every item by its seq. An item that fails is quarantined, its neighbours are not.

    Args:
        culprit: the seq of an item that took the process down before; it is quarantined untried.

    Raises:
        DBAPIError: the database is in trouble or asks to begin anew; nothing is decided then.
    """
    statuses = dict(known)
    outcomes: dict[int, Outcome] = {}
    for item in items:
        outcome = CRASHED if item.seq == culprit else _alone(session, ports, sender, item, statuses, now)
        outcomes[item.seq] = outcome
        statuses[item.mid] = outcome.status
    return outcomes


def _alone(
    session: Session, ports: Ports, sender: Sender, item: Item, statuses: dict[UUID, str], now: datetime
) -> Outcome:
    try:
        with session.begin_nested():
            return _Round(session, ports, sender, dict(statuses), now).decide([item])[item.seq]
    except Exception as error:
        _raise_trouble(error)
        log.exception("an item is quarantined", device_id=str(sender.device_id), seq=item.seq)
        return CRASHED


def _raise_trouble(error: Exception) -> None:
    if isinstance(error, MemoryError | InterfaceError):
        raise error
    if isinstance(error, DBAPIError):
        code = getattr(error.orig, "pgcode", None)
        if error.connection_invalidated or code is None or code.startswith(_TROUBLE):
            raise error


class _Round:
    """One pass over items, in order: runs of one type go to their handler together."""

    def __init__(
        self, session: Session, ports: Ports, sender: Sender, statuses: dict[UUID, str], now: datetime
    ) -> None:
        self.session, self.ports, self.sender, self.now = session, ports, sender, now
        self.statuses = statuses
        self.outcomes: dict[int, Outcome] = {}
        self.run: list[Mutation] = []
        self.named: set[UUID] = set()

    def decide(self, items: Sequence[Item]) -> dict[int, Outcome]:
        self._lock(items)
        for item in items:
            self._take(item)
        self._flush()
        return self.outcomes

    def _lock(self, items: Sequence[Item]) -> None:
        ids = {
            locked
            for item in items
            if item.mutation and item.mutation.type in self.ports.command_types and not self.sender.revoked
            for locked in self.ports.command_types[item.mutation.type].locks(item.mutation)
        }
        if ids:
            self.ports.lock(self.session, sorted(ids))

    def _take(self, item: Item) -> None:
        mutation = item.mutation
        if mutation is not None and self._must_flush_before(mutation):
            self._flush()
        early = verdict(item, self.sender, self.ports.command_types, self.statuses)
        if early is not None or mutation is None:
            self._note(item.seq, item.mid, early or CRASHED)
        else:
            self.run.append(mutation)
            self.named.add(mutation.entity_id)

    def _must_flush_before(self, mutation: Mutation) -> bool:
        if not self.run:
            return False
        if self.run[0].type != mutation.type:
            return True
        if self.ports.command_types[mutation.type].makes and mutation.entity_id in self.named:
            return True
        return any(earlier.mid in mutation.depends_on for earlier in self.run)

    def _flush(self) -> None:
        if not self.run:
            return
        run, self.run, self.named = self.run, [], set()
        handler = self.ports.command_types[run[0].type].handler
        outcomes = handler(self.session, self.sender, run, self.now)
        for mutation, outcome in zip(run, outcomes, strict=True):
            orjson.dumps([outcome.problem, outcome.current])
            self._note(mutation.seq, mutation.mid, outcome)

    def _note(self, seq: int, mid: UUID, outcome: Outcome) -> None:
        self.outcomes[seq] = outcome
        self.statuses[mid] = outcome.status
