"""The clocks of a stored case, as its page shows them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.ledger import service
from server.ledger.resuming import resume_due
from server.ledger.terms import local_day
from tests.integration.ledger.acting import Cast, column
from tests.integration.ledger.test_turns import asked, in_progress, lead


def test_a_case_shows_a_clock_for_each_link_and_one_overall(cast: Cast) -> None:
    case_id = in_progress(cast)

    with cast.county.transaction() as session:
        case = service.show(session, case_id, actor=cast.headquarters, now=cast.clock)

    assert [one["link"] for one in case["links"]] == ["file", "dispatch", "accept", "treat"]
    assert [one["ended_at"] is None for one in case["links"]] == [False, False, False, True]
    assert all(one["due_at"] and one["signal"] == "green" and not one["late"] for one in case["links"])
    assert (case["clock"]["link"], case["clock"]["started_at"]) == ("overall", case["filed_at"])
    assert case["clock"]["due_at"] == case["due_at"]


def test_the_light_of_a_case_that_was_suspended_for_months_waits_as_its_deadline_does(cast: Cast) -> None:
    case_id = in_progress(cast)
    left = column(cast.county, case_id, "yellow_at") - cast.clock
    day = local_day(cast.clock) + timedelta(days=100)
    request = asked(cast, cast.fixer, "case.suspend", case_id, resume_on=day.isoformat(), reason="停工")
    cast.order(lead(cast, case_id), "case.decide", case_id, request_id=request, granted=True)
    cast.order(cast.shift_leader, "case.decide", case_id, request_id=request, granted=True)

    resumed = cast.clock + timedelta(days=100)
    with cast.county.transaction() as session:
        assert resume_due(session, resumed) == 1
        case = service.show(session, case_id, actor=cast.headquarters, now=resumed)

    assert case["signal"] == "green"
    assert case["clock"]["signal"] == "green"
    assert case["links"][-1]["paused_s"] == 100 * 86400
    assert column(cast.county, case_id, "yellow_at") > resumed
    assert left > timedelta()


@pytest.mark.parametrize(
    "row",
    [
        "('treat', 'A', '2026-01-01', NULL, 1, 'uh', 'x')",
        "('file', 'A', '2026-01-01', NULL, 1, 'uh', 'x')",
        "('file', 'D', '2018-01-01', '2018-02-01', 1, 'uh', 'x')",
        "('file', 'A', '2018-01-01', '2018-02-01', 0, 'uh', 'x')",
        "('file', 'A', '2018-02-01', '2018-01-01', 1, 'uh', 'x')",
    ],
)
def test_limits_of_links_never_overlap_nor_make_no_sense(cast: Cast, row: str) -> None:
    columns = "link, severity, valid_from, valid_to, amount, unit, source"
    with pytest.raises(IntegrityError), cast.county.transaction() as session:
        session.execute(text(f"INSERT INTO server.link_limit ({columns}) VALUES {row}"))
