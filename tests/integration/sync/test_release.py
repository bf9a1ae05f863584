"""Held items go on by themselves, in order, when what they wait for has arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import uuid6
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.db import Database
from sync import changes
from sync.entity import Wire
from sync.mutations import Mutation, Outcome
from tests.integration.sync.pushing import Tablet, an_item, command, ports, rows, statuses, write_note
from tests.integration.sync.releasing import fates, let_go, told


def waiting_on(*items: dict[str, Any]) -> list[str]:
    return [item["mid"] for item in items]


def test_a_chain_of_held_items_is_released_in_the_order_of_seq(db: Database) -> None:
    tablet, other = Tablet(db), Tablet(db)
    missing = an_item(1)
    chain = [an_item(1, depends_on=waiting_on(missing))]
    for seq in (2, 3, 4):
        chain.append(an_item(seq, depends_on=waiting_on(chain[-1])))
    first = tablet.push(chain)

    other.push([missing])
    decided = let_go(db, [tablet, other])

    assert statuses(first) == ["held"] * 4
    assert decided == 4
    assert told(db) == [(seq, "applied") for seq in (1, 2, 3, 4)]
    assert rows(db, "SELECT 1 FROM sync.waiting") == []


def test_the_first_answer_is_replayed_and_the_later_fate_travels_to_the_person(db: Database) -> None:
    tablet = Tablet(db)
    late = an_item(2)
    held = an_item(1, depends_on=waiting_on(late))
    first = tablet.push([held])
    tablet.push([late])
    let_go(db, [tablet])

    again = tablet.push([held])

    assert again["results"] == [{**first["results"][0], "replayed": True}]
    bucket = rows(db, "SELECT bucket, rev FROM sync.bucket_entry WHERE entity = 'outcome'")
    assert bucket == [(f"user:{tablet.user_id}", 1)]


def test_a_push_tells_that_it_brought_what_others_wait_for(db: Database) -> None:
    tablet = Tablet(db)
    calls: list[str] = []
    late = an_item(2)

    tablet.push([an_item(1, depends_on=waiting_on(late))], awaited=lambda: calls.append("first"))
    tablet.push([late], awaited=lambda: calls.append("second"))
    tablet.push([an_item(3)], awaited=lambda: calls.append("third"))

    assert calls == ["second"]


def test_what_depends_on_a_rejected_item_is_rejected_in_the_end(db: Database) -> None:
    tablet, other = Tablet(db), Tablet(db)
    refused = an_item(1, data=[])
    tablet.push([an_item(1, depends_on=waiting_on(refused)), an_item(2)])
    other.push([refused])

    let_go(db, [tablet, other])

    assert told(db) == [(1, "rejected")]
    assert rows(db, "SELECT problem ->> 'type' FROM sync.outcome") == [("/problems/dependency-failed",)]


def test_an_unknown_type_goes_on_when_the_server_learns_it(db: Database) -> None:
    tablet = Tablet(db)
    tablet.push([an_item(1, type="moon.visit"), an_item(2)])

    before = let_go(db, [tablet])
    after = let_go(db, [tablet], ports(command(), command("moon.visit")))

    assert (before, after, told(db)) == (0, 1, [(1, "applied")])


def knows(entity: str) -> Callable[[Session, Mutation], Outcome]:
    """Return a command that waits for the record it speaks of."""

    def obey(session: Session, mutation: Mutation) -> Outcome:
        key = str(mutation.data["about"])
        if not rows_of(session, entity, key):
            return Outcome("held", waits_for=(f"{entity}:{key}",))
        return write_note(session, mutation)

    return obey


def rows_of(session: Session, entity: str, entity_id: str) -> list[Any]:
    sql = "SELECT 1 FROM sync.entity_state WHERE entity = :entity AND entity_id = :id"
    return list(session.execute(text(sql), {"entity": entity, "id": entity_id}))


def test_an_item_about_an_unknown_record_goes_on_when_the_record_travels(db: Database) -> None:
    how = ports(command(), command("case.note", knows("case")))
    tablet = Tablet(db, how)
    about = str(uuid4())
    tablet.push([an_item(1, type="case.note", data={"about": about})])
    assert let_go(db, [tablet], how) == 0

    with db.transaction() as session:
        changes.put(session, "inspection", [Wire(about, 1, frozenset({"global"}), {})])
    assert let_go(db, [tablet], how) == 0
    with db.transaction() as session:
        changes.put(session, "case", [Wire(about, 1, frozenset({"global"}), {})])

    assert let_go(db, [tablet], how) == 1


def test_what_waits_for_a_person_is_not_released(db: Database) -> None:
    how = ports(command(obey=lambda session, mutation: Outcome("held")))
    tablet = Tablet(db, how)
    tablet.push([an_item(1)])

    assert let_go(db, [tablet], ports()) == 0
    assert rows(db, "SELECT kind, key FROM sync.waiting") == [("leader", "")]


def test_a_held_item_that_fails_is_quarantined_and_delays_no_other(db: Database) -> None:
    def fail(session: Session, mutation: Mutation) -> Outcome:
        if mutation.data.get("poison"):
            raise KeyError("a bug")
        return write_note(session, mutation)

    tablet = Tablet(db)
    tablet.push(
        [an_item(1, type="moon.visit", data={"poison": 1}), an_item(2, type="moon.visit"), an_item(3)]
    )

    let_go(db, [tablet], ports(command(), command("moon.visit", fail)))

    assert told(db) == [(1, "quarantined"), (2, "applied")]


class Killed(BaseException):
    """The process dies here."""


def test_a_held_item_that_takes_processes_down_is_quarantined_at_the_third_try(db: Database) -> None:
    def die(session: Session, mutation: Mutation) -> Outcome:
        if mutation.data.get("killer"):
            raise Killed
        return write_note(session, mutation)

    deadly = ports(command(), command("moon.visit", die))
    tablet = Tablet(db)
    tablet.push([an_item(1, type="moon.visit", data={"killer": 1}), an_item(2, type="moon.visit")])

    for _ in range(2):
        with pytest.raises(Killed):
            let_go(db, [tablet], deadly)
    let_go(db, [tablet], deadly)

    assert told(db) == [(1, "quarantined"), (2, "applied")]


def test_trouble_of_the_database_is_no_try_and_decides_nothing(db: Database) -> None:
    def no_room(session: Session, mutation: Mutation) -> Outcome:
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$"))
        raise AssertionError

    tablet = Tablet(db)
    tablet.push([an_item(1, type="moon.visit")])

    for _ in range(4):
        with pytest.raises(DBAPIError):
            let_go(db, [tablet], ports(command("moon.visit", no_room)))

    assert let_go(db, [tablet], ports(command("moon.visit"))) == 1
    assert told(db) == [(1, "applied")]


def test_a_revocation_after_an_item_was_taken_in_does_not_stop_it(db: Database) -> None:
    tablet = Tablet(db)
    late = an_item(2)
    tablet.push([an_item(1, depends_on=waiting_on(late)), late])
    tablet.revoked = True

    let_go(db, [tablet])

    assert told(db) == [(1, "applied")]


FORBIDDEN = [
    "UPDATE sync.mutation SET status = 'held' WHERE status = 'applied'",
    "UPDATE sync.mutation SET result = '{}'",
    "UPDATE sync.mutation SET digest = sha256('x')",
    "UPDATE sync.mutation SET seq = 7",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_the_first_answer_and_what_is_done_cannot_be_changed(db: Database, sql: str) -> None:
    Tablet(db).push([an_item(1)])

    with pytest.raises(DBAPIError, match=r"is kept|stays so"):
        rows(db, sql)


def test_the_body_of_an_undecided_item_is_never_forgotten(db: Database) -> None:
    Tablet(db).push([an_item(1, type="moon.visit")])
    Tablet(db).push([an_item(1)])

    rows(db, "UPDATE sync.envelope SET body = NULL RETURNING 1")

    kept = rows(
        db, "SELECT status FROM sync.envelope JOIN sync.mutation USING (envelope_id) WHERE body <> ''"
    )
    assert kept == [("held",)]


Plan = list[list[tuple[str, list[int]]]]


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, list[list[int]]]:
    """Items of two tablets, each with a kind and what it depends on, and two orders of pushing them."""
    sizes = [draw(st.integers(1, 4)), draw(st.integers(1, 4))]
    total = sum(sizes)
    kinds, others = st.sampled_from(["good", "good", "good", "bad"]), st.integers(0, total - 1)
    plan = [[(draw(kinds), draw(st.lists(others, max_size=2))) for _ in range(size)] for size in sizes]
    turns = [0] * sizes[0] + [1] * sizes[1]
    return plan, [draw(st.permutations(turns)), draw(st.permutations(turns))]


def carry_out(db: Database, plan: Plan, turns: list[int], *, eagerly: bool) -> list[str]:
    """Push every tablet's items one by one in these turns, and return the final states."""
    tablets = [Tablet(db), Tablet(db)]
    mids = [str(uuid6.uuid7()) for items in plan for _ in items]
    numbers = iter(range(len(mids)))
    outboxes: list[Iterator[dict[str, Any]]] = []
    for items in plan:
        sent = []
        for seq, (kind, on) in enumerate(items, 1):
            data: Any = {"text": "x"} if kind == "good" else []
            mid = mids[next(numbers)]
            sent.append(an_item(seq, mid=mid, depends_on=[mids[one] for one in on], data=data))
        outboxes.append(iter(sent))
    for turn in turns:
        tablets[turn].push([next(outboxes[turn])])
        if eagerly:
            let_go(db, tablets)
    let_go(db, tablets)
    final = fates(db)
    places = zip(tablets, plan, strict=True)
    return [final[one.device_id, seq] for one, items in places for seq in range(1, len(items) + 1)]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans())
def test_whatever_the_order_of_arrival_the_final_states_are_the_same(
    db: Database, drawn: tuple[Plan, list[list[int]]]
) -> None:
    plan, (one, other) = drawn

    assert carry_out(db, plan, one, eagerly=True) == carry_out(db, plan, other, eagerly=False)


def test_a_gap_that_was_held_is_kept_when_it_goes_on(db: Database) -> None:
    tablet, other = Tablet(db), Tablet(db)
    late = an_item(1)
    gap = {"from": 1, "to": 1, "reason": "storage damaged"}
    tablet.push([an_item(1), an_item(2, type="device.gap", depends_on=waiting_on(late), data=gap)])
    before = rows(db, "SELECT 1 FROM sync.gap")
    other.push([late])

    let_go(db, [tablet, other])

    assert (before, rows(db, "SELECT from_seq, to_seq FROM sync.gap")) == ([], [(1, 1)])
