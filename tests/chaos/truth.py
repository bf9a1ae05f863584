"""Reading, when all traffic has stopped, what the server's tables say and what a tablet knows."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from tests.chaos.fates import Ground, Sent
from tests.chaos.model import MARKED, Key, Record, Tablet, Truth

AT_ONCE = 500
NOT_SEEN = frozenset({403, 404})
MUTATIONS = "SELECT device_id, seq, mid, result ->> 'status' FROM sync.mutation WHERE NOT clash"
INSPECTIONS = "SELECT inspection_id, device_id FROM server.inspection"
CASES = 'SELECT case_id FROM server."case"'
MADE = (
    "SELECT facility_id FROM geo.facility UNION ALL SELECT site_id FROM server.charging_site"
    " UNION ALL SELECT complaint_id FROM server.complaint"
)
# A note of the chaos bears its own mark, so that each can be counted.
NOTES = (
    "SELECT coalesce(words ->> 'text', words ->> 'note'), count(*) FROM server.case_entry_private p"
    " JOIN server.case_entry e USING (case_id, seq)"
    " WHERE e.command IN ('case.note', 'case.record_refusal') GROUP BY 1"
)
VERSIONS = (
    "SELECT facility_id, version FROM geo.facility"
    " UNION ALL SELECT site_id, version FROM server.charging_site"
    " UNION ALL SELECT community_id, version FROM geo.community"
)
EDITS = (
    "SELECT entity_id, count(*) FROM sync.mutation WHERE NOT clash AND status IN ('applied', 'merged')"
    " AND type IN ('facility.edit', 'charging_site.edit', 'community.edit') GROUP BY 1"
)
POINTS = "SELECT track_id, point_count FROM server.track"
VERIFIED = (
    "SELECT e.case_id, d.device_id, count(*) FROM server.case_entry e"
    " JOIN server.device d ON d.user_id = e.actor_id"
    " WHERE e.command = 'case.verify' GROUP BY 1, 2"
)
ASKED = (
    "SELECT DISTINCT e.case_id, d.device_id FROM server.case_entry e"
    " JOIN server.device d ON d.user_id = (e.canonical::jsonb #>> '{facts,worker}')::uuid"
    " WHERE e.command = 'case.ask_verification'"
)
CELLS = (
    "SELECT community_id, array_agg(grid_cell_code) FROM geo.community_cell GROUP BY 1"
    ' UNION ALL SELECT case_id, array_remove(ARRAY[grid_cell_code], NULL) FROM server."case"'
)
COMMUNITIES = (
    "SELECT facility_id, community_id FROM geo.facility"
    " UNION ALL SELECT site_id, community_id FROM server.charging_site"
    " UNION ALL SELECT community_id, community_id FROM geo.community"
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
    effects |= {str(one): 1 for one in session.execute(text(MADE)).scalars()}
    effects |= {str(mark): count for mark, count in session.execute(text(NOTES))}
    records = _records(session)
    return Truth(
        mutations,
        effects,
        inspections,
        records,
        _stale(session, records),
        _ledger(session),
        versions=_pairs(session, VERSIONS),
        edits=_pairs(session, EDITS),
        points=_pairs(session, POINTS),
        verified={(str(one), str(device)): count for one, device, count in session.execute(text(VERIFIED))},
        ground=Ground(
            {str(one): frozenset(cells) for one, cells in session.execute(text(CELLS))},
            {one: str(community) for one, community in _pairs(session, COMMUNITIES).items()},
            inspections,
            asked=_asked(session),
        ),
    )


def _asked(session: Session) -> dict[str, frozenset[str]]:
    asked: dict[str, frozenset[str]] = defaultdict(frozenset)
    for case_id, device_id in session.execute(text(ASKED)):
        asked[str(case_id)] |= {str(device_id)}
    return dict(asked)


def _pairs(session: Session, sql: str) -> dict[str, Any]:
    return {str(key): value for key, value in session.execute(text(sql))}


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


def tablet_of(
    client: Client,
    file: Path,
    scope: frozenset[str],
    store: PhotoStore,
    walked: Sequence[frozenset[str]] = (),
) -> Tablet:
    """Return what a tablet with this file knows; each of its photos is read back from the server."""
    with closing(sqlite3.connect(file)) as db:
        rows = db.execute("SELECT bucket, entity, id, version, rev, data FROM record").fetchall()
    records = {(row[0], row[1], row[2]): (row[3], row[4], canonical(orjson.loads(row[5]))) for row in rows}
    photos = {digest: _reads_back(client, digest, store) for digest in client.store.photos(waiting=False)}
    late = {told["mid"]: told for told in client.store.records("outcome").values()}
    items = [_sent(item, late.get(item.mid)) for item in client.store.items()]
    return Tablet(client.device_id, scope, items, records, photos, walked)


def _sent(item: Item, late: Mapping[str, Any] | None) -> Sent:
    """Return an item with what the tablet was told of it last."""
    kind, data = item.body["type"], item.body["data"]
    mark = data.get("text") or data.get("note") if kind in MARKED else item.body["entity_id"]
    told: Mapping[str, Any] = late or item.result or {}
    problem = told.get("problem") or {}
    return Sent(
        item.seq,
        item.mid,
        kind,
        mark,
        item.status,
        item.result["status"] if item.result else None,
        item.body,
        str(problem.get("type", "")).rpartition("/")[2],
        [fault["pointer"] for fault in problem.get("errors", ())],
        told.get("version"),
    )


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
