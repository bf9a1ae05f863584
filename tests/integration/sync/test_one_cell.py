"""Tablets that push into one cell wait for each other at the very end of a push, and nowhere before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from sqlalchemy.orm import Session

from server.db import Database
from sync.mutations import Mutation, Outcome
from tests.integration.sync.pushing import Tablet, an_item, command, ports, rows, statuses, write_note

WAIT_S = 60


@dataclass
class Paused:
    """A command that writes into the cell and then stands still within its transaction."""

    done: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)

    def obey(self, session: Session, mutation: Mutation) -> Outcome:
        outcome = write_note(session, mutation)
        self.done.set()
        assert self.go_on.wait(WAIT_S)
        return outcome


@contextmanager
def a_push_that_stands_still(db: Database) -> Iterator[None]:
    """Keep a push open after all its work in the cell was done, up to the end of the block."""
    paused = Paused()
    tablet = Tablet(db, ports(command(obey=paused.obey)))
    with ThreadPoolExecutor(1) as other:
        pushed = other.submit(tablet.push, [an_item(1)])
        try:
            assert paused.done.wait(WAIT_S)
            yield
        finally:
            paused.go_on.set()
        assert statuses(pushed.result(WAIT_S)) == ["applied"]


def test_a_push_into_a_cell_is_done_while_another_push_into_it_is_still_open(db: Database) -> None:
    with a_push_that_stands_still(db), ThreadPoolExecutor(4) as others:
        pushed = [others.submit(Tablet(db).push, [an_item(1), an_item(2)]) for _ in range(8)]
        answers = [one.result(WAIT_S) for one in pushed]

        waiting = rows(db, "SELECT count(*) FROM pg_locks WHERE NOT granted AND database IS NOT NULL")

    assert [statuses(answer) for answer in answers] == [["applied", "applied"]] * 8
    assert waiting == [(0,)]


def test_change_numbers_follow_the_order_of_the_commits_not_of_the_beginnings(db: Database) -> None:
    with a_push_that_stands_still(db):
        early = Tablet(db)
        early.push([an_item(1)])

    numbers = rows(
        db,
        "SELECT m.device_id FROM sync.mutation m JOIN sync.bucket_entry b"
        " ON b.entity_id = m.entity_id::text ORDER BY b.change_no",
    )
    assert [row[0] == early.device_id for row in numbers] == [True, False]
