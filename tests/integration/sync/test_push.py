"""Offline work arrives once and only once, and no item is lost for another's sake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.db import Database
from sync.errors import SeqGap
from sync.mutations import CommandType, Mutation, Outcome, Sender
from tests.integration.sync.pushing import NOW, Tablet, an_item, command, ports, rows, statuses, write_note
from tests.round_trips import counted


def effects(db: Database) -> dict[str, int]:
    return {row[0]: row[1] for row in rows(db, "SELECT entity_id, rev FROM sync.entity_state")}


def test_every_item_gets_a_result_and_the_device_moves_on(db: Database) -> None:
    answer = Tablet(db).push([an_item(1), an_item(2), an_item(3)])

    assert statuses(answer) == ["applied"] * 3
    assert [result["seq"] for result in answer["results"]] == [1, 2, 3]
    assert answer["acked_through"] == 3


def test_the_same_batch_twice_has_one_effect_and_one_answer(db: Database) -> None:
    tablet = Tablet(db)
    items = [an_item(1), an_item(2)]

    first, second = tablet.push(items), tablet.push(items)

    assert second["results"] == [{**result, "replayed": True} for result in first["results"]]
    assert set(effects(db).values()) == {1}


def test_a_batch_may_be_cut_anew_around_what_was_decided(db: Database) -> None:
    tablet = Tablet(db)
    items = [an_item(seq) for seq in range(1, 6)]
    tablet.push(items[:3])

    answer = tablet.push(items[1:])

    assert [result["replayed"] for result in answer["results"]] == [True, True, False, False]
    assert answer["acked_through"] == 5


def test_a_gap_is_refused_with_the_seq_to_go_on_from_and_the_envelope_kept(db: Database) -> None:
    tablet = Tablet(db)
    tablet.push([an_item(1)])

    with pytest.raises(SeqGap) as refused:
        tablet.push([an_item(4)])

    assert refused.value.extra == {"expected_seq": 2}
    kept = rows(db, "SELECT state, answer ->> 'expected_seq' FROM sync.envelope WHERE first_seq = 4")
    assert kept == [("refused", "2")]


def test_a_declared_gap_closes_the_hole(db: Database) -> None:
    tablet = Tablet(db)
    tablet.push([an_item(1)])

    gap = an_item(5, type="device.gap", data={"from": 2, "to": 4, "reason": "storage damaged"})
    answer = tablet.push([gap, an_item(6)])

    assert statuses(answer) == ["applied", "applied"]
    assert answer["acked_through"] == 6


def test_one_poison_item_is_quarantined_and_delays_no_other(db: Database) -> None:
    def crash_on_poison(session: Session, mutation: Mutation) -> Outcome:
        outcome = write_note(session, mutation)
        if mutation.data.get("poison"):
            session.execute(text("SELECT 1 / 0"))
        return outcome

    tablet = Tablet(db, ports(command(obey=crash_on_poison)))
    poison = an_item(2, data={"poison": True})

    answer = tablet.push([an_item(1), poison, an_item(3)])

    assert statuses(answer) == ["applied", "quarantined", "applied"]
    assert poison["entity_id"] not in effects(db)
    assert statuses(tablet.push([poison])) == ["quarantined"]


@pytest.mark.parametrize("code", ["XX000", "22003", "23514", "54001"])
def test_whatever_an_item_makes_the_database_say_is_the_items_fault(db: Database, code: str) -> None:
    def fail(session: Session, mutation: Mutation) -> Outcome:
        session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$"))
        raise AssertionError

    tablet = Tablet(db, ports(command(), command("bug.meet", fail)))

    assert statuses(tablet.push([an_item(1, type="bug.meet"), an_item(2)])) == ["quarantined", "applied"]


def test_a_deadlock_begins_the_batch_anew(db: Database) -> None:
    tries = []

    def once_deadlocked(session: Session, mutation: Mutation) -> Outcome:
        tries.append(mutation.seq)
        if len(tries) < 3:
            session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$"))
        return write_note(session, mutation)

    tablet = Tablet(db, ports(command(obey=once_deadlocked)))

    assert statuses(tablet.push([an_item(1)])) == ["applied"]
    assert (len(tries), set(effects(db).values())) == (3, {1})


def test_trouble_of_the_database_decides_nothing_and_keeps_the_envelope(db: Database) -> None:
    def no_room(session: Session, mutation: Mutation) -> Outcome:
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$"))
        raise AssertionError

    tablet = Tablet(db, ports(command(obey=no_room)))
    item = an_item(1)

    with pytest.raises(DBAPIError):
        tablet.push([item])
    tablet.ports = ports()

    assert rows(db, "SELECT state FROM sync.envelope") == [("received",)]
    assert statuses(tablet.push([item])) == ["applied"]


def test_a_fault_of_the_program_is_an_items_fault_too(db: Database) -> None:
    def fail(session: Session, mutation: Mutation) -> Outcome:
        raise KeyError("a bug")

    tablet = Tablet(db, ports(command(), command("bug.meet", fail)))

    assert statuses(tablet.push([an_item(1), an_item(2, type="bug.meet")])) == ["applied", "quarantined"]


UNREADABLE: list[tuple[str, Any, str]] = [
    ("no object", 5, ""),
    ("a null", None, ""),
    ("no mid", an_item(1, mid=None), "/mid"),
    ("a mid that is none", an_item(1, mid="x'; DROP TABLE sync.mutation; --"), "/mid"),
    ("no entity", an_item(1, entity_id="7"), "/entity_id"),
    ("no type", an_item(1, type=["a"]), "/type"),
    ("data that is a list", an_item(1, data=[]), "/data"),
    ("a version that is text", an_item(1, base_version="1"), "/base_version"),
    ("dependencies that are text", an_item(1, depends_on="x"), "/depends_on"),
    ("a NUL", an_item(1, data={"text": "a\x00b"}), "/data/text"),
    ("a NUL in a key", an_item(1, data={"a\x00": 1}), "/data/a?"),
]


@pytest.mark.parametrize(
    ("sent", "pointer"), [(sent, at) for _, sent, at in UNREADABLE], ids=[n for n, _, _ in UNREADABLE]
)
def test_an_item_that_cannot_be_read_is_rejected_with_its_place(
    db: Database, sent: Any, pointer: str
) -> None:
    tablet = Tablet(db)

    answer = tablet.push([sent, an_item(2)], first_seq=1)

    assert statuses(answer) == ["rejected", "applied"]
    assert answer["results"][0]["problem"]["errors"][0]["pointer"] == pointer
    assert tablet.push([sent], first_seq=1)["results"][0]["replayed"]


def test_half_a_surrogate_pair_is_rejected_and_its_bytes_are_kept(db: Database) -> None:
    tablet = Tablet(db)
    body = tablet.body([an_item(1, data={"text": "HALF"}), an_item(2)]).replace(b"HALF", b"\\ud83d")

    answer = tablet.push_bytes(body)

    assert statuses(answer) == ["rejected", "applied"]
    assert rows(db, "SELECT body FROM sync.envelope")[0][0].tobytes() == body


def test_unknown_types_and_missing_dependencies_are_held(db: Database) -> None:
    waiting = an_item(2, depends_on=[str(uuid4())])

    answer = Tablet(db).push([an_item(1, type="moon.visit"), waiting, an_item(3)])

    assert statuses(answer) == ["held", "held", "applied"]
    assert answer["acked_through"] == 3


def test_an_item_may_depend_on_one_before_it_in_the_same_push(db: Database) -> None:
    first, crashed = an_item(1), an_item(2, type="note.write", mid="nothing")
    second = an_item(3, depends_on=[first["mid"]])

    assert statuses(Tablet(db).push([first, crashed, second])) == ["applied", "rejected", "applied"]


def test_a_seq_or_mid_used_twice_for_different_things_is_kept_for_the_office(db: Database) -> None:
    tablet = Tablet(db)
    first = an_item(1)
    tablet.push([first])
    other_at_same_seq, same_mid_again = an_item(1), an_item(2, mid=first["mid"])
    changed = first | {"data": {"text": "changed"}}

    answers = [tablet.push([one]) for one in (other_at_same_seq, same_mid_again, changed, changed)]

    assert [statuses(answer) for answer in answers] == [["quarantined"]] * 4
    assert answers[-1]["results"][0]["replayed"]
    assert effects(db) == {first["entity_id"]: 1}
    assert tablet.push([first])["results"][0]["status"] == "applied"
    assert tablet.push([an_item(3)])["acked_through"] == 3


def test_a_revoked_device_hands_in_for_the_office(db: Database) -> None:
    tablet = Tablet(db, revoked=True)

    assert statuses(tablet.push([an_item(1), an_item(2, type="moon.visit")])) == ["quarantined"] * 2
    assert effects(db) == {}


def test_a_clock_three_years_ahead_decides_nothing(db: Database) -> None:
    wall = (NOW + timedelta(days=1095)).isoformat()

    answer = Tablet(db).push([an_item(1)], clock={"wall": wall})

    assert statuses(answer) == ["applied"]
    assert answer["clock_offset_ms"] == 1095 * 86_400_000
    assert [warning["type"] for warning in answer["results"][0]["warnings"]] == ["clock-far-off"]


def test_missing_photos_are_true_at_the_time_of_answering(db: Database) -> None:
    digest = "9f" * 32
    tablet = Tablet(db, ports(missing=[digest]))
    item = an_item(1, data={"photos": [digest]})
    before = tablet.push([item])
    tablet.ports = ports()

    after = tablet.push([item])

    assert before["results"][0]["missing_photos"] == [digest]
    assert after["results"][0]["missing_photos"] == []


def test_an_empty_push_is_answered(db: Database) -> None:
    tablet = Tablet(db)
    tablet.push([an_item(1)])

    assert tablet.push([], first_seq=9)["acked_through"] == 1


@pytest.mark.parametrize("items", [1, 20, 200])
def test_a_batch_costs_the_same_statements_whatever_its_length(db: Database, items: int) -> None:
    def nothing(session: Session, mutation: Mutation) -> Outcome:
        return Outcome("applied", version=1)

    tablet = Tablet(db, ports(command(obey=nothing)))
    with counted(db.engine) as sent:
        tablet.push([an_item(seq) for seq in range(1, items + 1)])

    assert 1 <= len(sent) <= 5


def test_a_handler_that_makes_records_never_gets_two_of_one_id_together(db: Database) -> None:
    runs: list[int] = []

    def make(
        session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
    ) -> Sequence[Outcome]:
        runs.append(len(mutations))
        return [write_note(session, mutation) for mutation in mutations]

    first, other = an_item(1), an_item(2)
    again, last = (an_item(seq, entity_id=first["entity_id"]) for seq in (3, 4))

    Tablet(db, ports(CommandType("note.write", make, makes=True))).push([first, other, again, last])

    assert runs == [2, 1, 1]
