"""A tablet: it works offline into its outbox and brings everything to the server when there is a line."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import uuid6

from sync.client import replica, uploads
from sync.client.errors import Refused
from sync.client.line import Line
from sync.client.outbox import Item, Store

PUSH = "/sync/v1/push"
PAGE = 2000
SMALL_BYTES = 1000
DEFAULT_LIMITS = {"max_mutations": 200, "max_inflated_bytes": 8_000_000, "upload_chunk_bytes": 1_048_576}


class Client:
    """One enrolled tablet of one person. Its work survives in `file` until the server's answer is known."""

    def __init__(
        self,
        url: str,
        file: Path | str = ":memory:",
        *,
        line: Line | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], UUID] = uuid6.uuid7,
    ) -> None:
        """Open or make the tablet's file.

        Args:
            clock: the tablet's clock; the server only keeps what it says.
            new_id: makes UUIDv7.
        """
        self.store = Store(file)
        self.line = line or Line(url)
        self.limits = dict(DEFAULT_LIMITS)
        self._clock, self._new_id = clock, new_id
        device_id = self.store.fact("device_id") or str(new_id())
        self.store.remember("device_id", device_id)
        self.device_id = device_id
        kept = self.store.fact("tokens")
        if kept:
            self.line.tokens = json.loads(kept)
        self.line.on_tokens = lambda tokens: self.store.remember("tokens", json.dumps(tokens))

    def close(self) -> None:
        """Close the file and the line."""
        self.line.http.close()
        self.store.close()

    def enrol(self, code: str, name: str = "tablet", platform: str = "python", app: str = "1") -> None:
        """Turn a code of the office into tokens; may be repeated with the same code.

        Raises:
            Refused: the code is unknown, too old or used.
        """
        told = {
            "device_id": self.device_id,
            "enrolment_code": code,
            "name": name,
            "platform": platform,
            "app_version": app,
        }
        self.line.take(self.line.call("POST", "/sync/v1/devices", json=told).json())
        self.read_limits()

    def read_limits(self) -> None:
        """Learn the server's limits."""
        self.limits.update(self.line.call("GET", "/sync/v1/config").json())

    def add(
        self,
        kind: str,
        entity_id: UUID | str,
        data: Mapping[str, Any],
        *,
        base_version: int | None = None,
        depends_on: Sequence[str] = (),
    ) -> Item:
        """Put a command into the outbox; no line is needed."""
        mid = str(self._new_id())
        body = {
            "type": kind,
            "entity_id": str(entity_id),
            "device_time": self._clock().isoformat(),
            "base_version": base_version,
            "depends_on": list(depends_on),
            "data": dict(data),
        }
        seq = self.store.add(mid, body)
        return Item(seq, mid, {**body, "mid": mid, "seq": seq}, None, None)

    def keep_photo(self, content: bytes, content_type: str) -> str:
        """Keep a photo until it has arrived, and return its digest (lower-case hex)."""
        return self.store.keep_photo(content, content_type)

    def sync(self) -> None:
        """Hand in everything, bring the photos, and fetch what changed."""
        self.push()
        self.upload()
        self.pull()

    def push(self, *, most: int | None = None, with_photos: bool = False) -> list[dict[str, Any]]:
        """Push every item without a status, batch by batch; return the results that came.

        Args:
            most: the most items in a batch, below the server's own limit.
            with_photos: let the waiting photos that a batch names come along in the same request.
        """
        found: list[dict[str, Any]] = []
        limit = min(most or self.limits["max_mutations"], self.limits["max_mutations"])
        while batch := self._batch(self._next_seq(), limit):
            found += self.send(batch, with_photos=with_photos)["results"]
        return found

    def send(self, batch: Sequence[Item], *, with_photos: bool = False) -> dict[str, Any]:
        """Push these consecutive items, decided ones too (they are replayed), and keep the results.

        Items that the server lost with a restored backup are sent first when it asks for them.
        """
        try:
            answer = self._post(batch, with_photos)
        except Refused as refused:
            if refused.slug != "seq-gap":
                raise
            expected = int(refused.problem["expected_seq"])
            earlier = self.store.items(expected, batch[0].seq - expected)
            for start in range(0, len(earlier), self.limits["max_mutations"]):
                self.store.decide(
                    self._post(earlier[start : start + self.limits["max_mutations"]], False)["results"]
                )
            answer = self._post(batch, with_photos)
        self.store.decide(answer["results"])
        return answer

    def upload(self) -> int:
        """Bring every waiting photo to the server; return how many were waiting."""
        return uploads.upload_all(self.line, self.store, int(self.limits["upload_chunk_bytes"]))

    def pull(self) -> int:
        """Bring the copy up to date and prove it by its checksums; return how many operations came."""
        return replica.pull(self.line, self.store, PAGE)

    def _next_seq(self) -> int:
        pending = self.store.items(limit=1, pending=True)
        return pending[0].seq if pending else 0

    def _batch(self, first_seq: int, limit: int) -> list[Item]:
        if not first_seq:
            return []
        batch: list[Item] = []
        size = 0
        for item in self.store.items(first_seq, limit):
            size += len(json.dumps(item.body))
            if batch and size > self.limits["max_inflated_bytes"] // 2:
                break
            batch.append(item)
        return batch

    def _post(self, batch: Sequence[Item], with_photos: bool) -> dict[str, Any]:
        envelope = {
            "batch_id": str(self._new_id()),
            "device_id": self.device_id,
            "first_seq": batch[0].seq,
            "clock": {"wall": self._clock().isoformat(), "monotonic_ms": time.monotonic_ns() // 1_000_000},
            "app": "wangge-client/1",
            "mutations": [item.body for item in batch],
        }
        body = json.dumps(envelope).encode()
        waiting = self._named(body) if with_photos else []
        answer = self._multipart(body, waiting) if waiting else self._plain(body)
        result: dict[str, Any] = answer
        return result

    def _plain(self, body: bytes) -> Any:
        headers = {"Content-Type": "application/json"}
        if len(body) > SMALL_BYTES:
            body, headers["Content-Encoding"] = gzip.compress(body, 6), "gzip"
        return self.line.call("POST", PUSH, data=body, headers=headers).json()

    def _multipart(self, body: bytes, digests: Sequence[str]) -> Any:
        photos = [(digest, self.store.photo(digest)) for digest in digests]
        files: list[Any] = [("batch", ("batch", body, "application/json"))]
        files += [(digest, (digest, content, kind)) for digest, (content, kind, _) in photos]
        answer = self.line.call("POST", PUSH, files=files).json()
        missing = {one for result in answer["results"] for one in result["missing_photos"]}
        for digest in digests:
            if digest not in missing:
                self.store.set_arrived(digest)
        return answer

    def _named(self, body: bytes) -> list[str]:
        text = body.decode()
        return [digest for digest in self.store.photos() if digest in text]
