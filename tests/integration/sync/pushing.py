"""Builders of pushes, and a small command whose effect can be counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import uuid6
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.db import Database
from sync import changes, envelope
from sync.decide import Ports
from sync.entity import Wire, cell_bucket
from sync.mutations import CommandType, Mutation, Outcome, Sender
from sync.push import push

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
CELL = "370831001001001"
Obey = Callable[[Session, Mutation], Outcome]


def write_note(session: Session, mutation: Mutation) -> Outcome:
    """Put a note into its cell; every effect raises the note's rev by one."""
    bucket = cell_bucket(str(mutation.data.get("cell", CELL)))
    note = Wire(str(mutation.entity_id), 1, frozenset({bucket}), dict(mutation.data), mutation.mid)
    changes.put(session, "note", [note])
    return Outcome("applied", version=1)


def command(name: str = "note.write", obey: Obey = write_note) -> CommandType:
    """Return a command type that obeys each item by itself."""

    def handler(
        session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
    ) -> Sequence[Outcome]:
        return [obey(session, mutation) for mutation in mutations]

    return CommandType(name, handler, photos=lambda mutation: mutation.data.get("photos", ()))


def ports(*commands: CommandType, missing: Collection[str] = ()) -> Ports:
    """Return ports with these commands (default: `note.write`) and these photos not arrived."""
    types = {one.name: one for one in commands or (command(),)}
    return Ports(types, lambda session, ids: None, lambda session, digests: set(missing) & set(digests))


def an_item(seq: int, **overrides: Any) -> dict[str, Any]:
    """Return an item as a tablet would send it."""
    sent = {
        "mid": str(uuid6.uuid7()),
        "seq": seq,
        "type": "note.write",
        "entity_id": str(uuid6.uuid7()),
        "device_time": "2026-11-22T09:00:00+08:00",
        "base_version": None,
        "depends_on": [],
        "data": {"text": f"note {seq}"},
    }
    return sent | overrides


@dataclass
class Tablet:
    """A device that pushes straight into the engine."""

    database: Database
    ports: Ports = field(default_factory=ports)
    device_id: UUID = field(default_factory=lambda: UUID(str(uuid6.uuid7())))
    user_id: UUID = field(default_factory=lambda: UUID(str(uuid6.uuid7())))
    revoked: bool = False

    @property
    def sender(self) -> Sender:
        """Who this tablet is to sync."""
        return Sender(
            self.user_id, self.device_id, "grid_worker", "sihe", "w1", frozenset(), revoked=self.revoked
        )

    def body(self, items: Sequence[Any], first_seq: int | None = None, **overrides: Any) -> bytes:
        """Return the bytes of an envelope."""
        first = first_seq if first_seq is not None else items[0]["seq"]
        document = {"batch_id": "b", "device_id": str(self.device_id), "first_seq": first}
        return orjson.dumps(document | {"mutations": list(items)} | overrides)

    def push(
        self,
        items: Sequence[Any],
        *,
        now: datetime = NOW,
        awaited: Callable[[], object] | None = None,
        **overrides: Any,
    ) -> dict[str, Any]:
        """Push these items and return the answer."""
        return self.push_bytes(self.body(items, **overrides), now=now, awaited=awaited)

    def push_bytes(
        self, body: bytes, *, now: datetime = NOW, awaited: Callable[[], object] | None = None
    ) -> dict[str, Any]:
        """Push this body and return the answer."""
        read = envelope.read(body, max_mutations=500)
        return push(self.database.transaction, self.ports, self.sender, read, body, now, awaited=awaited)


def statuses(answer: dict[str, Any]) -> list[str]:
    """Return the status of every result, in order."""
    return [result["status"] for result in answer["results"]]


def rows(database: Database, sql: str, **values: Any) -> list[Any]:
    """Return what plain SQL says."""
    with database.transaction() as session:
        return list(session.execute(text(sql), values).all())
