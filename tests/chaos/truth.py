"""Reading, when all traffic has stopped, what the server's tables say and what a tablet knows."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from server import wiring
from server.ledger.errors import FaultyHistory
from server.ledger.verify import verify
from server.photos.store import PhotoStore
from sync.client import Client, Item
from tests.chaos.model import Key, Record, Sent, Tablet, Truth

AT_ONCE = 500
NOT_SEEN = frozenset({403, 404})
MUTATIONS = "SELECT device_id, seq, mid, result ->> 'status' FROM sync.mutation WHERE NOT clash"
INSPECTIONS = "SELECT inspection_id, device_id FROM server.inspection"
CASES = 'SELECT case_id FROM server."case"'
# A note of the chaos bears its own mark, so that each can be counted.
NOTES = (
    "SELECT words ->> 'text', count(*) FROM server.case_entry_private p JOIN server.case_entry e"
    " USING (case_id, seq) WHERE e.command = 'case.note' GROUP BY 1"
)
RECORDS = (
    "SELECT b.bucket, b.entity, b.entity_id, b.version, b.rev, s.body::text"
    " FROM sync.bucket_entry b JOIN sync.entity_state s USING (entity, entity_id) WHERE b.alive"
)


def truth_of(session: Session) -> Truth:
    """Return what stands in the tables; `session` must see one moment."""
    mutations: dict[tuple[str, int], list[tuple[str, str]]] = defaultdict(list)
    for device_id, seq, mid, status in session.execute(text(MUTATIONS)):
        mutations[str(device_id), seq].append((str(mid), status))
    inspections = {str(one): str(device) for one, device in session.execute(text(INSPECTIONS))}
    effects = dict.fromkeys(inspections, 1)
    effects |= {str(case_id): 1 for case_id in session.execute(text(CASES)).scalars()}
    effects |= {str(mark): count for mark, count in session.execute(text(NOTES))}
    records = _records(session)
    return Truth(mutations, effects, inspections, records, _stale(session, records), _ledger(session))


def _records(session: Session) -> dict[str, dict[Key, Record]]:
    found: dict[str, dict[Key, Record]] = defaultdict(dict)
    for bucket, entity, entity_id, version, rev, body in session.execute(text(RECORDS)):
        found[bucket][bucket, entity, entity_id] = (version, rev, canonical(orjson.loads(body)))
    return found


def _stale(session: Session, records: Mapping[str, Mapping[Key, Record]]) -> list[str]:
    """Return the records that the tablets know otherwise than their tables say."""
    known: dict[tuple[str, str], tuple[set[str], str]] = {}
    for bucket in records.values():
        for (name, entity, entity_id), (_, _, data) in bucket.items():
            known.setdefault((entity, entity_id), (set(), data))[0].add(name)
    ids: dict[str, list[str]] = defaultdict(list)
    for entity, entity_id in known:
        ids[entity].append(entity_id)
    stale = []
    for entity, wanted in ids.items():
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            wires = {wire.entity_id: wire for wire in wiring.TRAVELLING[entity].load(session, part)}
            stale += [f"{entity} {one}" for one in part if _differs(known[entity, one], wires.get(one))]
    return stale


def _differs(known: tuple[set[str], str], wire: Any) -> bool:
    if wire is None:
        return True
    return known != (set(wire.buckets), canonical(orjson.loads(orjson.dumps(wire.data))))


def _ledger(session: Session) -> str:
    try:
        verify(session)
    except FaultyHistory as fault:
        return str(fault)
    return ""


def tablet_of(client: Client, file: Path, scope: frozenset[str], store: PhotoStore) -> Tablet:
    """Return what a tablet with this file knows; each of its photos is read back from the server."""
    with closing(sqlite3.connect(file)) as db:
        rows = db.execute("SELECT bucket, entity, id, version, rev, data FROM record").fetchall()
    records = {(row[0], row[1], row[2]): (row[3], row[4], canonical(orjson.loads(row[5]))) for row in rows}
    photos = {digest: _reads_back(client, digest, store) for digest in client.store.photos(waiting=False)}
    return Tablet(client.device_id, scope, [_sent(item) for item in client.store.items()], records, photos)


def _sent(item: Item) -> Sent:
    kind = item.body["type"]
    mark = item.body["data"]["text"] if kind == "case.note" else item.body["entity_id"]
    return Sent(item.seq, item.mid, kind, mark, item.status, item.result["status"] if item.result else None)


def _reads_back(client: Client, digest: str, store: PhotoStore) -> bool:
    """Return whether a photo comes back whole; one that its worker may not see is read where it lies."""
    answer = client.line.call("GET", f"/sync/v1/photos/{digest}", expect=NOT_SEEN)
    content = answer.content
    if answer.status_code in NOT_SEEN:
        original = store.original(bytes.fromhex(digest))
        content = original.read_bytes() if original.exists() else b""
    return hashlib.sha256(content).hexdigest() == digest


def canonical(data: Any) -> str:
    """Return JSON whose members are in one order."""
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()
