"""Telling the tablets: what changed, in which buckets, in the transaction that changed it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from sync.entity import Travelling, Wire
from sync.fixed import Fixed

_PUT_SQL = (
    "SELECT sync.put_wires(:entity{n}, CAST(:ids{n} AS text[]), CAST(:versions{n} AS integer[]),"
    " CAST(:mids{n} AS uuid[]), CAST(:bodies{n} AS text[]), CAST(:bucket_ids{n} AS text[]),"
    " CAST(:buckets{n} AS text[]))"
)
_PUT = Fixed(_PUT_SQL.format(n=""))
_PUT_BOTH = Fixed(f"{_PUT_SQL.format(n='')}; {_PUT_SQL.format(n='_2')}")

_LOCK = Fixed(
    "SELECT 1 FROM sync.entity_state WHERE entity = :entity AND entity_id = ANY(CAST(:ids AS text[]))"
    " ORDER BY entity_id FOR UPDATE"
)

_STANDING = Fixed(
    "SELECT DISTINCT entity_id FROM sync.bucket_entry"
    " WHERE entity = :entity AND entity_id = ANY(CAST(:ids AS text[])) AND alive"
)


def append(session: Session, entity: str, ids: Iterable[object]) -> None:
    """Load the records as they now are and tell the tablets; an id that is gone becomes a tombstone.

    The session must carry the travelling entities in `session.info["travelling"]`.
    """
    wanted = [str(entity_id) for entity_id in ids]
    if not wanted:
        return
    travelling: Travelling = session.info["travelling"]
    session.flush()
    # Two transactions that change parts of one record (two photos arriving) must not overwrite each
    # other's wire form with one loaded before the other's commit.
    _LOCK.rows(session, {"entity": entity, "ids": wanted})
    put(session, entity, travelling[entity].load(session, wanted))
    for carrier in travelling[entity].carried_in:
        standing = _STANDING.rows(session, {"entity": carrier, "ids": wanted})
        append(session, carrier, [row[0] for row in standing])


def refresh_copies(session: Session, entity: str, ids: Sequence[str]) -> None:
    """Tell the tablets anew of the records that hold copies of these."""
    travelling: Travelling = session.info["travelling"]
    for other in travelling.values():
        if entity in other.copies:
            append(session, other.name, other.copies[entity](session, ids))


def put(session: Session, entity: str, wires: Sequence[Wire]) -> None:
    """Store these wire forms and move their bucket rows forward; buckets no longer named get a tombstone.

    A record may stand in `wires` once. `rev` rises by one with every call.
    """
    if wires:
        _PUT.rows(session, _bound(entity, wires))


def put_both(session: Session, first: tuple[str, Sequence[Wire]], second: tuple[str, Sequence[Wire]]) -> None:
    """Do what `put` does for two entities, in one round trip."""
    if not first[1] or not second[1]:
        put(session, *first)
        put(session, *second)
        return
    others = {f"{name}_2": value for name, value in _bound(*second).items()}
    _PUT_BOTH.rows(session, {**_bound(*first), **others})


def _bound(entity: str, wires: Sequence[Wire]) -> dict[str, Any]:
    placed = sorted((wire.entity_id, bucket) for wire in wires for bucket in wire.buckets)
    ordered = sorted(wires, key=lambda wire: wire.entity_id)
    return {
        "entity": entity,
        "ids": [wire.entity_id for wire in ordered],
        "versions": [wire.version for wire in ordered],
        "mids": [str(wire.mid) if wire.mid else None for wire in ordered],
        "bodies": [orjson.dumps(wire.data).decode() for wire in ordered],
        "bucket_ids": [entity_id for entity_id, _ in placed],
        "buckets": [bucket for _, bucket in placed],
    }


def withdraw(session: Session, entity: str, ids: Iterable[object]) -> None:
    """Take records that no longer exist from every bucket."""
    session.execute(
        text(
            "UPDATE sync.bucket_entry SET alive = false, rev = rev + 1, change_no = NULL,"
            " digest = sync.entry_digest(entity, entity_id, rev + 1)"
            " WHERE entity = :entity AND entity_id = ANY(CAST(:ids AS text[])) AND alive"
        ),
        {"entity": entity, "ids": [str(entity_id) for entity_id in ids]},
    )
