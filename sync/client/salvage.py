"""A damaged file of a tablet: what can still be read is carried over into a new one."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sync.client.errors import StoreLost
from sync.client.outbox import Store, digest

# Records are fetched anew, so only what exists nowhere else is carried over.
CARRIED = ("fact", "item", "photo", "receipt")
FORGOTTEN = ("cursor",)
AFTER_A_DAMAGED_PAGE = 100_000


def opened(file: Path | str) -> tuple[Store, bool]:
    """Return a tablet's store, and whether it had to be salvaged from a damaged file.

    The damaged file is kept beside it, named `<file>.damaged`.

    Raises:
        StoreLost: not even the tablet's identity can be read; it must be enrolled anew.
        StoreTooNew: a newer library has written the file.
        sqlite3.OperationalError: another process holds the file; it is left alone.
    """
    try:
        store = Store(file)
        if _whole(store):
            return store, False
        store.close()
    except sqlite3.DatabaseError as error:
        if _in_use(error):
            raise
    return _salvaged(Path(file)), True


def _in_use(error: sqlite3.DatabaseError) -> bool:
    """Return whether somebody else holds a file that may be sound."""
    # The lowest byte is the kind of error, what stands above it says more of it.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _whole(store: Store) -> bool:
    try:
        return bool(store.one("PRAGMA quick_check(1)")[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def _salvaged(file: Path) -> Store:
    damaged = file.with_name(file.name + ".damaged")
    for end in ("", "-wal", "-shm"):
        part = file.with_name(file.name + end)
        if part.exists():
            shutil.move(part, damaged.with_name(damaged.name + end))
    store = Store(file)
    with closing(sqlite3.connect(damaged)) as old, store.together():
        for table in CARRIED:
            for row in _readable(old, table):
                if table == "item" and not _sound(row):
                    continue
                marks = ", ".join("?" * len(row))
                store.run(f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())
        for name in FORGOTTEN:
            store.run("DELETE FROM fact WHERE name = ?", name)
        store.reserve(store.one("SELECT coalesce(max(seq), 0) FROM item")[0])
    if store.fact("device_id") is None:
        store.close()
        raise StoreLost(f"{damaged} cannot be read; enrol the tablet anew")
    return store


def _sound(item: dict[str, Any]) -> bool:
    """Return whether an item's bytes are those that were written; one that is not is lost.

    The oldest files keep no digests: there whole JSON is sound, and gets its digest.
    """
    body = item["body"]
    if not isinstance(body, str):
        return False
    if "digest" not in item and _is_json(body):
        item["digest"] = digest(body)
    return digest(body) == item.get("digest")


def _is_json(body: str) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _readable(old: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    """Yield the rows that can be read, going on behind a damaged page."""
    with suppress(sqlite3.DatabaseError):
        last = int(old.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0])
        for rowid in range(1, min(last, AFTER_A_DAMAGED_PAGE) + 1):
            with suppress(sqlite3.DatabaseError):
                found = old.execute(f"SELECT * FROM {table} WHERE rowid = ?", (rowid,))
                row = found.fetchone()
                if row is not None:
                    yield dict(zip((one[0] for one in found.description), row, strict=True))
