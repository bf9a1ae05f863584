"""A pull: the rows of a scope in the order of their change numbers, page by page, nothing missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from sync.fixed import Fixed

_PAGE = Fixed(Path(__file__).with_name("pull.sql").read_text(encoding="utf-8"))
_HISTORY = text("""
SELECT coalesce(newest.change_no, 0), coalesce(newest.mark, 0),
       (SELECT mark FROM sync.change WHERE change_no = :change_no),
       EXISTS (SELECT FROM sync.horizon
                WHERE bucket = ANY(CAST(:buckets AS text[])) AND change_no > :change_no)
  FROM (SELECT 1) AS one
  LEFT JOIN (SELECT change_no, mark FROM sync.change ORDER BY change_no DESC LIMIT 1) AS newest ON true
""")
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
PAGE_CHARACTERS = 1_250_000
# A page of the usual size and the row that tells whether more wait.
ROWS_AT_ONCE = 1001
CHANGE_NO = 6
_STARTS = ("buckets", "change_nos", "entities", "ids")


@dataclass(slots=True)
class Page:
    """One answer to a pull: the operations as JSON texts, and where to go on.

    Attributes:
        more: whether another page waits.
        checkpoint: on the last page, bucket → (count, checksum of 16 hex digits).
        resync: buckets whose history here is another one than the tablet has read, or is no longer complete
            from there on; it forgets them and reads them anew.
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


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest change that a snapshot sees."""

    change_no: int
    mark: int


@dataclass(slots=True)
class _Room:
    """What may still be put on a page."""

    records: int
    characters: int


def pull(
    session: Session,
    *,
    scope: frozenset[str],
    cursor: Cursor | None,
    limit: int,
    resync: frozenset[str] = frozenset(),
) -> Page:
    """Return the next page of a scope, of about a megabyte at most; `session` must see one moment.

    That is a transaction of isolation REPEATABLE READ.

    Args:
        cursor: what was read before; None reads from the start.
        limit: the most puts and tombstones on the page.
        resync: buckets to be read anew from the start, besides the log.
    """
    newest, goes_on = _history(session, cursor, scope)
    if cursor is None:
        return _read(session, Page(_from_the_start(scope, newest)), limit, newest)
    evicted = [_evict(bucket) for bucket in sorted(cursor.scope - scope)]
    if not goes_on:
        return Page(_from_the_start(scope, newest), evicted, more=True, resync=sorted(scope))
    page = _read(session, Page(_moved(cursor, scope, resync), evicted), limit, newest)
    if not page.ops and page.cursor.scope == cursor.scope and not cursor.won | resync:
        page.cursor = cursor  # the same answer again, so that it need not be sent
    return page


def remember(session: Session, device_id: UUID, scope: Iterable[str], now: datetime) -> None:
    """Note what a device has pulled to its end: work from these buckets is accepted from then on."""
    session.execute(_REMEMBER, {"device_id": str(device_id), "scope": sorted(scope), "now": now})


def checksum(total: int) -> str:
    """Return a sum of digests as the 16 hex digits of a checkpoint."""
    return f"{total % 2**64:016x}"


def _history(session: Session, cursor: Cursor | None, scope: frozenset[str]) -> tuple[_Newest, bool]:
    """Return the newest change, and whether what the cursor read can be continued without a gap.

    It cannot after a restore to an earlier state, nor when a tombstone behind it was forgotten meanwhile.
    """
    number = cursor.position.change_no if cursor else 0
    buckets = sorted(cursor.scope & scope) if cursor else []
    row = session.execute(_HISTORY, {"change_no": number, "buckets": buckets}).one()
    same = cursor is None or number == 0 or row[2] == cursor.mark
    return _Newest(row[0], row[1]), same and not row[3]


def _from_the_start(scope: frozenset[str], newest: _Newest) -> Cursor:
    """Return the cursor that reads everything up to the newest change from its start, then the log."""
    return Cursor(scope, Position.after(newest.change_no), newest.mark, won=scope)


def _moved(cursor: Cursor, scope: frozenset[str], resync: frozenset[str]) -> Cursor:
    """Return the cursor for the scope as it is now: what was won is read from its start."""
    added = (scope - cursor.scope) | (resync & scope)
    won = (cursor.won & scope) | added
    start = Position() if added or not won else cursor.won_position
    return replace(cursor, scope=scope, won=won, won_position=start)


def _read(session: Session, page: Page, limit: int, newest: _Newest) -> Page:
    room = _Room(limit, PAGE_CHARACTERS)
    if page.cursor.won:
        _read_won(session, page, room)
    if not page.more and page.cursor.position != Position.after(newest.change_no):
        _read_log(session, page, room)
    if not page.more:
        position = Position.after(newest.change_no)
        page.cursor = replace(page.cursor, position=position, mark=newest.mark)
        page.checkpoint = _checkpoint(session, page.cursor.scope)
    return page


def _read_won(session: Session, page: Page, room: _Room) -> None:
    cursor = page.cursor
    reached = _fill(session, page, room, cursor.won, cursor.won_position, cursor.position.change_no)
    if page.more:
        page.cursor = replace(cursor, won_position=_position(reached) if reached else cursor.won_position)
    else:
        page.cursor = replace(cursor, won=frozenset(), won_position=Position())


def _read_log(session: Session, page: Page, room: _Room) -> None:
    reached = _fill(session, page, room, page.cursor.scope, page.cursor.position, MAX_CHANGE_NO)
    if page.more and reached:
        mark = session.execute(_MARK, {"change_no": reached[CHANGE_NO]}).scalar_one()
        page.cursor = replace(page.cursor, position=_position(reached), mark=mark)


def _fill(
    session: Session, page: Page, room: _Room, buckets: frozenset[str], after: Position, up_to: int
) -> Sequence[Any] | None:
    """Put rows on the page while there is room, note whether more wait; return the last one, if any."""
    last = None
    for row in _rows(session, buckets, after, up_to, room.records + 1):
        if room.records <= 0 or room.characters <= 0:
            page.more = True
            break
        op = _row_op(row)
        page.ops.append(op)
        room.records -= 1
        room.characters -= len(op)
        last = row
    return last


def _rows(
    session: Session, buckets: frozenset[str], after: Position, up_to: int, limit: int
) -> Iterator[Sequence[Any]]:
    """Yield rows in order, read as they are wanted."""
    while limit > 0:
        starts = [(bucket, *after.start_in(bucket)) for bucket in sorted(buckets)]
        columns = dict(zip(_STARTS, map(list, zip(*starts, strict=True)), strict=True))
        at_once = min(limit, ROWS_AT_ONCE)
        rows = _PAGE.rows(session, {**columns, "limit": at_once, "up_to": up_to})
        yield from rows
        limit = limit - len(rows) if len(rows) == at_once else 0
        after = _position(rows[-1]) if rows else after


def _position(row: Sequence[Any]) -> Position:
    return Position(row[CHANGE_NO], row[0], row[1], row[2])


def _row_op(row: Sequence[Any]) -> str:
    bucket, entity, entity_id, version, rev, alive, _, mid, body = row
    told = (
        f'"bucket":{_quoted(bucket)},"entity":{_quoted(entity)},"id":{_quoted(entity_id)},'
        f'"version":{version},"rev":{rev}'
    )
    if not alive or body is None:
        return f'{{"op":"tombstone",{told}}}'
    quoted_mid = f'"{mid}"' if mid else "null"
    return f'{{"op":"put",{told},"mid":{quoted_mid},"data":{body}}}'


@lru_cache(maxsize=4096)
def _quoted(value: str) -> str:
    return orjson.dumps(value).decode()


def _evict(bucket: str) -> str:
    return f'{{"op":"evict","bucket":{_quoted(bucket)}}}'


def _checkpoint(session: Session, scope: frozenset[str]) -> dict[str, tuple[int, str]]:
    found = {bucket: (0, checksum(0)) for bucket in sorted(scope)}
    for bucket, count, total in session.execute(_CHECKPOINT, {"scope": sorted(scope)}):
        found[bucket] = (count, checksum(int(total)))
    return found
