"""The items of a push, what becomes of each, and the kinds of command that rooms offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from sync.clock import ItemTime

Status = Literal["applied", "merged", "conflict", "held", "quarantined", "rejected"]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who pushes: a person at a device.

    `pulled_scope` holds the buckets that the device last pulled to the end, read when the push is decided.
    `clock_offset_ms` is how far the tablet's clock stands before the server's; None when it sent no clock.
    `escrow` names the problem for which everything from a `revoked` device waits for the office;
    `approved` says that the office has looked at the item and lets it stand wherever it lies.
    """

    user_id: UUID
    device_id: UUID
    role: str
    unit_code: str
    username: str
    pulled_scope: frozenset[str] = frozenset()
    revoked: bool = False
    escrow: str = "device-revoked"
    approved: bool = False
    clock_offset_ms: int | None = None
    enrolled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mutation:
    """One item as the tablet sent it; `digest` is the SHA-256 of its canonical JSON (RFC 8785).

    `time` says when it was made; nothing is decided by it.
    """

    mid: UUID
    seq: int
    type: str
    entity_id: UUID
    device_time: datetime | None
    base_version: int | None
    depends_on: tuple[UUID, ...]
    data: Mapping[str, Any]
    digest: bytes
    time: ItemTime = field(default_factory=ItemTime)


@dataclass(frozen=True, slots=True)
class Warning:
    """Something the office or the worker should know; it refuses nothing."""

    type: str
    pointer: str
    detail: str
    detail_zh: str

    def as_json(self) -> dict[str, str]:
        """Return `{type, pointer, detail, detail_zh}`."""
        return {
            "type": self.type,
            "pointer": self.pointer,
            "detail": self.detail,
            "detail_zh": self.detail_zh,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item. `problem` is a problem document, `current` the entity as it is.

    `waits_for` says what a held item waits for, each as `kind:key`: `mid:<mid>` another item, `type:<name>` a
    command that the server learns, `<entity>:<id>` a record that travels (`case:…`, `checklist:sha256:…`), or
    `leader` a person. Any of them lets it be tried again; without one it waits for a person.
    """

    status: Status
    version: int | None = None
    warnings: tuple[Warning, ...] = ()
    problem: Mapping[str, Any] | None = None
    current: Mapping[str, Any] | None = None
    waits_for: tuple[str, ...] = ()


class Handler(Protocol):
    """Applies a run of items of one type, in order, set-wise; returns one outcome an item.

    What is wrong with an item is an outcome, not an exception. An exception makes sync roll back
    and hand the items in again one by one, so a handler must not keep anything outside the session.
    """

    def __call__(
        self, session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
    ) -> Sequence[Outcome]:
        """Return one outcome an item, in order."""


@dataclass(frozen=True, slots=True)
class CommandType:
    """A named command that tablets may send.

    Attributes:
        name: the `type` of the mutation.
        handler: applies it.
        locks: the ids of existing cases that an item touches; sync's caller locks them first, sorted.
        photos: the digests (lower-case hex) an item names as evidence.
        instead: makes of an item whose record stands already (given as `current`) what the office applies in
            its place, as a new record with this id; None where only a conflict makes sense.
        makes: whether an item makes a record; the handler is never handed two of one id together, so that
            the second meets what became of the first.
    """

    name: str
    handler: Handler
    locks: Callable[[Mutation], Sequence[UUID]] = field(default=lambda mutation: ())
    photos: Callable[[Mutation], Sequence[str]] = field(default=lambda mutation: ())
    instead: Callable[[Mutation, Mapping[str, Any], UUID], Mutation | None] = field(
        default=lambda mutation, current, new_id: None
    )
    makes: bool = False
