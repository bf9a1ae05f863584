"""A tablet's copy of its scope, brought up to date page by page and proven by checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sync.client.errors import CheckpointWrong
from sync.client.line import Line
from sync.client.outbox import Store

PATH = "/sync/v1/pull"
CURSOR = "cursor"
# The server wanted buckets anew: it may have been restored from a backup, and lack what it acknowledged.
RESTORED = "restored"


def pull(line: Line, store: Store, limit: int) -> int:
    """Bring the copy up to date and return how many operations came.

    Raises:
        CheckpointWrong: a bucket differs from the server's even after it was fetched anew.
    """
    count, checkpoint = _follow(line, store, limit)
    wrong = _wrong(store, checkpoint)
    for bucket in wrong:
        store.forget(bucket)
        more, checkpoint = _follow(line, store, limit, bucket)
        count += more
    if wrong and _wrong(store, checkpoint):
        raise CheckpointWrong(", ".join(_wrong(store, checkpoint)))
    return count


def _follow(line: Line, store: Store, limit: int, resync: str | None = None) -> tuple[int, Mapping[str, Any]]:
    count = 0
    while True:
        query = {"cursor": store.fact(CURSOR), "limit": limit, "resync": resync}
        page = line.call("GET", PATH, params=query).json()
        resync = None
        with store.together():
            for bucket in page.get("resync", ()):
                store.forget(bucket)
                store.remember(RESTORED, "1")
            for op in page["ops"]:
                _take(store, op)
            store.remember(CURSOR, page["cursor"])
        count += len(page["ops"])
        if not page["more"]:
            return count, page["checkpoint"]


def _take(store: Store, op: Mapping[str, Any]) -> None:
    if op["op"] == "evict":
        store.forget(op["bucket"])
    elif op["op"] == "tombstone":
        store.remove(op["bucket"], op["entity"], op["id"], op["rev"])
    else:
        store.put(op, _digest(op))
        # A mid used twice names two items; the fate of the second is not the first one's.
        if op["entity"] == "outcome" and not op["data"].get("used_twice"):
            store.change_status(op["data"]["mid"], op["data"]["status"])


def _digest(op: Mapping[str, Any]) -> int:
    told = f"{op['entity']} {op['id']} {op['rev']}".encode()
    return int.from_bytes(hashlib.sha256(told).digest()[:8], "big")


def _wrong(store: Store, checkpoint: Mapping[str, Any]) -> list[str]:
    """Return the buckets whose count or checksum is not the server's."""
    wrong = []
    for bucket, told in checkpoint.items():
        digests = store.digests(bucket)
        if (len(digests), f"{sum(digests) % 2**64:016x}") != (told["count"], told["checksum"]):
            wrong.append(bucket)
    return wrong
