"""Signed roots and the heads they cover, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.roots import NO_HEADS, Root

# One at a time; it ends with the transaction, as PgBouncer wants it.
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('wangge ledger root'))")
_ROOTS = text(
    "SELECT statement, signature, public_key FROM server.ledger_root WHERE root < :before"
    " ORDER BY root DESC LIMIT :limit"
)
_ALL = text("SELECT root, day, statement, signature, public_key FROM server.ledger_root ORDER BY root")
_NEWEST_DAY = text("SELECT max(day) FROM server.ledger_root")
# One statement sees one moment: all heads of a root stood together.
_COVER = text(
    "INSERT INTO server.ledger_root_head (case_id, seq, entry_hash, root)"
    ' SELECT c.case_id, c.head_seq, c.head_hash, :root FROM server."case" c WHERE c.head_seq > 0'
    " AND NOT EXISTS (SELECT FROM server.ledger_root_head h"
    " WHERE h.case_id = c.case_id AND h.seq = c.head_seq)"
)
_SUMS = text(
    "SELECT root, count(*) AS moved, count(*) FILTER (WHERE before IS NULL) AS cases,"
    " sum(seq - coalesce(before, 0)) AS entries,"
    " encode(sha256(string_agg(uuid_send(case_id) || int4send(seq) || entry_hash, ''::bytea"
    " ORDER BY case_id)), 'hex') AS heads"
    " FROM (SELECT h.*, (SELECT max(p.seq) FROM server.ledger_root_head p"
    " WHERE p.case_id = h.case_id AND p.seq < h.seq) AS before"
    " FROM server.ledger_root_head h WHERE h.root >= :first) AS h GROUP BY root ORDER BY root"
)
_KEEP = text(
    "INSERT INTO server.ledger_root (root, day, statement, signature, public_key)"
    " VALUES (:root, :day, :statement, :signature, :public_key)"
)
_LOST = text(
    "SELECT h.root, h.case_id::text AS case_id, h.seq, e.seq IS NULL AS gone FROM server.ledger_root_head h"
    " LEFT JOIN server.case_entry e USING (case_id, seq)"
    " WHERE e.entry_hash IS DISTINCT FROM h.entry_hash ORDER BY h.root, h.case_id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the heads of one root add up to: how many moved, new cases and entries, their hash in hex."""

    moved: int = 0
    cases: int = 0
    entries: int = 0
    heads: str = NO_HEADS


def alone(session: Session) -> None:
    """Wait until nobody else makes a root, and keep others waiting until the transaction ends."""
    session.execute(_ALONE)


def newest_day(session: Session) -> date | None:
    """Return the last local day that a root covers."""
    found: date | None = session.execute(_NEWEST_DAY).scalar_one()
    return found


def newest(session: Session, limit: int, before: int = 2**31 - 1) -> list[Root]:
    """Return up to `limit` roots numbered below `before`, the newest first."""
    rows = session.execute(_ROOTS, {"limit": limit, "before": before})
    return [Root(row.statement, bytes(row.signature), bytes(row.public_key)) for row in rows]


def all_roots(session: Session) -> list[tuple[int, date, Root]]:
    """Return number, day and root of every row, the oldest first."""
    rows = session.execute(_ALL)
    return [
        (row.root, row.day, Root(row.statement, bytes(row.signature), bytes(row.public_key))) for row in rows
    ]


def cover(session: Session, root: int) -> Sums:
    """Note the heads that no root covers yet under a new root; return what they add up to."""
    session.execute(_COVER, {"root": root})
    return sums(session, root).get(root, Sums())


def sums(session: Session, first: int = 1) -> dict[int, Sums]:
    """Return what the heads of each root from `first` on add up to, as they are stored now."""
    rows: Any = session.execute(_SUMS, {"first": first})
    return {row.root: Sums(row.moved, row.cases, int(row.entries), row.heads) for row in rows}


def keep(session: Session, root: Root) -> None:
    """Store a root."""
    says = root.says
    session.execute(
        _KEEP,
        {
            "root": says.root,
            "day": date.fromisoformat(says.day),
            "statement": root.statement,
            "signature": root.signature,
            "public_key": root.public_key,
        },
    )


def first_lost(session: Session) -> tuple[int, str, int, bool] | None:
    """Return root, case, seq of the first head whose entry is gone (True) or another (False) by now."""
    row = session.execute(_LOST).first()
    return None if row is None else (row.root, row.case_id, row.seq, row.gone)
