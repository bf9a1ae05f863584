"""Use cases of tablets: handing in, fetching, and settling what a crash left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.communities import queries as places
from server.communities.service import local_day
from server.db import Database
from server.fieldsync.errors import DeviceMismatch
from server.fieldsync.receipts import Receipts
from server.fieldsync.rules import scope_of
from server.fieldsync.senders import sender_behind
from server.ledger import queries as ledger
from server.photos import service as photos
from server.settings import Settings
from sync import cursor as cursors
from sync import envelope, orphans
from sync import pull as pulling
from sync import push as pushing
from sync import release as releasing
from sync.decide import Ports
from sync.mutations import CommandType, Sender

MAX_STORED_MUTATIONS = 2**31


def ports(command_types: Mapping[str, CommandType]) -> Ports:
    """Return what sync is handed: the commands, the locks on cases, and which photos are missing."""
    return Ports(command_types, ledger.lock, photos.missing_of)


def sender_of(actor: Actor) -> Sender:
    """Return a person at a tablet as sync knows them."""
    assert actor.device_id is not None
    return Sender(
        user_id=actor.user_id,
        device_id=actor.device_id,
        role=actor.role,
        unit_code=actor.unit_code,
        username=actor.username,
        revoked=actor.device_revoked,
        enrolled_at=actor.device_enrolled_at,
    )


def push(
    database: Database,
    handed: Ports,
    sender: Sender,
    body: bytes,
    keep_photos: Callable[[Session], object] | None,
    *,
    awaited: Callable[[], object],
    receipts: Receipts,
    now: datetime,
    max_mutations: int,
) -> dict[str, Any]:
    """Take a batch in and return the answer with a receipt, when batch and results are committed.

    Args:
        keep_photos: keeps the photos that came along, in the transaction that stores the batch.
        awaited: called after the commit when held items wait for something in the batch.

    Raises:
        UnreadableEnvelope, TooManyMutations, DeviceMismatch: nothing is stored.
        SeqGap: see `sync.push`.
    """
    read = envelope.read(body, max_mutations=max_mutations)
    if read.device_id != sender.device_id:
        raise DeviceMismatch
    receipts.publish(database, now)
    answer = pushing.push(database.transaction, handed, sender, read, body, now, keep_photos, awaited=awaited)
    return answer | {"receipt": receipts.receipt(read, answer, now)}


def pull(
    database: Database,
    actor: Actor,
    *,
    cursor: str | None,
    limit: int,
    resync: frozenset[str],
    now: datetime,
    secret: str,
) -> bytes:
    """Return one page of the tablet's scope as JSON; after the last page its scope is remembered.

    Raises:
        CursorInvalid: the cursor was not given out to this device.
    """
    holder = str(actor.device_id)
    read = cursors.read(cursor, secret, holder) if cursor else None
    with database.snapshot() as session:
        scope = scope_of(actor, places.cells_of(session, actor.user_id, local_day(now)))
        page = pulling.pull(session, scope=scope, cursor=read, limit=limit, resync=resync)
    if not page.more and actor.device_id is not None:
        with database.transaction() as session:
            # This answer may be lost: until the tablet comes back with its cursor, it goes by the one before.
            pulling.remember(session, actor.device_id, scope | (read.scope if read else frozenset()), now)
    return page.as_json(cursors.write(page.cursor, secret, holder))


def apply_orphans(database: Database, command_types: Mapping[str, CommandType], now: datetime) -> int:
    """Apply stored envelopes that a crash left without results; return how many were settled."""
    return orphans.apply_orphans(database.transaction, ports(command_types), sender_behind, now)


def release_held(database: Database, command_types: Mapping[str, CommandType], now: datetime) -> int:
    """Let held items go on for which something has arrived; return how many were decided."""
    return releasing.release(database.transaction, ports(command_types), sender_behind, now)


def config(settings: Settings) -> dict[str, int]:
    """Return the limits that a tablet should know."""
    sizes = ("max_inflated_bytes", "max_body_bytes", "upload_chunk_bytes", "max_photo_bytes")
    names = ("max_mutations", *sizes, "device_uploads_at_once")
    return {name: getattr(settings, name) for name in names}
