"""A pull: the rows of a scope in the order of their change numbers, page by page, nothing missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from sync.cursor import Cursor, Position

_PAGE = text(Path(__file__).with_name("pull.sql").read_text(encoding="utf-8"))
_MARK = text("SELECT mark FROM sync.change WHERE change_no = :change_no")
_CHECKPOINT = text(
    "SELECT bucket, count(*), sum(digest) FROM sync.bucket_entry"
    " WHERE bucket = ANY(CAST(:scope AS text[])) AND alive GROUP BY bucket"
)
_REMEMBER = text("""
INSERT INTO sync.device_state AS d (device_id, pulled_scope, pulled_at)
VALUES (CAST(:device_id AS uuid), CAST(:scope AS text[]), :now)
ON CONFLICT (device_id) DO UPDATE SET pulled_scope = excluded.pulled_scope, pulled_at = excluded.pulled_at
 WHERE d.pulled_scope IS DISTINCT FROM excluded.pulled_scope
    OR d.pulled_at IS NULL OR d.pulled_at < excluded.pulled_at - interval '1 minute'
""")
MAX_CHANGE_NO = 2**63 - 1


@dataclass(slots=True)
class Page:
    """One answer to a pull: the operations as JSON texts, and where to go on.

    Attributes:
        more: whether another page waits.
        checkpoint: on the last page, bucket → (count, checksum of 16 hex digits).
        resync: buckets whose history here is another one than the tablet has read; it forgets and reads anew.
    """

    cursor: Cursor
    ops: list[str] = field(default_factory=list)
    more: bool = False
    checkpoint: dict[str, tuple[int, str]] | None = None
    resync: Sequence[str] = ()

    def as_json(self, cursor: str) -> bytes:
        """Return the answer's body, with this text of the cursor."""
        members = {"cursor": cursor, "more": self.more, "checkpoint": None}
        if self.checkpoint is not None:
            members["checkpoint"] = {
                bucket: {"count": count, "checksum": checksum}
                for bucket, (count, checksum) in self.checkpoint.items()
            }
        if self.resync:
            members["resync"] = list(self.resync)
        return b'{"ops":[' + ",".join(self.ops).encode() + b"]," + orjson.dumps(members)[1:]


def pull(
    session: Session,
    *,
    scope: frozenset[str],
    cursor: Cursor | None,
    limit: int,
    resync: frozenset[str] = frozenset(),
) -> Page:
    """Return the next page of a scope; `session` must see one moment (REPEATABLE READ).

    Args:
        cursor: what was read before; None reads from the start.
        limit: the most puts and tombstones on the page.
        resync: buckets to be read anew from the start, besides the log.
    """
    if cursor is None:
        return _read(session, Page(Cursor(scope)), limit)
    if not _same_history(session, cursor):
        return Page(Cursor(scope), more=True, resync=sorted(scope))
    page = Page(_moved(cursor, scope, resync))
    page.ops += [_op("evict", bucket) for bucket in sorted(cursor.scope - scope)]
    return _read(session, page, limit)


def remember(session: Session, device_id: UUID, scope: Iterable[str], now: datetime) -> None:
    """Note what a device has pulled to its end: work from these buckets is accepted from then on."""
    session.execute(_REMEMBER, {"device_id": str(device_id), "scope": sorted(scope), "now": now})


def checksum(total: int) -> str:
    """Return a sum of digests as the 16 hex digits of a checkpoint."""
    return f"{total % 2**64:016x}"


def _moved(cursor: Cursor, scope: frozenset[str], resync: frozenset[str]) -> Cursor:
    """Return the cursor for the scope as it is now: what was won is read from its start."""
    won = (cursor.won & scope) | (scope - cursor.scope) | (resync & scope)
    start = cursor.won_position if won == cursor.won and not resync else Position()
    return replace(cursor, scope=scope, won=won, won_position=start)


def _same_history(session: Session, cursor: Cursor) -> bool:
    number = cursor.position.change_no
    return number == 0 or session.execute(_MARK, {"change_no": number}).scalar() == cursor.mark


def _read(session: Session, page: Page, limit: int) -> Page:
    room = limit
    if page.cursor.won:
        room -= _read_won(session, page, room)
    if not page.more:
        _read_log(session, page, room)
    if not page.more:
        page.checkpoint = _checkpoint(session, page.cursor.scope)
    return page


def _read_won(session: Session, page: Page, limit: int) -> int:
    cursor = page.cursor
    rows = _rows(session, cursor.won, cursor.won_position, limit, cursor.position.change_no)
    page.more = len(rows) > limit
    page.ops += [_row_op(row) for row in rows[:limit]]
    if page.more:
        page.cursor = replace(cursor, won_position=_position(rows[limit - 1]))
    else:
        page.cursor = replace(cursor, won=frozenset(), won_position=Position())
    return min(len(rows), limit)


def _read_log(session: Session, page: Page, limit: int) -> None:
    rows = _rows(session, page.cursor.scope, page.cursor.position, limit, MAX_CHANGE_NO)
    page.more = len(rows) > limit
    page.ops += [_row_op(row) for row in rows[:limit]]
    if rows and limit:
        position = _position(rows[:limit][-1])
        mark = session.execute(_MARK, {"change_no": position.change_no}).scalar_one()
        page.cursor = replace(page.cursor, position=position, mark=mark)


def _rows(session: Session, scope: frozenset[str], after: Position, limit: int, up_to: int) -> Sequence[Any]:
    starts = [(bucket, *after.start_in(bucket)) for bucket in sorted(scope)]
    names = ("buckets", "change_nos", "entities", "ids")
    columns = dict(zip(names, map(list, zip(*starts, strict=True)), strict=True))
    return session.execute(_PAGE, {**columns, "limit": limit + 1, "up_to": up_to}).all()


def _position(row: Any) -> Position:
    return Position(row[6], row[0], row[1], row[2])


def _row_op(row: Any) -> str:
    bucket, entity, entity_id, version, rev, alive, _, mid, body = row
    told = (
        f'"bucket":{_quoted(bucket)},"entity":{_quoted(entity)},"id":{_quoted(entity_id)},'
        f'"version":{version},"rev":{rev}'
    )
    if not alive or body is None:
        return f'{{"op":"tombstone",{told}}}'
    quoted_mid = f'"{mid}"' if mid else "null"
    return f'{{"op":"put",{told},"mid":{quoted_mid},"data":{body}}}'


def _op(name: str, bucket: str) -> str:
    return f'{{"op":{_quoted(name)},"bucket":{_quoted(bucket)}}}'


@lru_cache(maxsize=4096)
def _quoted(value: str) -> str:
    return orjson.dumps(value).decode()


def _checkpoint(session: Session, scope: frozenset[str]) -> dict[str, tuple[int, str]]:
    found = {bucket: (0, checksum(0)) for bucket in sorted(scope)}
    for bucket, count, total in session.execute(_CHECKPOINT, {"scope": sorted(scope)}):
        found[bucket] = (count, checksum(int(total)))
    return found
