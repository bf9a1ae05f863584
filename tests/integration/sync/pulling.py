"""A reader that follows the cursor and keeps what a tablet would keep."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import orjson

from server.db import Database
from sync import cursor as cursors
from sync.pull import pull

SECRET = "s" * 32
HOLDER = "a tablet"
Key = tuple[str, str, str]


@dataclass
class Reader:
    """A tablet's copy: (bucket, entity, id) → (rev, data)."""

    db: Database
    scope: frozenset[str]
    limit: int = 100
    cursor: str | None = None
    records: dict[Key, tuple[int, Any]] = field(default_factory=dict)
    seen: set[tuple[Key, int]] = field(default_factory=set)
    evicted: list[str] = field(default_factory=list)
    checkpoint: dict[str, Any] = field(default_factory=dict)

    def page(self, resync: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Take one page into the copy and return it."""
        read = cursors.read(self.cursor, SECRET, HOLDER) if self.cursor else None
        with self.db.snapshot() as session:
            page = pull(session, scope=self.scope, cursor=read, limit=self.limit, resync=resync)
        answer: dict[str, Any] = orjson.loads(page.as_json(cursors.write(page.cursor, SECRET, HOLDER)))
        for bucket in [*answer.get("resync", ()), *resync]:
            self._forget(bucket)
        for op in answer["ops"]:
            self._take(op)
        self.cursor, self.checkpoint = answer["cursor"], answer["checkpoint"]
        return answer

    def follow(self) -> None:
        """Read until there is no more."""
        while self.page()["more"]:
            pass

    def checksums(self) -> dict[str, Any]:
        """Return count and checksum per bucket as the tablet computes them."""
        found = {bucket: [0, 0] for bucket in self.scope}
        for (bucket, entity, entity_id), (rev, _) in self.records.items():
            digest = hashlib.sha256(f"{entity} {entity_id} {rev}".encode()).digest()[:8]
            found[bucket][0] += 1
            found[bucket][1] += int.from_bytes(digest, "big")
        return {
            bucket: {"count": count, "checksum": f"{total % 2**64:016x}"}
            for bucket, (count, total) in found.items()
        }

    def _take(self, op: dict[str, Any]) -> None:
        if op["op"] == "evict":
            self.evicted.append(op["bucket"])
            self._forget(op["bucket"])
            return
        key = (op["bucket"], op["entity"], op["id"])
        self.seen.add((key, op["rev"]))
        if op["rev"] < self.records.get(key, (0, None))[0]:
            return
        if op["op"] == "put":
            self.records[key] = (op["rev"], op["data"])
        else:
            self.records.pop(key, None)

    def _forget(self, bucket: str) -> None:
        self.records = {key: value for key, value in self.records.items() if key[0] != bucket}
