"""A million cases laid beside those of a simulated past: twins of them, by COPY and by several processes.

Only a superuser may do it: the guards of the ledger are off while it loads. `wangge ledger verify` proves
afterwards that what stands there is a ledger like any other.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from random import Random
from typing import Any
from uuid import UUID

import orjson
import psycopg2
import psycopg2.extras

from server.ledger.history import Author
from server.simulation.history.ids import Ids
from tests.benchmarks import twins
from tests.benchmarks.indexes import put_aside
from tests.benchmarks.twins import Deed, Life, Shares

CHUNK = 10_000
LOADED = (
    "case",
    "case_entry",
    "case_entry_private",
    "case_number",
    "department_task",
    "photo_claim",
    "case_link",
)
AREA_CODE = "370831"
_CASES = """SELECT c.*, ST_AsEWKB(c.geom) AS geom_sent FROM server."case" c ORDER BY case_id"""
_DEEDS = """
SELECT e.case_id, e.command, e.to_state, e.level, e.actor_id, e.actor_unit, e.recorded_at,
       e.canonical::jsonb -> 'facts' AS facts, p.words
  FROM server.case_entry e LEFT JOIN server.case_entry_private p USING (case_id, seq)
 ORDER BY e.case_id, e.seq"""
_TASKS = "SELECT * FROM server.department_task"
_LINKS = "SELECT * FROM server.case_link"
_CLAIMS = "SELECT * FROM server.photo_claim WHERE entity = 'case'"
_COLUMNS = """
SELECT attname FROM pg_attribute
 WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped ORDER BY attnum"""
_NUMBERS = "SELECT year, max(seq) FROM server.case_number GROUP BY year"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Twins that one process stores in one transaction; `numbers` is the last number given per year."""

    number: int
    count: int
    seed: int
    numbers: Mapping[int, int]


def crowd(superuser_url: str, wanted: int, seed: int, processes: int = 2) -> int:
    """Lay twins beside the cases that stand until there are `wanted`; return how many were laid.

    Raises:
        LookupError: there is no case to make twins of.
    """
    with psycopg2.connect(superuser_url) as connection:
        lives = read(connection)
        shares = _shares(lives)
        numbers = Counter(
            dict(_ask(connection, "SELECT year, max(seq) FROM server.case_number GROUP BY year"))
        )
    chunks = list(_chunks(lives, shares, wanted - len(lives), seed, numbers))
    context = get_context("fork")
    pool = ProcessPoolExecutor(processes, context, _begin, (superuser_url, lives, shares))
    with put_aside(superuser_url, LOADED), pool:
        list(pool.map(_lay, chunks))
    _tidy(superuser_url)
    return wanted - len(lives)


def read(connection: Any) -> list[Life]:
    """Return the lives of every case that stands."""
    deeds, tasks, claims, links = (
        _by_case(connection, sql, key)
        for sql, key in (
            (_DEEDS, "case_id"),
            (_TASKS, "case_id"),
            (_CLAIMS, "entity_id"),
            (_LINKS, "case_id"),
        )
    )
    return [
        Life(
            _row(row),
            [_deed(one) for one in deeds[row["case_id"]]],
            tasks.get(row["case_id"], []),
            claims.get(row["case_id"], []),
            links.get(row["case_id"], []),
        )
        for row in _ask(connection, _CASES, named=True)
    ]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "geom": bytes(row["geom_sent"]).hex()}


def _deed(row: Mapping[str, Any]) -> Deed:
    author = Author(UUID(row["actor_id"]) if row["actor_id"] else None, row["actor_unit"])
    return Deed(
        row["command"],
        row["to_state"],
        row["level"],
        author,
        row["recorded_at"],
        row["facts"],
        row["words"] or {},
    )


