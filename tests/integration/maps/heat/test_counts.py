"""Counts of heat are kept by deltas and folded by a job: equal to what stands in the tables at any time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.maps.heat import jobs
from tests.build import County
from tests.integration.ledger.acting import Cast, a_cast, a_digest
from tests.integration.maps.heat.counting import differences, fold, work

STEPS = (
    "report",
    "report_without_place",
    "dispatch",
    "claim",
    "close",
    "decline",
    "void",
    "fold",
    "fold_one",
)


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


class History:
    """Cases on their way, moved by the real commands."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.states: dict[Any, str] = {}

    def take(self, step: str, which: int) -> None:
        """Do one step with the case it falls upon, if there is one that allows it."""
        getattr(self, f"_{step}", lambda _: self._move(step, which))(which)

    def _report(self, which: int) -> None:
        case_id, _ = self.cast.report(location=self.cast.location(east_m=7.0 * which))
        self.states[case_id] = "filed"

    def _report_without_place(self, which: int) -> None:
        case_id, _ = self.cast.report(location=None)
        self.states[case_id] = "filed"

    def _fold(self, which: int) -> None:
        fold(self.cast.county)

    def _fold_one(self, which: int) -> None:
        with self.cast.county.transaction() as session:
            session.execute(text("SELECT server.fold_heat(:most)"), {"most": which + 1})

    def _move(self, step: str, which: int) -> None:
        needed, after = {
            "dispatch": ("filed", "claimed"),
            "claim": ("claimed", "checking"),
            "close": ("checking", "closed"),
            "void": ("filed", "voided"),
            "decline": ("filed", "filed"),
        }[step]
        able = [case_id for case_id, state in self.states.items() if state == needed]
        if able:
            case_id = able[which % len(able)]
            self.states[case_id] = after if self._order(step, case_id) else needed

    def _order(self, step: str, case_id: Any) -> bool:
        cast = self.cast
        if step == "dispatch":
            unit = cast.fixer.unit_code
            cast.order(cast.dispatcher, "case.dispatch", case_id, unit=unit, demand="立即清走")
            cast.order(cast.fixer, "case.accept", case_id)
        elif step == "void":
            cast.order(cast.shift_leader, "case.void", case_id, reason="重复录入的测试案卷，予以作废")
        elif step == "claim":
            self._hand_in(case_id)
        elif step == "close":
            cast.check(case_id)
            cast.order(cast.shift_leader, "case.close", case_id)
        else:
            cast.order(cast.worker, "case.note", case_id, text="再看一次")
        return True

    def _hand_in(self, case_id: Any) -> None:
        cast, photo = self.cast, a_digest()
        cast.order(cast.fixer, "case.claim_fixed", case_id, done="已清走", paid_by="物业", photos=[photo])
        cast.arrive(photo)
        cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.checker.user_id))


def _wrong(county: County) -> list[Any]:
    with county.transaction() as session:
        return differences(session)


# One database for all examples: what one leaves behind, the next one goes on from.
@settings(
    max_examples=5,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 5)), min_size=6, max_size=14))
def test_whatever_happens_to_cases_the_counts_stay_exact(cast: Cast, steps: list[tuple[str, int]]) -> None:
    history = History(cast)
    for step, which in steps:
        history.take(step, which)

        assert _wrong(cast.county) == [], f"after {step} {which}"

    fold(cast.county)
    assert _wrong(cast.county) == []
    assert _left(cast.county) == 0


def _left(county: County) -> int:
    with county.transaction() as session:
        found: int = session.execute(text("SELECT count(*) FROM server.heat_delta")).scalar_one()
    return found


def test_writers_and_folding_side_by_side_lose_nothing(county: County, cast: Cast) -> None:
    done = threading.Event()
    faults: list[BaseException] = []

    def keep_folding() -> None:
        try:
            while not done.is_set():
                fold(county)
        except BaseException as fault:
            faults.append(fault)

    folding = threading.Thread(target=keep_folding)
    folding.start()
    try:
        for _ in range(10):
            cast.report()
            assert _wrong(county) == []
    finally:
        done.set()
        folding.join()
    assert faults == []
    assert _wrong(county) == []


def test_what_a_transaction_takes_back_is_never_counted(county: County, cast: Cast) -> None:
    case_id, _ = cast.report()
    with county.database.open() as session:
        change = text("""UPDATE server."case" SET severity = 'A' WHERE case_id = :id""")
        session.execute(change, {"id": case_id})
        assert differences(session) == []
        session.rollback()

    assert _wrong(county) == []


@pytest.mark.parametrize(
    "column",
    [
        "category = (SELECT max(category) FROM server.category)",
        "severity = 'A'",
        "reported_at = reported_at - interval '60 days'",
    ],
)
def test_a_corrected_case_moves_its_count(county: County, cast: Cast, column: str) -> None:
    case_id, _ = cast.report()
    fold(county)
    with county.transaction() as session:
        session.execute(text(f'UPDATE server."case" SET {column} WHERE case_id = :id'), {"id": case_id})

    assert _wrong(county) == []
    fold(county)
    assert _wrong(county) == []


def test_a_damaged_count_is_found_replaced_and_told(county: County, cast: Cast) -> None:
    cast.report()
    fold(county)
    assert work(county, jobs.prove) == 0
    with county.owner() as session:
        session.execute(text("UPDATE server.heat_count SET open_c = open_c + 1 WHERE kind = 'community'"))
    cast.report()

    wrong = work(county, jobs.prove)

    assert (wrong, work(county, jobs.prove)) == (2, 0)
    assert _wrong(county) == []


def test_a_damaged_day_is_found_and_packed_anew(county: County, cast: Cast) -> None:
    cast.report()
    fold(county)
    with county.owner() as session:
        session.execute(text("UPDATE server.heat_day SET facts = facts || facts"))

    wrong = work(county, jobs.prove)

    assert wrong > 0
    assert _wrong(county) == []


def test_a_day_folded_in_parts_becomes_one_overnight(county: County, cast: Cast) -> None:
    for _ in range(3):
        cast.report()
        fold(county)

    assert work(county, jobs.prove) == 0

    with county.transaction() as session:
        rows, days = session.execute(text("SELECT count(*), count(DISTINCT day) FROM server.heat_day")).one()
    assert rows == days
    assert _wrong(county) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE server.heat_count SET open_a = 7",
        "DELETE FROM server.heat_count",
        "DELETE FROM server.heat_delta",
        "DELETE FROM server.heat_day",
        "UPDATE server.heat_spot SET h3_9 = 7",
        "INSERT INTO server.heat_category (category) VALUES ('x')",
        "INSERT INTO server.heat_delta (community_id, category, severity, standing, day, n)"
        " VALUES (gen_random_uuid(), 'x', 'A', 'open', '2026-11-01', 1)",
    ],
)
def test_the_application_cannot_touch_the_counts_but_through_cases(
    county: County, cast: Cast, sql: str
) -> None:
    cast.report()

    with pytest.raises(DBAPIError, match="permission denied"), county.transaction() as session:
        session.execute(text(sql))


def test_hexagons_come_together_or_not_at_all(county: County, cast: Cast) -> None:
    case_id, _ = cast.report()

    with pytest.raises(DBAPIError, match="case_hexagons_together"), county.transaction() as session:
        session.execute(text('UPDATE server."case" SET h3_8 = NULL WHERE case_id = :id'), {"id": case_id})
