"""A tablet's SQLite file: what was written is on the disk when the call returns, whatever is killed next."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sync.client.errors import StoreTooNew
from sync.client.shapes import bring_forward


class File:
    """One open SQLite file, safe for several threads of one process."""

    def __init__(self, file: Path | str) -> None:
        """Open or make the file; one of an older shape is brought forward.

        Raises:
            sqlite3.DatabaseError: it is damaged; see `salvage`.
            StoreTooNew: a newer library has written it.
        """
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._lock = threading.RLock()
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            # A worker's day must outlive an empty battery, not just a killed process.
            self._db.execute("PRAGMA synchronous = FULL")
            bring_forward(self._db)
        except (sqlite3.DatabaseError, StoreTooNew):
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep all of the block or nothing of it; a block within another is part of that."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def fact(self, name: str) -> str | None:
        """Return one remembered fact."""
        row = self.one("SELECT value FROM fact WHERE name = ?", name)
        return None if row is None else str(row[0])

    def remember(self, name: str, value: str) -> None:
        """Remember a fact."""
        self.run("INSERT OR REPLACE INTO fact VALUES (?, ?)", name, value)

    def forget_fact(self, name: str) -> None:
        """Forget a fact."""
        self.run("DELETE FROM fact WHERE name = ?", name)

    def run(self, sql: str, *values: Any) -> None:
        """Carry out a statement."""
        with self._lock:
            self._db.execute(sql, values)

    def one(self, sql: str, *values: Any) -> Any:
        """Return the first row, None when there is none."""
        with self._lock:
            return self._db.execute(sql, values).fetchone()

    def all(self, sql: str, *values: Any) -> Sequence[Any]:
        """Return all rows."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()
