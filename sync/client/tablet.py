"""A tablet: it works offline into its outbox and brings everything to the server when there is a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import uuid6

from sync.client import condition, export, replica, salvage, uploads
from sync.client.condition import Battery
from sync.client.handing import APP, Handing
from sync.client.line import Line
from sync.client.outbox import Item

PAGE = 2000
KEEP = timedelta(days=30)
DEFAULT_LIMITS = {
    "max_mutations": 200,
    "max_inflated_bytes": 8_000_000,
    "max_body_bytes": 50_000_000,
    "upload_chunk_bytes": 1_048_576,
}
DAMAGED, LIMITS, USER = "damaged", "limits", "user"


class Client:
    """One enrolled tablet of one person. Its work survives in `file` until 30 days after the answer.

    Attributes:
        store: the file; `store.items()`, `store.records(entity)`, `store.receipts()` are there to be read.
        limits: the server's limits, as they were last read.
    """

    def __init__(
        self,
        url: str,
        file: Path | str = ":memory:",
        *,
        line: Line | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], UUID] = uuid6.uuid7,
    ) -> None:
        """Open or make the tablet's file; an older library's is brought forward, a damaged one is salvaged.

        The holes of a damaged one are told with the next push.

        Args:
            clock: the tablet's clock; the server only keeps what it says.
            new_id: makes UUIDv7.

        Raises:
            StoreLost: the file is damaged beyond the tablet's identity.
            StoreTooNew: a newer library has written the file.
            sqlite3.OperationalError: another process holds the file.
        """
        self.file = file
        self.store, salvaged = salvage.opened(file)
        if salvaged:
            self.store.remember(DAMAGED, "1")
        self.line = line or Line(url)
        self.limits = {**DEFAULT_LIMITS, **json.loads(self.store.fact(LIMITS) or "{}")}
        self._clock, self._new_id = clock, new_id
        self.device_id = self.store.fact("device_id") or str(new_id())
        self.store.remember("device_id", self.device_id)
        kept = self.store.fact("tokens")
        if kept:
            self.line.tokens = json.loads(kept)
        self.line.on_tokens = lambda tokens: self.store.remember("tokens", json.dumps(tokens))
        self._handing = Handing(self.line, self.store, self.device_id, self.limits, self._wall, new_id)

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
        self.store.remember(USER, self.line.call("GET", "/api/v1/me").json()["username"])
        self.read_limits()

    def read_limits(self) -> None:
        """Learn the server's limits."""
        config = self.line.call("GET", "/sync/v1/config").json()
        self.limits.update({name: value for name, value in config.items() if isinstance(value, int)})
        self.store.remember(LIMITS, json.dumps(self.limits))

    def add(
        self,
        kind: str,
        entity_id: UUID | str,
        data: Mapping[str, Any],
        *,
        base_version: int | None = None,
        depends_on: Sequence[str] = (),
    ) -> Item:
        """Put a command into the outbox; no line is needed, and it is on the disk when this returns."""
        mid = str(self._new_id())
        body = {
            "type": kind,
            "entity_id": str(entity_id),
            "device_time": self._wall(),
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
        """Hand in everything, bring the photos, fetch what changed, and forget what is older than 30 days.

        The office hears how the tablet stands at the end, and before where work waits.
        """
        if self.store.first_pending() <= self.store.last_seq() or self.store.photos():
            self.report()
        self.push()
        self.upload()
        self.pull()
        self.report()
        self.store.tidy((self._clock() - KEEP).timestamp())

    def push(self, *, most: int | None = None, with_photos: bool = False) -> list[dict[str, Any]]:
        """Push every item without a status, batch by batch; return the results that came.

        Args:
            most: the most items in a batch, below the server's own limit.
            with_photos: let the waiting photos that a batch names come along in the same request.
        """
        self._catch_up()
        found: list[dict[str, Any]] = []
        limit = min(most or self.limits["max_mutations"], self.limits["max_mutations"])
        for batch in self._handing.batches(limit):
            found += self.send(batch, with_photos=with_photos)["results"]
        return found

    def send(self, batch: Sequence[Item], *, with_photos: bool = False) -> dict[str, Any]:
        """Push these consecutive items, decided ones too (they are replayed), and keep the results.

        Items that the server lost with a restored backup are sent first when it asks for them.
        """
        return self._handing.send(batch, with_photos=with_photos)

    def upload(self) -> int:
        """Bring every waiting photo to the server; return how many were waiting."""
        return uploads.upload_all(self.line, self.store, int(self.limits["upload_chunk_bytes"]))

    def report(self, battery: Battery | None = None) -> bool:
        """Tell the office what waits here and how much room the disk has; return whether it was heard.

        Never in the way of the work: a server that knows no such word, or does not answer, is left alone.
        """
        told = condition.of(self.store, self.file, battery)
        answer = self.line.once("POST", "/sync/v1/report", json=told)
        return answer is not None and answer.status_code == 200

    def pull(self) -> int:
        """Bring the copy up to date and prove it by its checksums; return how many operations came.

        Where the server was restored from a backup, what it lost of this tablet's work is sent again.
        """
        count = replica.pull(self.line, self.store, PAGE)
        self._catch_up()
        return count

    def export(self, file: Path) -> None:
        """Write what the server has not answered to a file for `wangge sync import`, with its photos.

        The items stay in the outbox: what also arrives over the line is done only once.
        """
        pending = self._handing.batches_of(self.store.items(pending=True))
        manifest = {
            "device_id": self.device_id,
            "user": self.store.fact(USER) or "",
            "app": APP,
            "exported_at": self._wall(),
        }
        envelopes = [self._handing.envelope(batch) for batch in pending]
        export.write(file, manifest, envelopes, self.store, self.store.photos())

    def _catch_up(self) -> None:
        """After damage here or a restore there, find out how far the server is, and bring both together."""
        damaged, restored = self.store.fact(DAMAGED), self.store.fact(replica.RESTORED)
        if not damaged and not restored:
            return
        server_has = self._handing.acked_through()
        if damaged:
            self._handing.close_holes(server_has=server_has)
        if restored:
            self._handing.send_from(server_has + 1, self.store.first_pending())
            uploads.doubt(self.store)
        for fact in (DAMAGED, replica.RESTORED):
            self.store.forget_fact(fact)

    def _wall(self) -> str:
        return self._clock().isoformat()
