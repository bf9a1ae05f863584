"""Loading demo places with a history: all of it in one transaction, or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from checklists.deadlines import SHANGHAI
from server.auth import audit
from server.auth.passwords import hashed
from server.db import Database
from server.disk import removed_on_fault, room_or_storage_full
from server.ledger.terms import local_day
from server.photos.store import PhotoStore
from server.programme import demo
from server.simulation.history.book import Book
from server.simulation.history.calls import Calls
from server.simulation.history.errors import CountyMissing, DemoPlacesStand, RecordsExist
from server.simulation.history.ground import survey
from server.simulation.history.ids import Ids
from server.simulation.history.lives import Agenda, World
from server.simulation.history.people import Hiring
from server.simulation.history.pictures import Album, Drawn
from server.simulation.history.run import Rounds
from sync import changes

SLICE = timedelta(days=30)
TOLD_AT_ONCE = 1000
# Tablets hold the inspections of the last three months.
INSPECTIONS_TOLD = timedelta(days=90)
CELLS_PER_COMMUNITY = 3
# Tables that were empty a moment ago have no statistics: without this a guard's look-up may read all of them.
PLANNER = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off"
Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to load: how many communities, how many years up to now, drawn from which seed."""

    communities: int
    years: int
    seed: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded."""

    communities: int
    people: int
    inspections: int
    cases: int
    open_cases: int
    photos: int
    outcomes: int


def load(
    database: Database, store: PhotoStore, wish: Wish, *, password: str, now: datetime, tell: Tell
) -> Loaded:
    """Draw demo places and their history and store both; `tell` hears what is done and its share from 0 to 1.

    Raises:
        CountyMissing: the county itself is not loaded.
        DemoPlacesStand: other demo places are there. RecordsExist: there are inspections or cases.
        StorageFull: no room for the photos. Nothing is left behind then.
    """
    with _kept_or_removed(store) as kept, database.transaction() as session:
        refuse_what_stands(session)
        session.execute(text(PLANNER))
        tell("places", 0.0)
        cells = wish.communities * CELLS_PER_COMMUNITY
        demo.load_demo(session, wish.seed, lambda line: None, wish.communities, cells, successive=True)
        history = _History(session, store, wish, now, kept)
        loaded = history.write(hashed(password), tell)
        facts = {"communities": wish.communities, "years": wish.years, "seed": wish.seed}
        audit.write(session, None, "demo.load", "county", "demo", facts, now)
        tell("numbers", 0.95)
        os.sync()
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    tell("done", 1.0)
    return loaded


def refuse_what_stands(session: Session) -> None:
    """Refuse to load beside anything that is there already.

    Raises:
        CountyMissing, DemoPlacesStand, RecordsExist: see `load`.
    """
    if not session.scalar(text("SELECT EXISTS (SELECT FROM geo.county)")):
        raise CountyMissing
    both = 'SELECT EXISTS (SELECT FROM server."case") OR EXISTS (SELECT FROM server.inspection)'
    if session.scalar(text(both)):
        raise RecordsExist
    if demo.has_demo_places(session):
        raise DemoPlacesStand


class _History:
    """One load on its way."""

    def __init__(
        self, session: Session, store: PhotoStore, wish: Wish, now: datetime, kept: list[bytes]
    ) -> None:
        self.session, self.store, self.wish, self.now, self.kept = session, store, wish, now, kept
        first = local_day(now) - timedelta(days=365 * wish.years)
        self.since = datetime.combine(first, time(), SHANGHAI).astimezone(UTC)

    def write(self, password_hash: str, tell: Tell) -> Loaded:
        seed = self.wish.seed
        tell("people", 0.05)
        ground = survey(self.session, self.now)
        ids = Ids(Random(f"{seed}/ids"))
        hiring = Hiring(
            self.session, ids, Random(f"{seed}/people"), self.since, local_day(self.now), password_hash
        )
        staff = hiring.hire(ground.acting())
        album, book = Album(seed, self.since), Book()
        world = World(ground, staff, album, book, Agenda(), Random(f"{seed}/world"))
        rounds = Rounds(world, ids, self.since, self.now)
        world.closed = rounds.close
        rounds.plan_all()
        rounds.plan_latest()
        self._months(world, tell)
        book.store_outcomes(self.session)
        Calls(self.session, staff, Random(f"{seed}/calls"), self.now).take(ground.sites)
        rounds.await_photos(self.now)
        book.store(self.session, [])
        tell("tablets", 0.75)
        self._tell_tablets(rounds, hiring.assigned())
        lives = rounds.lives.values()
        still_open = sum(life.facts.state != "closed" for life in lives)
        return Loaded(
            len(ground.sites),
            len(staff.everybody),
            len(rounds.inspected),
            len(rounds.lives),
            still_open,
            album.told,
            len(book.outcomes),
        )

    def _months(self, world: World, tell: Tell) -> None:
        ends = self.since
        while ends < self.now:
            ends = min(ends + SLICE, self.now)
            world.agenda.run(ends)
            drawn = world.album.fresh()
            _keep(self.store, drawn, self.kept)
            world.book.store(self.session, drawn)
            tell(
                f"{ends.astimezone(SHANGHAI):%Y-%m}",
                0.1 + 0.65 * (ends - self.since) / (self.now - self.since),
            )

    def _tell_tablets(self, rounds: Rounds, assignments: list[UUID]) -> None:
        recent = [one for at, one in rounds.inspected if at >= self.now - INSPECTIONS_TOLD]
        checking = [one for one, life in rounds.lives.items() if life.facts.state == "checking"]
        tasks = [
            one.outcome_id
            for one in rounds.world.book.outcomes
            if one.kind == "task" and one.settled_by is None
        ]
        told: tuple[tuple[str, Iterable[Any]], ...] = (
            ("assignment", assignments),
            ("case", list(rounds.lives)),
            ("task", [*checking, *tasks]),
            ("inspection", recent),
        )
        for entity, found in told:
            for part in _parts(list(found)):
                changes.append(self.session, entity, part)


def _parts(found: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(found), TOLD_AT_ONCE):
        yield found[start : start + TOLD_AT_ONCE]


def _keep(store: PhotoStore, drawn: list[Drawn], kept: list[bytes]) -> None:
    """Store photos without waiting for the disk after each: the load syncs once, before it commits."""
    for photo in drawn:
        final = store.original(photo.sha256)
        if final.exists():
            continue
        file = store.temporary()
        kept.append(photo.sha256)
        with room_or_storage_full(), removed_on_fault(file):
            file.write_bytes(photo.content)
            final.parent.mkdir(parents=True, exist_ok=True)
            file.replace(final)


@contextmanager
def _kept_or_removed(store: PhotoStore) -> Iterator[list[bytes]]:
    """Yield a list of photos that are removed from the store again when the block does not end well."""
    kept: list[bytes] = []
    try:
        yield kept
    except BaseException:
        for sha256 in kept:
            store.remove(sha256)
        raise
