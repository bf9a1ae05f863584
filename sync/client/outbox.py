"""What a tablet keeps: its work until the server's answer is known, its photos, and its copy of the data."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS item (seq INTEGER PRIMARY KEY, mid TEXT UNIQUE NOT NULL, body TEXT NOT NULL,
  status TEXT, result TEXT);
CREATE TABLE IF NOT EXISTS photo (sha256 TEXT PRIMARY KEY, content_type TEXT NOT NULL, content BLOB NOT NULL,
  upload TEXT, arrived INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS record (bucket TEXT, entity TEXT, id TEXT, version INTEGER, rev INTEGER,
  digest TEXT, data TEXT, PRIMARY KEY (bucket, entity, id));
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work; `status` is None until the server has answered."""

    seq: int
    mid: str
    body: dict[str, Any]
    status: str | None
    result: dict[str, Any] | None


class Store:
    """A tablet's SQLite file. Work is on the disk when `add` returns."""

    def __init__(self, file: Path | str) -> None:
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._lock = threading.RLock()
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep all of the block or nothing of it."""
        with self._lock:
            self._db.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def fact(self, name: str) -> str | None:
        """Return one remembered fact."""
        row = self._one("SELECT value FROM fact WHERE name = ?", name)
        return None if row is None else str(row[0])

    def remember(self, name: str, value: str) -> None:
        """Remember a fact."""
        self._run("INSERT OR REPLACE INTO fact VALUES (?, ?)", name, value)

    def add(self, mid: str, body: Mapping[str, Any]) -> int:
        """Keep an item and return its seq; seqs have no gaps."""
        with self.together():
            seq = int(self._one("SELECT coalesce(max(seq), 0) + 1 FROM item")[0])
            told = json.dumps({**body, "mid": mid, "seq": seq})
            self._run("INSERT INTO item (seq, mid, body) VALUES (?, ?, ?)", seq, mid, told)
        return seq

    def items(self, first_seq: int = 1, limit: int = -1, *, pending: bool = False) -> list[Item]:
        """Return items in order; with `pending` from the first one that has no status."""
        where = "WHERE status IS NULL AND seq >= ?" if pending else "WHERE seq >= ?"
        rows = self._all(f"SELECT * FROM item {where} ORDER BY seq LIMIT ?", first_seq, limit)
        return [
            Item(row[0], row[1], json.loads(row[2]), row[3], json.loads(row[4]) if row[4] else None)
            for row in rows
        ]

    def decide(self, results: Iterable[Mapping[str, Any]]) -> None:
        """Write down the server's results."""
        with self.together():
            for result in results:
                self._run(
                    "UPDATE item SET status = ?, result = ? WHERE seq = ?",
                    result["status"],
                    json.dumps(result),
                    result["seq"],
                )

    def change_status(self, mid: str, status: str) -> None:
        """Write down what became of an item later."""
        self._run("UPDATE item SET status = ? WHERE mid = ?", status, mid)

    def keep_photo(self, content: bytes, content_type: str) -> str:
        """Keep a photo and return its digest."""
        digest = hashlib.sha256(content).hexdigest()
        self._run(
            "INSERT OR IGNORE INTO photo (sha256, content_type, content) VALUES (?, ?, ?)",
            digest,
            content_type,
            content,
        )
        return digest

    def photos(self, *, waiting: bool = True) -> list[str]:
        """Return the digests of the photos, or of those that have not arrived at the server."""
        where = "WHERE NOT arrived" if waiting else ""
        return [row[0] for row in self._all(f"SELECT sha256 FROM photo {where} ORDER BY rowid")]

    def photo(self, digest: str) -> tuple[bytes, str, str | None]:
        """Return a photo's bytes, its content type and the address of its upload, if one was begun."""
        row = self._one("SELECT content, content_type, upload FROM photo WHERE sha256 = ?", digest)
        return bytes(row[0]), str(row[1]), row[2]

    def set_upload(self, digest: str, url: str | None) -> None:
        """Remember where a photo's upload goes on."""
        self._run("UPDATE photo SET upload = ? WHERE sha256 = ?", url, digest)

    def set_arrived(self, digest: str) -> None:
        """Remember that the server has the photo."""
        self._run("UPDATE photo SET arrived = 1 WHERE sha256 = ?", digest)

    def put(self, op: Mapping[str, Any], digest: int) -> None:
        """Take a record, unless a newer rev is here."""
        self._run(
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
        self._run(
            "DELETE FROM record WHERE bucket = ? AND entity = ? AND id = ? AND rev <= ?",
            bucket,
            entity,
            entity_id,
            rev,
        )

    def forget(self, bucket: str) -> None:
        """Remove a bucket's records; the outbox stays."""
        self._run("DELETE FROM record WHERE bucket = ?", bucket)

    def digests(self, bucket: str) -> list[int]:
        """Return the digests of a bucket's records."""
        return [int(row[0], 16) for row in self._all("SELECT digest FROM record WHERE bucket = ?", bucket)]

    def records(self, entity: str) -> dict[str, dict[str, Any]]:
        """Return the data of all records of a kind by id, whatever bucket they came in."""
        rows = self._all("SELECT id, data FROM record WHERE entity = ? ORDER BY rev", entity)
        return {row[0]: json.loads(row[1]) for row in rows}

    def _run(self, sql: str, *values: Any) -> None:
        with self._lock:
            self._db.execute(sql, values)

    def _one(self, sql: str, *values: Any) -> Any:
        with self._lock:
            return self._db.execute(sql, values).fetchone()

    def _all(self, sql: str, *values: Any) -> Sequence[Any]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()
