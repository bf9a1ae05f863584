"""Problems that come back: rebounds reopen the closed case by themselves, later ones point to it."""

from __future__ import annotations

from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from server.ledger.sync import COMMAND_TYPES
from server.ledger.verify import verify
from sync.entity import cell_bucket
from sync.mutations import Mutation, Outcome
from tests.integration.fieldsync.test_database_gone import until
from tests.integration.ledger.acting import Cast, a_digest, a_mutation, a_sender, an_id, column

LIFT = {"asset": "lift 1"}


def a_closed_case(cast: Cast, **report: Any) -> UUID:
    case_id = cast.to_checking(**{**LIFT, **report})
    cast.check(case_id)
    cast.order(cast.shift_leader, "case.close", case_id)
    return case_id


def a_report(cast: Cast, **data: Any) -> Mutation:
    body = {
        "category": "parking_disorderly",
        "severity": "C",
        "community_id": str(cast.community_id),
        "location": cast.location(),
        "description": "又停满了",
        "photos": [a_digest()],
        **data,
    }
    return a_mutation("case.report", an_id(), body)


def commands(cast: Cast, case_id: UUID) -> list[str]:
    with cast.county.transaction() as session:
        wanted = text("SELECT command FROM server.case_entry WHERE case_id = :id ORDER BY seq")
        return list(session.scalars(wanted, {"id": case_id}))


def proved(cast: Cast) -> None:
    with cast.county.database.snapshot() as session:
        verify(session)


def test_a_violation_found_again_on_the_same_asset_reopens_the_closed_case(cast: Cast) -> None:
    case_id = a_closed_case(cast)
    cast.later(days=170)

    new, outcome = cast.report(**LIFT)

    assert outcome.status == "applied"
    assert [warning.type for warning in outcome.warnings] == ["rebound"]
    assert (column(cast.county, case_id, "state"), column(cast.county, case_id, "rebound_count")) == (
        "in_progress",
        1,
    )
    assert column(cast.county, case_id, "due_at") > cast.clock
    assert column(cast.county, case_id, "checker_id") is None
    assert commands(cast, new) == []
    assert commands(cast, case_id)[-1] == "case.reopen"
    proved(cast)


def test_a_rebound_goes_the_whole_way_to_a_second_close_out(cast: Cast) -> None:
    case_id = a_closed_case(cast)
    cast.report(**LIFT)
    photo = a_digest()

    cast.order(cast.fixer, "case.claim_fixed", case_id, done="再次清走", paid_by="物业", photos=[photo])
    cast.arrive(photo)
    cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.checker.user_id))
    cast.check(case_id)

    assert cast.order(cast.shift_leader, "case.close", case_id)["state"] == "closed"


LATER: list[tuple[str, int, dict[str, Any]]] = [
    ("after the half year", 181, {}),
    ("without a photo", 1, {"photos": []}),
]


@pytest.mark.parametrize(("why", "days", "more"), LATER, ids=[row[0] for row in LATER])
def test_what_is_no_rebound_becomes_a_new_case_that_points_to_the_old_one(
    cast: Cast, why: str, days: int, more: dict[str, Any]
) -> None:
    case_id = a_closed_case(cast)
    cast.later(days=days)

    new, _ = cast.report(**LIFT, **more)

    assert column(cast.county, case_id, "state") == "closed"
    assert (column(cast.county, new, "state"), column(cast.county, new, "repeat_of")) == ("filed", case_id)
    proved(cast)


UNRELATED: list[tuple[str, dict[str, Any]]] = [
    ("no asset, and a radius in metres", {}),
    ("another asset", {"asset": "lift 2"}),
    ("another category", {**LIFT, "category": "zombie_vehicle"}),
]


@pytest.mark.parametrize(("why", "more"), UNRELATED, ids=[row[0] for row in UNRELATED])
def test_what_would_not_have_joined_reopens_nothing(cast: Cast, why: str, more: dict[str, Any]) -> None:
    case_id = a_closed_case(cast)

    new, _ = cast.report(**more)

    assert column(cast.county, case_id, "state") == "closed"
    assert column(cast.county, new, "repeat_of") is None


def test_an_open_case_of_the_asset_goes_before_a_closed_one(cast: Cast) -> None:
    old = a_closed_case(cast)
    cast.later(days=200)
    still_open, _ = cast.report(**LIFT)

    cast.report(**LIFT)

    assert commands(cast, still_open)[-1] == "case.join"
    assert column(cast.county, old, "state") == "closed"


def test_two_reports_of_one_batch_are_one_reopening_and_one_join(cast: Cast) -> None:
    case_id = a_closed_case(cast)

    outcomes = cast.push(cast.worker, a_report(cast, **LIFT), a_report(cast, **LIFT))

    assert [one.warnings[0].type for one in outcomes] == ["rebound", "joined"]
    assert commands(cast, case_id)[-2:] == ["case.reopen", "case.join"]
    assert column(cast.county, case_id, "rebound_count") == 1


def test_two_tablets_that_find_the_same_closed_case_at_once_reopen_it_once(cast: Cast) -> None:
    case_id = a_closed_case(cast)
    first, second = a_report(cast, **LIFT), a_report(cast, **LIFT)
    answers: dict[str, list[Outcome]] = {}
    now = cast.later()

    def push(session: Any, mutation: Mutation) -> list[Outcome]:
        sender = a_sender(cast.worker, [cell_bucket(cast.cell)])
        return list(COMMAND_TYPES["case.report"].handler(session, sender, [mutation], now))

    def second_tablet() -> None:
        with cast.county.transaction() as session:
            answers["second"] = push(session, second)

    tablet = Thread(target=second_tablet)
    with cast.county.transaction() as session:
        answers["first"] = push(session, first)
        tablet.start()
        until(lambda: waiting(cast) == 1)
    tablet.join()

    assert [answers[name][0].warnings[0].type for name in ("first", "second")] == ["rebound", "joined"]
    assert commands(cast, case_id)[-2:] == ["case.reopen", "case.join"]
    proved(cast)


def waiting(cast: Cast) -> int:
    """Return how many transactions of this database wait for a lock."""
    with cast.county.owner() as session:
        count: int = session.execute(
            text(
                "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                " WHERE a.datname = current_database() AND NOT l.granted"
            )
        ).scalar_one()
        return count
