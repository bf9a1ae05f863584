"""The shapes that a tablet's file has had, numbered by `PRAGMA user_version`, and the steps between them."""

from __future__ import annotations

import hashlib
import sqlite3

from sync.client.errors import StoreTooNew

# A step is never changed once a tablet may have taken it; what is new is another step at the end.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "CREATE TABLE item (seq INTEGER PRIMARY KEY, mid TEXT UNIQUE NOT NULL, body TEXT NOT NULL,"
        " status TEXT, result TEXT)",
        "CREATE TABLE photo (sha256 TEXT PRIMARY KEY, content_type TEXT NOT NULL, content BLOB NOT NULL,"
        " upload TEXT, arrived INTEGER NOT NULL DEFAULT 0)",
        "CREATE TABLE record (bucket TEXT, entity TEXT, id TEXT, version INTEGER, rev INTEGER,"
        " digest TEXT, data TEXT, PRIMARY KEY (bucket, entity, id))",
    ),
    (
        "ALTER TABLE item ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE item ADD COLUMN decided_at REAL",
        "ALTER TABLE photo ADD COLUMN arrived_at REAL",
        "CREATE TABLE receipt (number INTEGER PRIMARY KEY, first_seq INTEGER, last_seq INTEGER,"
        " acked_through INTEGER, received_at TEXT, receipt TEXT NOT NULL)",
        "UPDATE item SET digest = sha256(body)",
        # When they were answered was not written down: their 30 days begin now.
        "UPDATE item SET decided_at = strftime('%s', 'now') WHERE status IS NOT NULL",
        "UPDATE photo SET arrived_at = strftime('%s', 'now') WHERE arrived",
        "INSERT INTO fact SELECT 'last_seq', max(seq) FROM item HAVING max(seq) > 0",
    ),
)
NEWEST = len(STEPS)


def bring_forward(db: sqlite3.Connection) -> None:
    """Give a file the newest shape, in one transaction; an empty one takes every step, a newest one none.

    Raises:
        StoreTooNew: a newer library has written it; nothing is changed.
        sqlite3.DatabaseError: it is damaged, or in use.
    """
    if _number(db) == NEWEST:
        return
    db.create_function("sha256", 1, _sha256, deterministic=True)
    db.execute("BEGIN IMMEDIATE")
    try:
        stands = _shape_of(db)
        for step in STEPS[stands:]:
            for statement in step:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {NEWEST}")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _shape_of(db: sqlite3.Connection) -> int:
    """Return how many steps a file has behind it; the first two shapes were once written without a number."""
    number = _number(db)
    if number > NEWEST:
        raise StoreTooNew(number, NEWEST)
    if number:
        return number
    columns = {row[1] for row in db.execute("PRAGMA table_info(item)")}
    return 0 if not columns else 2 if "digest" in columns else 1


def _number(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _sha256(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
