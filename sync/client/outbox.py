"""What a tablet keeps: its work until long after the answer, its photos, and its copy of the data."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sync.client.store import File

LAST_SEQ, KEPT_FROM = "last_seq", "kept_from"


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work; `status` is None until the server has answered."""

    seq: int
    mid: str
    body: dict[str, Any]
    status: str | None
    result: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's signed word that the items up to `last_seq` were handed in."""

    first_seq: int
    last_seq: int
    acked_through: int
    received_at: str
    receipt: str


class Store(File):
    """A tablet's file. Work is on the disk when `add` returns."""

    def add(self, mid: str, body: Mapping[str, Any]) -> int:
        """Keep an item and return its seq; seqs have no gaps and are never used again."""
        with self.together():
            seq = self.last_seq() + 1
            self.put_item(seq, mid, body)
        return seq

    def put_item(self, seq: int, mid: str, body: Mapping[str, Any]) -> None:
        """Keep an item under a seq that is free."""
        told = json.dumps({**body, "mid": mid, "seq": seq})
        with self.together():
            self.run(
                "INSERT INTO item (seq, mid, body, digest) VALUES (?, ?, ?, ?)", seq, mid, told, digest(told)
            )
            self.reserve(seq)

    def reserve(self, seq: int) -> None:
        """Give no seq up to this one to new work."""
        if seq > self.last_seq():
            self.remember(LAST_SEQ, str(seq))

    def last_seq(self) -> int:
        """Return the largest seq ever given, 0 before the first."""
        return int(self.fact(LAST_SEQ) or 0)

    def items(self, first_seq: int = 1, limit: int = -1, *, pending: bool = False) -> list[Item]:
        """Return items in order; with `pending` those that have no status."""
        where = "WHERE status IS NULL AND seq >= ?" if pending else "WHERE seq >= ?"
        rows = self.all(
            f"SELECT seq, mid, body, status, result FROM item {where} ORDER BY seq LIMIT ?", first_seq, limit
        )
        return [
            Item(row[0], row[1], json.loads(row[2]), row[3], json.loads(row[4]) if row[4] else None)
            for row in rows
        ]

    def first_pending(self) -> int:
        """Return the first seq without a status, behind the last one when there is none."""
        found = self.one("SELECT min(seq) FROM item WHERE status IS NULL")[0]
        return int(found or self.last_seq() + 1)

    def holes(self) -> list[tuple[int, int]]:
        """Return the runs (first, last) of seqs that were given and whose items are lost."""
        kept = [row[0] for row in self.all("SELECT seq FROM item ORDER BY seq")]
        before = [int(self.fact(KEPT_FROM) or 1) - 1, *kept]
        after = [*kept, self.last_seq() + 1]
        return [(one + 1, other - 1) for one, other in zip(before, after, strict=True) if other - one > 1]

    def decide(self, results: Iterable[Mapping[str, Any]]) -> None:
        """Write down the server's results."""
        with self.together():
            for result in results:
                self.run(
                    "UPDATE item SET status = ?, result = ?, decided_at = ? WHERE seq = ?",
                    result["status"],
                    json.dumps(result),
                    time.time(),
                    result["seq"],
                )

    def change_status(self, mid: str, status: str) -> None:
        """Write down what became of an item later."""
        self.run("UPDATE item SET status = ? WHERE mid = ?", status, mid)

    def keep_receipt(self, receipt: Receipt) -> None:
        """Keep a receipt for good."""
        self.run(
            "INSERT INTO receipt (first_seq, last_seq, acked_through, received_at, receipt)"
            " VALUES (?, ?, ?, ?, ?)",
            receipt.first_seq,
            receipt.last_seq,
            receipt.acked_through,
            receipt.received_at,
            receipt.receipt,
        )

    def receipts(self) -> list[Receipt]:
        """Return all receipts, the oldest first."""
        rows = self.all(
            "SELECT first_seq, last_seq, acked_through, received_at, receipt FROM receipt ORDER BY number"
        )
        return [Receipt(*row) for row in rows]

    def tidy(self, decided_before: float) -> None:
        """Forget items decided, and photos arrived, before this moment (Unix seconds).

        Only from the front: what a restored server may ask for again stays whole from some seq on.
        """
        with self.together():
            young = "SELECT min(seq) FROM item WHERE status IS NULL OR decided_at >= ?"
            first = self.one(young, decided_before)[0] or self.last_seq() + 1
            self.run("DELETE FROM item WHERE seq < ?", first)
            self.remember(KEPT_FROM, str(first))
            self.run("DELETE FROM photo WHERE arrived AND arrived_at < ?", decided_before)

    def keep_photo(self, content: bytes, content_type: str) -> str:
        """Keep a photo and return its digest."""
        digest = hashlib.sha256(content).hexdigest()
        self.run(
            "INSERT OR IGNORE INTO photo (sha256, content_type, content) VALUES (?, ?, ?)",
            digest,
            content_type,
            content,
        )
        return digest

    def photos(self, *, waiting: bool = True) -> list[str]:
        """Return the digests of the photos, or of those that have not arrived at the server."""
        where = "WHERE NOT arrived" if waiting else ""
        return [row[0] for row in self.all(f"SELECT sha256 FROM photo {where} ORDER BY rowid")]

    def photo(self, digest: str) -> tuple[bytes, str, str | None]:
        """Return a photo's bytes, its content type and the address of its upload, if one was begun."""
        row = self.one("SELECT content, content_type, upload FROM photo WHERE sha256 = ?", digest)
        return bytes(row[0]), str(row[1]), row[2]

    def photo_size(self, digest: str) -> int:
        """Return the length of a photo in bytes."""
        return int(self.one("SELECT length(content) FROM photo WHERE sha256 = ?", digest)[0])

    def set_upload(self, digest: str, url: str | None) -> None:
        """Remember where a photo's upload goes on."""
        self.run("UPDATE photo SET upload = ? WHERE sha256 = ?", url, digest)

    def set_arrived(self, digest: str, *, arrived: bool = True) -> None:
        """Remember that the server has the photo, or has lost it."""
        moment = time.time() if arrived else None
        self.run("UPDATE photo SET arrived = ?, arrived_at = ? WHERE sha256 = ?", arrived, moment, digest)

    def put(self, op: Mapping[str, Any], digest: int) -> None:
        """Take a record, unless a newer rev is here."""
        self.run(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (bucket, entity, id) DO UPDATE SET"
            " version = excluded.version, rev = excluded.rev, digest = excluded.digest, data = excluded.data"
            " WHERE excluded.rev >= rev",
            op["bucket"],
            op["entity"],
            op["id"],
            op["version"],
            op["rev"],
            f"{digest:016x}",
            json.dumps(op["data"]),
        )

    def remove(self, bucket: str, entity: str, entity_id: str, rev: int) -> None:
        """Remove a record, unless a newer rev is here."""
        self.run(
            "DELETE FROM record WHERE bucket = ? AND entity = ? AND id = ? AND rev <= ?",
            bucket,
            entity,
            entity_id,
            rev,
        )

    def forget(self, bucket: str) -> None:
        """Remove a bucket's records; the outbox stays."""
        self.run("DELETE FROM record WHERE bucket = ?", bucket)

    def digests(self, bucket: str) -> list[int]:
        """Return the digests of a bucket's records."""
        return [int(row[0], 16) for row in self.all("SELECT digest FROM record WHERE bucket = ?", bucket)]

    def records(self, entity: str) -> dict[str, dict[str, Any]]:
        """Return the data of all records of a kind by id, whatever bucket they came in."""
        rows = self.all("SELECT id, data FROM record WHERE entity = ? ORDER BY rev", entity)
        return {row[0]: json.loads(row[1]) for row in rows}


def digest(body: str) -> str:
    """Return the hash by which damage to an item is seen."""
    return hashlib.sha256(body.encode()).hexdigest()
