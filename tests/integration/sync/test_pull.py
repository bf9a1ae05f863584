"""A reader that follows the cursor to its end holds what was committed in its scope at one moment."""

from __future__ import annotations

from time import perf_counter

import pytest
from sqlalchemy import text

from server.db import Database, make_engine
from sync import changes
from sync import cursor as cursors
from sync.cursor import Cursor, Position
from sync.entity import Wire
from sync.errors import CursorInvalid
from sync.pull import pull, remember
from tests.integration.sync.pulling import HOLDER, SECRET, Reader
from tests.integration.sync.pushing import NOW, Tablet, rows

A, B = "cell:370831001001001", "cell:370831001001002"


def put(db: Database, *names: str, buckets: set[str] | None = None, entity: str = "note") -> None:
    wires = [Wire(name, 1, frozenset({A} if buckets is None else buckets), {"name": name}) for name in names]
    with db.transaction() as session:
        changes.put(session, entity, wires)


def held(reader: Reader) -> dict[str, set[str]]:
    return {bucket: {i for b, _, i in reader.records if b == bucket} for bucket in sorted(reader.scope)}


def test_pages_of_any_size_bring_the_same_records(db: Database) -> None:
    put(db, *"abcde")
    put(db, *"xyz", buckets={A, B})

    for limit in (1, 2, 3, 100):
        reader = Reader(db, frozenset({A, B}), limit)
        reader.follow()
        assert held(reader) == {A: set("abcdexyz"), B: set("xyz")}
        assert reader.checkpoint == reader.checksums()


def test_only_what_changed_comes_again(db: Database) -> None:
    put(db, *"abc")
    reader = Reader(db, frozenset({A}))
    reader.follow()

    put(db, "b")
    answer = reader.page()

    assert [(op["id"], op["rev"]) for op in answer["ops"]] == [("b", 2)]
    assert answer["checkpoint"] == reader.checksums()


def test_what_leaves_a_bucket_becomes_a_tombstone_there(db: Database) -> None:
    put(db, *"ab")
    reader = Reader(db, frozenset({A, B}))
    reader.follow()

    put(db, "a", buckets={B})
    with db.transaction() as session:
        changes.withdraw(session, "note", ["b"])
    reader.follow()

    assert held(reader) == {A: set(), B: {"a"}}
    assert reader.checkpoint == reader.checksums()


def test_a_lost_cell_is_evicted_and_a_won_one_comes_whole(db: Database) -> None:
    put(db, *"abc")
    put(db, *"klmno", buckets={B})
    reader = Reader(db, frozenset({A}), limit=2)
    reader.follow()

    reader.scope = frozenset({B})
    first = reader.page()
    put(db, "k", "p", buckets={B})
    reader.follow()

    assert first["ops"][0] == {"op": "evict", "bucket": A}
    assert held(reader) == {B: set("klmnop")}
    assert reader.checkpoint == reader.checksums()


def test_one_bucket_can_be_fetched_anew(db: Database) -> None:
    put(db, *"abc")
    reader = Reader(db, frozenset({A, B}), limit=2)
    reader.follow()
    reader.records.popitem()

    reader.page(resync=frozenset({A}))
    reader.follow()

    assert held(reader)[A] == set("abc")


def test_another_history_is_noticed_and_read_anew(db: Database, owner_url: str) -> None:
    put(db, *"abc")
    reader = Reader(db, frozenset({A}))
    reader.follow()
    _restore_elsewhere(owner_url)

    answer = reader.page()

    assert (answer["resync"], answer["more"], answer["ops"]) == ([A], True, [])
    reader.follow()
    assert held(reader) == {A: set("abc")}


