"""How long a link may take: rows with validity, set by API and command line; what held before stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from server.ledger import link_limits
from server.ledger.errors import RuleStands
from server.ledger.link_limits import LinkLimit
from server.ledger.terms import local_day
from server.problems import InvalidInput, NotYours
from tests.integration.ledger.acting import Cast


def a_limit(cast: Cast, **more: Any) -> LinkLimit:
    wanted: dict[str, Any] = {
        "link": "accept",
        "severity": "C",
        "amount": 3,
        "unit": "wh",
        "source": "泗城建指〔2026〕1号",
        "valid_from": local_day(cast.clock),
    }
    return LinkLimit(**{**wanted, **more})


def of_accepting(cast: Cast) -> list[tuple[int, str, date, date | None, bool]]:
    with cast.county.transaction() as session:
        return [
            (row["amount"], row["unit"], row["valid_from"], row["valid_to"], row["in_force"])
            for row in link_limits.listed(session, cast.clock)
            if (row["link"], row["severity"]) == ("accept", "C")
        ]


def test_a_new_limit_holds_from_its_day_and_the_old_one_stays_on_the_list(cast: Cast) -> None:
    today = local_day(cast.clock)
    with cast.county.transaction() as session:
        link_limits.set_limit(session, a_limit(cast), actor=cast.headquarters, now=cast.clock)

    assert of_accepting(cast) == [
        (1, "wd", date(2019, 6, 1), today, False),
        (3, "wh", today, None, True),
    ]


def test_links_that_begin_then_run_by_the_new_limit(cast: Cast) -> None:
    with cast.county.transaction() as session:
        link_limits.set_limit(session, a_limit(cast, link="dispatch"), actor=None, now=cast.clock)
    cast.report()

    with cast.county.client() as client:
        headers = cast.county.bearer(cast.headquarters)
        [case] = client.get("/api/v1/cases", headers=headers).get_json()["items"]
        shown = client.get(f"/api/v1/cases/{case['case_id']}", headers=headers).get_json()

    running = next(one for one in shown["links"] if one["link"] == "dispatch")
    assert running["unit"] == "wh"


@pytest.mark.parametrize(
    "change",
    [
        {"link": "treat"},
        {"severity": "D"},
        {"unit": "years"},
        {"amount": 0},
        {"amount": 10_001},
        {"source": " "},
        {"valid_from": date(2026, 1, 1)},
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(cast: Cast, change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused, cast.county.transaction() as session:
        link_limits.set_limit(session, a_limit(cast, **change), actor=cast.headquarters, now=cast.clock)

    assert refused.value.errors[0]["pointer"] == f"/{next(iter(change))}"


def test_a_limit_before_one_that_stands_and_one_by_a_street_are_refused(cast: Cast) -> None:
    later = a_limit(cast, valid_from=local_day(cast.clock) + timedelta(days=9))
    with cast.county.transaction() as session:
        link_limits.set_limit(session, later, actor=None, now=cast.clock)

    with pytest.raises(RuleStands), cast.county.transaction() as session:
        link_limits.set_limit(session, a_limit(cast), actor=None, now=cast.clock)
    with pytest.raises(NotYours), cast.county.transaction() as session:
        link_limits.set_limit(session, a_limit(cast), actor=cast.dispatcher, now=cast.clock)


def test_limits_are_set_over_http(cast: Cast) -> None:
    body = {"link": "check", "severity": "B", "amount": 2, "unit": "wd", "source": "会议纪要"}

    with cast.county.client() as client:
        headers = cast.county.bearer(cast.headquarters)
        told = client.post("/api/v1/link-limits", json=body, headers=headers)
        wrong = client.post("/api/v1/link-limits", json={**body, "unit": "m"}, headers=headers)

    rows = [row for row in told.get_json()["items"] if (row["link"], row["severity"]) == ("check", "B")]
    assert [row["in_force"] for row in rows] == [False, True]
    assert (wrong.status_code, wrong.get_json()["errors"][0]["pointer"]) == (422, "/unit")
