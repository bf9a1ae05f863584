"""After a repaired fault everything that it left undecided is decided anew, and nothing twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from server.db import Database
from sync.decide import Ports
from sync.mutations import Mutation, Outcome
from sync.replay import Replayed, replay
from tests.integration.sync.pushing import NOW, Tablet, an_item, command, ports, rows
from tests.integration.sync.releasing import LATER, senders, told


def broken(session: Session, mutation: Mutation) -> Outcome:
    raise KeyError("a bug")


def again(db: Database, *tablets: Tablet, how: Ports | None = None, **only: Any) -> list[Replayed]:
    return list(replay(db.transaction, how or ports(), senders(*tablets), LATER, **only))


def became(found: list[Replayed]) -> list[tuple[int, str, str | None]]:
    return [(one.place.seq, one.was, one.now) for one in found]


def notes(db: Database) -> list[int]:
    return [row[0] for row in rows(db, "SELECT rev FROM sync.entity_state WHERE entity = 'note'")]


def test_items_that_the_server_failed_on_are_done_after_the_repair_and_only_once(db: Database) -> None:
    tablet = Tablet(db, ports(command(obey=broken)))
    tablet.push([an_item(1), an_item(2)])

    first, second = again(db, tablet), again(db, tablet)

    assert became(first) == [(1, "quarantined", "applied"), (2, "quarantined", "applied")]
    assert second == []
    assert (notes(db), told(db)) == ([1, 1], [(1, "applied"), (2, "applied")])


def test_a_fault_that_is_not_repaired_leaves_the_item_where_it_is(db: Database) -> None:
    how = ports(command(obey=broken))
    tablet = Tablet(db, how)
    tablet.push([an_item(1)])

    assert became(again(db, tablet, how=how)) == [(1, "quarantined", "quarantined")]
    assert told(db) == []


def test_a_dry_run_shows_what_would_be_and_changes_nothing(db: Database) -> None:
    tablet = Tablet(db, ports(command(obey=broken)))
    tablet.push([an_item(1)])

    shown = again(db, tablet, dry_run=True)

    assert became(shown) == [(1, "quarantined", "applied")]
    assert (notes(db), told(db)) == ([], [])
    assert rows(db, "SELECT status FROM sync.mutation") == [("quarantined",)]


def test_held_items_are_decided_in_order_in_one_replay(db: Database) -> None:
    tablet = Tablet(db, ports(command(obey=broken)))
    failed = an_item(1)
    held = an_item(2, depends_on=[failed["mid"]])
    tablet.push([failed, held, an_item(3, depends_on=[held["mid"]]), an_item(4, depends_on=[str(uuid4())])])

    found = again(db, tablet)

    assert became(found) == [
        (1, "quarantined", "applied"),
        (2, "held", "applied"),
        (3, "held", "applied"),
        (4, "held", "held"),
    ]


def test_what_is_in_quarantine_for_a_reason_of_its_own_stays_there(db: Database) -> None:
    revoked, tablet = Tablet(db, revoked=True), Tablet(db)
    revoked.push([an_item(1)])
    tablet.push([an_item(1)])
    tablet.push([an_item(1)])

    assert again(db, revoked, tablet) == []


def test_a_replay_is_limited_to_a_tablet_and_a_day(db: Database) -> None:
    tablets = [Tablet(db, ports(command(obey=broken))) for _ in range(2)]
    tablets[0].push([an_item(1)], now=NOW - timedelta(days=2))
    tablets[1].push([an_item(1)], now=NOW)

    def chosen(**only: Any) -> list[UUID]:
        return [one.place.device_id for one in again(db, *tablets, dry_run=True, **only)]

    assert chosen(device_id=tablets[0].device_id) == [tablets[0].device_id]
    assert chosen(since=NOW - timedelta(days=1)) == [tablets[1].device_id]
    assert len(chosen()) == 2
