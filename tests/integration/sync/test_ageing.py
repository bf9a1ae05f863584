"""Old tombstones and bodies are forgotten, and no tablet misses anything by that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.db import Database
from sync import changes
from sync.ageing import forget_bodies, forget_tombstones, withdraw_fates
from sync.entity import Wire
from sync.mutations import Outcome
from tests.integration.sync.pulling import Reader
from tests.integration.sync.pushing import NOW, Tablet, an_item, command, ports, rows, statuses
from tests.integration.sync.releasing import let_go

A, B, C = (f"cell:37083100100100{number}" for number in (1, 2, 3))
LATER = datetime.now(UTC) + timedelta(days=401)


def put(db: Database, *names: str, bucket: str = A) -> None:
    with db.transaction() as session:
        changes.put(session, "note", [Wire(name, 1, frozenset({bucket}), {"n": name}) for name in names])


def withdraw(db: Database, *names: str) -> None:
    with db.transaction() as session:
        changes.withdraw(session, "note", names)


def a_reader(db: Database, *buckets: str, limit: int = 100) -> Reader:
    reader = Reader(db, frozenset(buckets), limit)
    reader.follow()
    return reader


def held(reader: Reader) -> set[str]:
    return {entity_id for _, _, entity_id in reader.records}


def test_tombstones_are_kept_400_days(db: Database) -> None:
    put(db, *"abcde")
    withdraw(db, *"abc")

    kept = forget_tombstones(db.transaction, datetime.now(UTC) + timedelta(days=399))
    forgotten = forget_tombstones(db.transaction, LATER, at_once=2)

    assert (kept, forgotten, forget_tombstones(db.transaction, LATER)) == (0, 3, 0)
    assert rows(db, "SELECT count(*) FROM sync.bucket_entry WHERE alive") == [(2,)]


def test_a_cursor_from_before_a_forgotten_tombstone_reads_anew(db: Database) -> None:
    put(db, *"abc")
    reader = a_reader(db, A, B)
    withdraw(db, "b")
    forget_tombstones(db.transaction, LATER)

    answer = reader.page()

    assert (answer["resync"], answer["more"], answer["ops"]) == ([A, B], True, [])
    reader.follow()
    assert held(reader) == {"a", "c"}
    assert reader.checkpoint == reader.checksums()
    assert "resync" not in reader.page()


def test_who_read_the_tombstone_goes_on(db: Database) -> None:
    put(db, *"abc")
    reader = a_reader(db, A)
    withdraw(db, "b")
    reader.follow()
    put(db, "x", bucket=B)

    forget_tombstones(db.transaction, LATER)

    assert "resync" not in reader.page()


def test_tombstones_of_other_buckets_disturb_nobody(db: Database) -> None:
    put(db, "a")
    put(db, "x", bucket=B)
    reader = a_reader(db, A)
    withdraw(db, "x")

    forget_tombstones(db.transaction, LATER)

    assert "resync" not in reader.page()


def test_a_won_bucket_that_forgot_tombstones_comes_whole_and_only_once(db: Database) -> None:
    put(db, "a")
    put(db, *"xyz", bucket=B)
    reader = a_reader(db, A, limit=1)
    withdraw(db, "y")
    forget_tombstones(db.transaction, LATER)
    put(db, *"klm")

    reader.scope = frozenset({A, B})
    pages = [reader.page() for _ in range(12)]

    assert held(reader) == set("axzklm")
    assert pages[-1]["more"] is False
    assert sum(len(page["ops"]) for page in pages) <= 12


def test_pages_of_one_record_come_to_an_end_though_old_tombstones_were_forgotten(db: Database) -> None:
    put(db, *"abcdef")
    withdraw(db, *"bd")
    forget_tombstones(db.transaction, LATER)

    reader = a_reader(db, A, limit=1)

    assert held(reader) == set("acef")


def test_a_tombstone_forgotten_between_two_pages_is_not_missed(db: Database) -> None:
    put(db, *"abcd")
    reader = Reader(db, frozenset({A}), limit=2)
    reader.page()
    withdraw(db, "a")
    forget_tombstones(db.transaction, LATER)

    reader.follow()

    assert held(reader) == set("bcd")
    assert reader.checkpoint == reader.checksums()


def test_a_lost_bucket_is_evicted_even_when_all_else_is_read_anew(db: Database) -> None:
    put(db, "a")
    put(db, "x", bucket=C)
    reader = a_reader(db, A, C)
    withdraw(db, "a")
    forget_tombstones(db.transaction, LATER)

    reader.scope = frozenset({A, B})
    reader.follow()

    assert reader.evicted == [C]
    assert held(reader) == set()


def test_who_comes_back_to_life_is_not_forgotten(db: Database) -> None:
    put(db, "a")
    withdraw(db, "a")
    put(db, "a")

    assert forget_tombstones(db.transaction, LATER) == 0
    assert held(a_reader(db, A)) == {"a"}


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM sync.bucket_entry WHERE alive",
        "UPDATE sync.bucket_entry SET alive = false, change_no = NULL; DELETE FROM sync.bucket_entry",
        "UPDATE sync.horizon SET change_no = 0",
        "DELETE FROM sync.horizon",
        "TRUNCATE sync.bucket_entry",
    ],
)
def test_no_row_vanishes_behind_a_tablets_back(db: Database, sql: str) -> None:
    put(db, *"ab")

    with pytest.raises(DBAPIError), db.transaction() as session:
        session.execute(text(sql))


def test_bodies_are_forgotten_after_400_days_and_replays_still_answer(db: Database) -> None:
    tablet = Tablet(db)
    items = [an_item(1), an_item(2)]
    first = tablet.push(items)

    assert forget_bodies(db.transaction, NOW + timedelta(days=399)) == 0
    assert forget_bodies(db.transaction, NOW + timedelta(days=401)) == 1
    again = tablet.push(items, now=NOW + timedelta(days=402))

    assert rows(db, "SELECT body IS NULL, length(sha256) FROM sync.envelope ORDER BY received_at") == [
        (True, 32),
        (False, 32),
    ]
    assert [r | {"replayed": True} for r in first["results"]] == again["results"]


def test_a_body_with_an_item_that_still_waits_is_kept(db: Database) -> None:
    tablet = Tablet(db, ports(command(obey=lambda session, mutation: Outcome("held"))))

    assert statuses(tablet.push([an_item(1)])) == ["held"]
    assert forget_bodies(db.transaction, NOW + timedelta(days=401), at_once=1) == 0


def test_a_body_without_a_result_cannot_be_forgotten(db: Database) -> None:
    Tablet(db).push([an_item(1)])

    with pytest.raises(DBAPIError), db.transaction() as session:
        session.execute(text("UPDATE sync.envelope SET state = 'received', body = NULL"))


def test_fates_leave_the_tablets_30_days_after_they_were_decided(db: Database) -> None:
    tablet = Tablet(db)
    late = an_item(6)
    tablet.push([an_item(seq, depends_on=[late["mid"]]) for seq in range(1, 6)])
    tablet.push([late])
    let_go(db, [tablet])
    bucket = f"user:{tablet.user_id}"
    reader = a_reader(db, bucket)
    assert len(held(reader)) == 5

    kept = withdraw_fates(db.transaction, NOW + timedelta(days=30))
    gone = withdraw_fates(db.transaction, NOW + timedelta(days=30, minutes=2), at_once=2)
    reader.follow()

    assert (kept, gone) == (0, 5)
    assert held(reader) == set()
    assert reader.checkpoint == reader.checksums()
    assert withdraw_fates(db.transaction, NOW + timedelta(days=31)) == 0
    assert rows(db, "SELECT count(*) FROM sync.outcome") == [(5,)]
