"""Levels 1 to 5 as the database sees them: equal to the pure rule, raised once, whoever runs the job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger import history, level_queries, queries
from server.ledger.escalation import LevelFacts, level_due
from server.ledger.history import SYSTEM, Author, Written
from server.ledger.level_queries import DueCase
from server.ledger.levels import lanes_of, raise_all_levels, raise_levels
from server.ledger.plan import Plan
from server.ledger.rulebook import clock_of, parameters_of
from server.ledger.verify import verify
from server.work import Work
from tests.build import NOW
from tests.integration.ledger.acting import Cast, a_digest, an_id, column
from tests.integration.ledger.test_guards import SALT, head_of, refused

DEPARTMENT = "market_bureau"


def raised(cast: Cast, now: datetime) -> int:
    with cast.county.transaction() as session:
        return raise_levels(session, now)


def level(cast: Cast, case_id: UUID) -> int:
    found: int = column(cast.county, case_id, "level")
    return found


def why(cast: Cast, case_id: UUID) -> list[str]:
    with cast.county.transaction() as session:
        entries = queries.history_of(session, case_id)
    return [str(entry.data["why"]) for entry in entries if entry.command == "case.raise_level"]


def refuse(cast: Cast, case_id: UUID) -> None:
    photo = a_digest()
    cast.order(cast.worker, "case.record_refusal", case_id, note="拒不整改", photos=[photo])


def by_time(cast: Cast) -> UUID:
    case_id, _ = cast.report()
    cast.later(days=30)
    return case_id


def by_refusal(cast: Cast) -> UUID:
    case_id, _ = cast.report(category="small_ad_not_cleared")
    refuse(cast, case_id)
    return case_id


def by_a_grave_problem(cast: Cast) -> UUID:
    case_id, _ = cast.report(category="private_wiring_charging", severity="A")
    cast.later(days=10)
    return case_id


@pytest.mark.parametrize(
    ("deed", "reached", "because"),
    [
        (by_time, 3, "limit_passed_again"),
        (by_refusal, 3, "refused"),
        (by_a_grave_problem, 5, "grave_and_red"),
    ],
)
def test_a_case_rises_by_what_befell_it_once(
    cast: Cast, deed: Callable[[Cast], UUID], reached: int, because: str
) -> None:
    case_id = deed(cast)

    assert [raised(cast, cast.clock), raised(cast, cast.later())] == [1, 0]
    assert (level(cast, case_id), why(cast, case_id)) == (reached, [because])
    with cast.county.database.snapshot() as session:
        verify(session)


def work_of(cast: Cast, now: datetime) -> Work:
    settings = cast.county.settings
    return Work(cast.county.database, settings, Redis.from_url(settings.redis_url), now)


def test_a_street_stands_in_one_lane_and_lanes_are_about_as_long() -> None:
    due = [DueCase(UUID(int=n), 2, "late", False, True, f"street {n % 5}") for n in range(100)]

    lanes = lanes_of(due)

    streets = [{one.street for one in due if one.case_id in lane} for lane in lanes]
    assert sorted(one for lane in lanes for one in lane) == [one.case_id for one in due]
    assert not set.intersection(*streets)
    assert sorted(map(len, lanes)) == [40, 60]


def test_two_schedulers_at_once_raise_each_case_once(cast: Cast) -> None:
    ids = [cast.report(category="small_ad_not_cleared")[0] for _ in range(12)]
    late = cast.later(days=30)
    together = Barrier(2)

    def run() -> int:
        together.wait()
        return raise_all_levels(work_of(cast, late))

    with ThreadPoolExecutor(2) as pool:
        counts = [one.result() for one in [pool.submit(run), pool.submit(run)]]
    counts.append(raise_all_levels(work_of(cast, late)))

    assert sum(counts) == len(ids)
    assert Counter(len(why(cast, case_id)) for case_id in ids) == {1: len(ids)}


def a_rise(cast: Cast, case_id: UUID, to: int, command: str = "case.raise_level") -> None:
    """Write an entry as a forger who knows the format would, as owner of the tables."""
    with cast.county.owner() as session:
        head = head_of(session, case_id)
        entry = history.write(
            head, command, head.state, author=SYSTEM, at=cast.later(), salt=SALT, facts={}, level=to
        )
        queries.store_entry(session, entry, {})


def test_no_level_is_raised_twice_even_by_who_owns_the_tables(cast: Cast) -> None:
    case_id, _ = cast.report()
    a_rise(cast, case_id, 2)

    with refused("one_rise_to_a_level"):
        a_rise(cast, case_id, 2)
    with refused("levels_rise"):
        a_rise(cast, case_id, 1)
    with refused("case_entry_version"):
        a_rise(cast, case_id, 1, "case.join")
    with refused("only_rises_raise"):
        a_rise(cast, case_id, 4, "case.join")


FORGERIES = {
    "case_entry_chain": {"seq": 9},
    "case_entry_from_state": {"from_state": "closed", "to_state": "closed"},
    "case_entry_version": {"version": 9},
    "case_transition_permitted": {"to_state": "closed"},
    "case_entry_text": {"recorded_at": NOW},
    "only_rises_raise": {"command": "case.joint_action", "level": 3},
}


@pytest.mark.parametrize(("fault", "forged"), FORGERIES.items(), ids=list(FORGERIES))
def test_one_bad_entry_among_many_that_rise_stops_them_all(
    cast: Cast, fault: str, forged: Mapping[str, Any]
) -> None:
    good, bad = (cast.report(category="small_ad_not_cleared")[0] for _ in range(2))

    with refused(fault), cast.county.owner() as session:
        written = [a_written_rise(cast, session, case_id) for case_id in (good, bad)]
        rows = [written[0].row, {**written[1].row, **forged}]
        queries.store_plan(session, Plan(entries=rows))

    assert [column(cast.county, one, "level") for one in (good, bad)] == [0, 0]


def test_a_rise_names_its_authors_own_unit(cast: Cast) -> None:
    case_id, _ = cast.report()
    author = Author(cast.worker.user_id, cast.fixer.unit_code)

    with refused("case_entry_unit"), cast.county.owner() as session:
        queries.store_entry(session, a_written_rise(cast, session, case_id, author), {})


def test_a_case_rises_and_is_proposed_in_one_statement(cast: Cast) -> None:
    case_id, _ = cast.report()

    with cast.county.owner() as session:
        first = a_written_rise(cast, session, case_id)
        second = history.write(
            first.head, "case.joint_action", first.head.state, author=SYSTEM, at=cast.later(), salt=SALT
        )
        queries.store_plan(session, Plan(entries=[first.row, second.row]))

    assert bytes(column(cast.county, case_id, "head_hash")) == second.head.digest
    with cast.county.database.snapshot() as session:
        verify(session)


def a_written_rise(cast: Cast, session: Session, case_id: UUID, author: Author = SYSTEM) -> Written:
    head = head_of(session, case_id)
    return history.write(
        head, "case.raise_level", head.state, author=author, at=cast.later(), salt=SALT, level=2
    )


ROW = (
    'INSERT INTO server."case" (case_id, category, severity, measure, source, community_id, reported_at,'
    " due_at, yellow_at, limit_amount, limit_unit, rework_count, refused_count, unit_code,"
    " investigating_units) VALUES (:case_id, 'parking_disorderly', :severity, 12, 'report', :community_id,"
    " :reported_at, :due_at, :yellow_at, :limit_amount, :limit_unit, :rework_count, :refused_count,"
    " :unit_code, :investigating)"
)


def a_random_case(cast: Cast, draw: Random) -> tuple[dict[str, Any], LevelFacts]:
    due = NOW + timedelta(microseconds=draw.randrange(-25 * 10**11, 10 * 10**11))
    amount, unit = draw.choice(
        [(None, None), (2, "uh"), (3, "wh"), (1, "wd"), (7, "wd"), (20, "wd"), (3, "cd")]
    )
    by_department = draw.random() < 0.3
    departments = ["emergency_bureau", "public_security_bureau"][: draw.randrange(3)]
    known: dict[str, Any] = {
        "severity": draw.choice("ABC"),
        "due_at": due,
        "yellow_at": due - timedelta(microseconds=draw.randrange(10**11)),
        "limit_amount": amount,
        "limit_unit": unit,
        "rework_count": draw.choice((0, 0, 0, 1, 2)),
        "refused_count": draw.choice((0, 0, 0, 1)),
    }
    row = {
        **known,
        "case_id": an_id(),
        "community_id": cast.community_id,
        "reported_at": NOW - timedelta(days=60),
        "unit_code": DEPARTMENT if by_department else cast.fixer.unit_code,
        "investigating": departments,
    }
    return row, LevelFacts(running=True, by_department=by_department, competent=len(departments), **known)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_the_sql_that_finds_due_cases_says_what_the_rule_says(cast: Cast, seed: int) -> None:
    draw = Random(seed)
    made = [a_random_case(cast, draw) for _ in range(60)]
    with cast.county.transaction() as session:
        session.execute(text(ROW), [row for row, _ in made])
        clock, numbers = clock_of(session, NOW), parameters_of(session, NOW)
        ids = [row["case_id"] for row, _ in made]
        found = {
            one.case_id: (one.level, one.why, one.joint)
            for one in level_queries.due(session, level_queries.cuts_at(session, NOW, clock, numbers), ids)
        }

    for row, facts in made:
        expected = level_due(facts, NOW, clock, numbers)
        said = found.get(row["case_id"], (0, "", False))
        assert said == (expected.level, expected.why, expected.joint), (row, expected)
