"""Handing in: the outbox batch by batch, what a restored server lost, and the holes of a damaged store."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sync.client.errors import Refused
from sync.client.line import Line
from sync.client.outbox import Item, Receipt, Store

PUSH = "/sync/v1/push"
SMALL_BYTES = 1000
APP = "wangge-client/1"
BOOT = Path("/proc/sys/kernel/random/boot_id")
GAP_REASON = "the tablet's storage was damaged"


@dataclass
class Handing:
    """Pushes one tablet's outbox over one line."""

    line: Line
    store: Store
    device_id: str
    limits: Mapping[str, int]
    wall: Callable[[], str]
    new_id: Callable[[], UUID]

    def batches(self, most: int) -> Iterator[list[Item]]:
        """Yield runs of consecutive items from the first one without a status on, until none is left."""
        while pending := self.store.items(limit=1, pending=True):
            yield self._cut(self.store.items(pending[0].seq, most))

    def batches_of(self, items: Sequence[Item]) -> Iterator[list[Item]]:
        """Yield these items as runs that one push may carry."""
        while items:
            batch = self._cut(items[: self.limits["max_mutations"]])
            yield batch
            items = items[len(batch) :]

    def send(self, batch: Sequence[Item], *, with_photos: bool = False) -> dict[str, Any]:
        """Push these consecutive items and keep what the server answers.

        When it asks for earlier ones, lost with a restored backup, those go first.
        """
        try:
            answer = self._post(batch, with_photos)
        except Refused as refused:
            if refused.slug != "seq-gap":
                raise
            self.send_from(int(refused.problem["expected_seq"]), batch[0].seq)
            answer = self._post(batch, with_photos)
        return answer

    def send_from(self, first_seq: int, before: int) -> None:
        """Push items again that were decided once; the server replays those that it still knows."""
        while first_seq < before and (found := self.store.items(first_seq, self._most(before - first_seq))):
            run = self._cut(found)
            self._post(run, False)
            first_seq = run[-1].seq + 1

    def acked_through(self) -> int:
        """Ask the server how far it has come, by a push of nothing."""
        return int(self._plain(self.envelope([]))["acked_through"])

    def close_holes(self, *, server_has: int) -> None:
        """Put a `device.gap` into the place of the last item of each hole that the server still waits for."""
        self.store.reserve(server_has)
        for first, last in self.store.holes():
            if last > server_has:
                self._declare(max(first, server_has + 1), last)

    def envelope(self, batch: Sequence[Item]) -> bytes:
        """Return the body of a push."""
        told = {
            "batch_id": str(self.new_id()),
            "device_id": self.device_id,
            "first_seq": batch[0].seq if batch else self.store.last_seq() + 1,
            "clock": _clock(self.wall()),
            "app": APP,
            "mutations": [item.body for item in batch],
        }
        return json.dumps(told).encode()

    def _declare(self, first: int, last: int) -> None:
        told = {"from": first, "to": last, "reason": GAP_REASON}
        body: dict[str, Any] = {
            "type": "device.gap",
            "entity_id": self.device_id,
            "device_time": self.wall(),
            "base_version": None,
            "depends_on": [],
            "data": told,
        }
        self.store.put_item(last, str(self.new_id()), body)

    def _most(self, wanted: int) -> int:
        return max(min(wanted, self.limits["max_mutations"]), 1)

    def _cut(self, items: Sequence[Item]) -> list[Item]:
        """Return the first of these items, up to the first hole and as many as a push may carry."""
        run: list[Item] = []
        size = 0
        for item in items:
            size += len(json.dumps(item.body))
            if run and (size > self.limits["max_inflated_bytes"] // 2 or item.seq != run[-1].seq + 1):
                break
            run.append(item)
        return run

    def _post(self, batch: Sequence[Item], with_photos: bool) -> dict[str, Any]:
        body = self.envelope(batch)
        coming = self._named(body) if with_photos else []
        answer = self._multipart(body, coming) if coming else self._plain(body)
        with self.store.together():
            self.store.decide(answer["results"])
            if answer.get("receipt"):
                told = batch[0].seq, batch[-1].seq, answer["acked_through"], answer["received_at"]
                self.store.keep_receipt(Receipt(*told, answer["receipt"]))
        return answer

    def _plain(self, body: bytes) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if len(body) > SMALL_BYTES:
            body, headers["Content-Encoding"] = gzip.compress(body, 6), "gzip"
        answer: dict[str, Any] = self.line.call("POST", PUSH, data=body, headers=headers).json()
        return answer

    def _multipart(self, body: bytes, digests: Sequence[str]) -> dict[str, Any]:
        photos = [(digest, self.store.photo(digest)) for digest in digests]
        files: list[Any] = [("batch", ("batch", body, "application/json"))]
        files += [(digest, (digest, content, kind)) for digest, (content, kind, _) in photos]
        answer: dict[str, Any] = self.line.call("POST", PUSH, files=files).json()
        missing = {one for result in answer["results"] for one in result["missing_photos"]}
        for digest in digests:
            if digest not in missing:
                self.store.set_arrived(digest)
        return answer

    def _named(self, body: bytes) -> list[str]:
        """Return the waiting photos that a body names, as many as may come along."""
        text, room, coming = body.decode(), self.limits["max_body_bytes"] // 2, []
        for digest in self.store.photos():
            if digest in text and (room := room - self.store.photo_size(digest)) >= 0:
                coming.append(digest)
        return coming


def _clock(wall: str) -> dict[str, Any]:
    told: dict[str, Any] = {"wall": wall, "monotonic_ms": time.monotonic_ns() // 1_000_000}
    return {**told, "boot_id": BOOT.read_text().strip()} if BOOT.exists() else told