def test_a_restore_to_an_earlier_state_is_noticed_and_read_anew(db: Database, owner_url: str) -> None:
    put(db, "a")
    put(db, "x", buckets={B})
    reader = Reader(db, frozenset({A, B}))
    reader.follow()
    with make_engine(owner_url).begin() as connection:
        connection.execute(text("DELETE FROM sync.change WHERE change_no = 2"))
    reader.scope = frozenset({A})

    answer = reader.page()

    assert (answer["resync"], answer["ops"]) == ([A], [{"op": "evict", "bucket": B}])
    reader.follow()
    assert held(reader) == {A: {"a"}}


def _restore_elsewhere(owner_url: str) -> None:
    """Change the mark of every change, as another history would have it."""
    with make_engine(owner_url).begin() as connection:
        connection.execute(text("UPDATE sync.change SET mark = mark + 1"))


def test_a_cursor_of_another_secret_or_tablet_or_an_altered_one_is_refused() -> None:
    good = cursors.write(Cursor(frozenset({A}), Position(7, A, "note", "x"), mark=5), SECRET, HOLDER)

    assert cursors.read(good, SECRET, HOLDER).position.change_no == 7
    for bad in (good[:-2] + "AA", "", "%%", "x" * 50, good + "é", good[4:]):
        with pytest.raises(CursorInvalid):
            cursors.read(bad, SECRET, HOLDER)
    for secret, holder in (("t" * 32, HOLDER), (SECRET, "another tablet")):
        with pytest.raises(CursorInvalid):
            cursors.read(good, secret, holder)


def test_the_scope_of_a_finished_pull_is_remembered(db: Database) -> None:
    tablet = Tablet(db)
    for scope in ({A}, {A, B}):
        with db.transaction() as session:
            remember(session, tablet.device_id, scope, NOW)

    assert rows(db, "SELECT pulled_scope FROM sync.device_state") == [([A, B],)]


def test_ten_thousand_records_come_at_twenty_thousand_a_second(db: Database) -> None:
    body = {"answers": {f"item_{number}": {"value": number} for number in range(25)}}
    for part in range(10):
        wires = [Wire(f"{part}-{n}", 1, frozenset({A}), body) for n in range(1000)]
        with db.transaction() as session:
            changes.put(session, "inspection", wires)
    reader = Reader(db, frozenset({A}), limit=5000)

    started = perf_counter()
    cursor, pages = None, 0
    while pages == 0 or cursor is not None:
        with db.snapshot() as session:
            page = pull(session, scope=reader.scope, cursor=cursor, limit=5000)
        page.as_json("c")
        cursor, pages = (page.cursor if page.more else None), pages + 1
    seconds = perf_counter() - started

    assert seconds < 2.0, f"{10_000 / seconds:.0f} records/s"


def test_a_page_has_about_a_megabyte_at_most(db: Database) -> None:
    large = {"text": "巡" * 30_000}
    with db.transaction() as session:
        changes.put(session, "note", [Wire(str(n), 1, frozenset({A}), large) for n in range(100)])
    reader = Reader(db, frozenset({A}), limit=1000)

    sizes = list[int]()
    while not sizes or reader.checkpoint is None:
        sizes.append(len(reader.page()["ops"]))

    assert sizes == [42, 42, 16]
    assert reader.checkpoint == reader.checksums()


def test_a_pull_that_brings_nothing_answers_with_the_same_cursor(db: Database) -> None:
    put(db, "a")
    reader = Reader(db, frozenset({A}))
    reader.follow()
    cursor = reader.cursor
    put(db, "x", buckets={B})

    reader.follow()

    assert reader.cursor == cursor


def test_a_cell_lost_and_won_again_within_a_round_comes_whole(db: Database) -> None:
    put(db, *"abc")
    put(db, *"xyz", buckets={B})
    reader = Reader(db, frozenset({A, B}), limit=2)
    reader.page()

    for scope in ({B}, {A, B}, {A}, {A, B}):
        reader.scope = frozenset(scope)
        reader.page()
        put(db, "a", "z", buckets={A})
    reader.follow()

    assert held(reader) == {A: set("abcz"), B: set("xy")}
    assert reader.checkpoint == reader.checksums()
