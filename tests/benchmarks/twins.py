"""Twins of the cases of a simulated past: the same life on other days, its history hashed anew.

So a ledger of a million cases has the states, categories, delays and entries that the simulator draws for
thousands. Some of those that closed came, as in a county that kept its books on paper, from an old ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from checklists.deadlines import SHANGHAI
from server.ledger import history
from server.ledger.facts import moment
from server.ledger.history import Author, Written
from server.simulation.history.ids import Ids

INSTANTS = (
    *("reported_at", "filed_at", "first_due_at", "due_at", "yellow_at", "dispatched_at", "accepted_at"),
    *("claimed_at", "checked_at", "closed_at", "ended_at", "paused_at"),
)
SALT_BYTES = history.SALT_BYTES
# Words that only few cases share, so that a search has something to find.
BUILDINGS, ENTRANCES = 400, 6
SET_BY: Mapping[str, Sequence[str]] = {
    "case.dispatch": ("demand", "dispatched_at"),
    "case.accept": ("accepted_at",),
    "case.claim_fixed": ("claimed_at",),
    "case.assign_check": ("checker_id",),
    "case.check": ("checked_at",),
    "case.close": ("closed_at", "ended_at"),
}
OF_A_WORKER = frozenset(
    ("reported_by", "checker_id", "inspection_id", "demand", "dispatched_at", "accepted_at")
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One entry of a life, without its place in the chain."""

    command: str
    to_state: str
    level: int
    author: Author
    at: datetime
    facts: Mapping[str, Any]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Life:
    """A case of the simulated past: its row, its deeds, and the rows that hang on it."""

    row: Mapping[str, Any]
    deeds: Sequence[Deed]
    tasks: Sequence[Mapping[str, Any]]
    claims: Sequence[Mapping[str, Any]]
    links: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Draw:
    """Which life is lived again, how much earlier, and whether all that is known of it is an old ledger.

    Attributes:
        kept: how many of its deeds have been done so far; None for all.
    """

    life: int
    earlier: timedelta
    imported: bool = False
    kept: int | None = None


@dataclass(frozen=True, slots=True)
class Twin:
    """A case ready to be stored, but for its number."""

    row: dict[str, Any]
    entries: Sequence[Written]
    tasks: Sequence[Mapping[str, Any]]
    claims: Sequence[Mapping[str, Any]]
    links: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Shares:
    """How many twins to draw from which lives; earlier by up to so many days.

    Attributes:
        under_way: closed lives with the number of deeds after which they are stopped short.
    """

    open_lives: Sequence[int]
    ended_lives: Sequence[int]
    under_way: Sequence[tuple[int, int, timedelta]]
    open_of_ten: int = 1
    under_way_of_open: float = 0.3
    imported_of_ended: float = 2 / 3
    open_days: int = 6
    ended_days: int = 1100


def draws(shares: Shares, count: int, draw: Random) -> Iterator[Draw]:
    """Yield what the next twins are of; the same draw draws the same."""
    for n in range(count):
        if n % 10 < shares.open_of_ten:
            earlier = timedelta(days=draw.randrange(shares.open_days))
            if draw.random() < shares.under_way_of_open:
                life, kept, ago = draw.choice(shares.under_way)
                yield Draw(life, earlier - ago, kept=kept)
            else:
                yield Draw(draw.choice(shares.open_lives), earlier)
        else:
            earlier = timedelta(days=draw.randrange(shares.ended_days))
            yield Draw(draw.choice(shares.ended_lives), earlier, draw.random() < shares.imported_of_ended)


def under_way(lives: Sequence[Life], now: datetime) -> Iterator[tuple[int, int, timedelta]]:
    """Yield closed lives that went straight through, each stopped short after one of its deeds.

    With each comes how long before `now` that deed was done.
    """
    for number, life in enumerate(lives):
        commands = [deed.command for deed in life.deeds]
        if life.row["state"] == "closed" and commands.count("case.check") == 1 and "case.file" in commands:
            for kept in range(commands.index("case.dispatch"), len(commands)):
                yield number, kept, now - life.deeds[kept - 1].at


def year_of(life: Life, drawn: Draw) -> int | None:
    """Return the year in which the twin gets its number; None for one without."""
    filed_at: datetime | None = life.row["filed_at"]
    if drawn.imported or filed_at is None:
        return None
    return (filed_at - drawn.earlier).astimezone(SHANGHAI).year