def _by_case(connection: Any, sql: str, key: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _ask(connection, sql, named=True):
        found.setdefault(row[key], []).append(row)
    return found


def _ask(connection: Any, sql: str, named: bool = False) -> list[Any]:
    factory = psycopg2.extras.RealDictCursor if named else None
    with connection.cursor(cursor_factory=factory) as cursor:
        cursor.execute(sql)
        return [dict(row) for row in cursor] if named else cursor.fetchall()


def _shares(lives: Sequence[Life]) -> Shares:
    still_open = [n for n, life in enumerate(lives) if life.row["ended_at"] is None]
    ended = [
        n
        for n, life in enumerate(lives)
        if life.row["state"] == "closed" and life.row["filed_at"] is not None
    ]
    if not still_open or not ended:
        raise LookupError("the ledger is empty: there is no case to make twins of")
    return Shares(still_open, ended, list(twins.under_way(lives, datetime.now(UTC))))


def _chunks(
    lives: Sequence[Life], shares: Shares, count: int, seed: int, numbers: Counter[int]
) -> Iterable[Chunk]:
    for number, start in enumerate(range(0, count, CHUNK)):
        chunk = Chunk(number, min(CHUNK, count - start), seed, dict(numbers))
        yield chunk
        for drawn in twins.draws(shares, chunk.count, _draw(chunk)):
            year = twins.year_of(lives[drawn.life], drawn)
            if year is not None:
                numbers[year] += 1


def _draw(chunk: Chunk) -> Random:
    return Random(f"{chunk.seed}/{chunk.number}")


@dataclass(slots=True)
class _Hand:
    """What a process lays with."""

    connection: Any
    lives: Sequence[Life]
    shares: Shares
    columns: Mapping[str, Sequence[str]]


_hands: list[_Hand] = []


def _begin(url: str, lives: Sequence[Life], shares: Shares) -> None:
    connection = psycopg2.connect(url)
    columns = {}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for table in LOADED:
            cursor.execute(_COLUMNS, (f'server."{table}"',))
            columns[table] = [row[0] for row in cursor.fetchall()]
    connection.commit()
    _hands.append(_Hand(connection, lives, shares, columns))


def _lay(chunk: Chunk) -> None:
    [hand] = _hands
    rows = _rows(hand, chunk)
    with hand.connection, hand.connection.cursor() as cursor:
        for table, found in rows.items():
            names = hand.columns[table]
            lines = ("\t".join([_cell(row.get(name)) for name in names]) + "\n" for row in found)
            columns = ", ".join(names)
            cursor.copy_expert(f'COPY server."{table}" ({columns}) FROM STDIN', io.StringIO("".join(lines)))


def _rows(hand: _Hand, chunk: Chunk) -> dict[str, list[Mapping[str, Any]]]:
    rows: dict[str, list[Mapping[str, Any]]] = {table: [] for table in LOADED}
    numbers = Counter(chunk.numbers)
    words = Random(f"{chunk.seed}/{chunk.number}/words")
    ids = Ids(Random(f"{chunk.seed}/{chunk.number}/ids"))
    for drawn in twins.draws(hand.shares, chunk.count, _draw(chunk)):
        life = hand.lives[drawn.life]
        made = twins.twin(life, drawn, ids, words)
        year = twins.year_of(life, drawn)
        if year is not None:
            numbers[year] += 1
            made.row["number"] = f"{AREA_CODE}-{year}-{numbers[year]:06d}"
            rows["case_number"].append({"year": year, "seq": numbers[year], **made.row})
        rows["case"].append(made.row)
        rows["case_entry"] += [entry.row for entry in made.entries]
        rows["case_entry_private"] += [entry.private for entry in made.entries if entry.private]
        rows["department_task"] += made.tasks
        rows["photo_claim"] += made.claims
        rows["case_link"] += made.links
    return rows


def _cell(value: Any) -> str:
    """Return a value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    if isinstance(value, bytes | memoryview):
        return "\\\\x" + bytes(value).hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds()} seconds"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        return "{" + ",".join(value) + "}"
    if isinstance(value, dict):
        return _cell(orjson.dumps(value).decode())
    return str(value)


def _tidy(url: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for table in LOADED:
            cursor.execute(f'VACUUM (ANALYZE) server."{table}"')
    connection.close()