def twin(life: Life, drawn: Draw, ids: Ids, draw: Random) -> Twin:
    """Return the life lived again."""
    row = {**life.row, **{name: _before(life.row[name], drawn.earlier) for name in INSTANTS}}
    case_id = ids.at(row["reported_at"])
    where = f"{draw.randrange(BUILDINGS)}号楼{draw.randrange(ENTRANCES)}单元"
    row |= {"case_id": case_id, "number": None, "description": f"{row['description']}，{where}"}
    lived = life.deeds[: drawn.kept]
    deeds = [_imported(row)] if drawn.imported else [_earlier(deed, drawn, row) for deed in lived]
    entries = _chain(case_id, deeds, draw)
    head = entries[-1].head
    row |= {"state": head.state, "version": head.version, "level": head.level, "head_seq": head.seq}
    row |= {"head_hash": head.digest}
    if drawn.kept is not None:
        row |= _undone(row, {deed.command for deed in lived})
    if drawn.imported:
        row |= dict.fromkeys(OF_A_WORKER) | {"origin": "imported", "photo_required": False}
        row |= {"claimed_at": None, "checked_at": None, "rework_count": 0, "refused_count": 0}
        return Twin(row, entries, (), (), ())
    tasks = [{**_task(task, drawn.earlier), "case_id": case_id} for task in life.tasks]
    claims = [{**claim, "entity_id": case_id} for claim in life.claims if claim["entry_seq"] <= head.seq]
    links = [_link(link, drawn.earlier, head.seq) for link in life.links if link["first_seq"] <= head.seq]
    return Twin(row, entries, tasks, claims, [{**link, "case_id": case_id} for link in links])


def _undone(row: Mapping[str, Any], done: Collection[str]) -> dict[str, Any]:
    """Return the columns of a case whose later deeds have not been done yet."""
    left = {name: None for command, names in SET_BY.items() if command not in done for name in names}
    refused = row["refused_count"] if "case.record_refusal" in done else 0
    return {**left, "refused_count": refused}


def _chain(case_id: UUID, deeds: Sequence[Deed], draw: Random) -> list[Written]:
    head, written = history.begin(case_id), []
    for deed in deeds:
        entry = history.write(
            head,
            deed.command,
            deed.to_state,
            author=deed.author,
            at=deed.at,
            salt=draw.randbytes(SALT_BYTES),
            facts=deed.facts,
            words=deed.words,
            level=deed.level,
        )
        written.append(entry)
        head = entry.head
    return written


def _earlier(deed: Deed, drawn: Draw, row: Mapping[str, Any]) -> Deed:
    moved = {
        name: moment(_moment(deed.facts[name]) - drawn.earlier)
        for name in ("due_at", "yellow_at")
        if name in deed.facts
    }
    words = {**deed.words, "description": row["description"]} if deed.command == "case.report" else deed.words
    at = deed.at - drawn.earlier
    return Deed(deed.command, deed.to_state, deed.level, deed.author, at, {**deed.facts, **moved}, words)


def _imported(row: Mapping[str, Any]) -> Deed:
    facts = {name: row[name] for name in ("category", "severity", "measure")}
    facts |= {"community": str(row["community_id"]), "grid_cell": row["grid_cell_code"]}
    facts |= {name: moment(row[name]) for name in ("due_at", "yellow_at", "closed_at")}
    words = {"description": row["description"]}
    return Deed("case.import", "closed", 0, Author(), row["closed_at"], facts, words)


def _task(task: Mapping[str, Any], earlier: timedelta) -> dict[str, Any]:
    return {**task, **{name: _before(task[name], earlier) for name in ("opened_at", "ended_at", "due_at")}}


def _link(link: Mapping[str, Any], earlier: timedelta, last_seq: int) -> dict[str, Any]:
    found = {**link, **{name: _before(link[name], earlier) for name in ("started_at", "ended_at", "due_at")}}
    if link["last_seq"] is not None and link["last_seq"] > last_seq:
        found |= {"last_seq": None, "ended_at": None}
    return found


def _before(at: datetime | None, earlier: timedelta) -> datetime | None:
    return None if at is None else at - earlier


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told.replace("Z", "+00:00")).astimezone(UTC)
