"""Open cases proposed as the same problem, and what may be merged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from server.auth.actor import Actor
from server.ledger import service
from server.problems import InvalidInput, NotFound
from tests.build import a_person
from tests.integration.ledger.acting import Cast
from tests.integration.ledger.test_turns import by_a_resident


def proposed(cast: Cast, case_id: UUID, actor: Actor | None = None) -> list[dict[str, Any]]:
    with cast.county.transaction() as session:
        return service.duplicates_of(session, case_id, actor=actor or cast.dispatcher, now=cast.clock)


def placed_report(cast: Cast, like: UUID, east_m: float = 0.0) -> UUID:
    """Store a resident's report of the kind of another case, so many metres east of it."""
    case_id = by_a_resident(cast, like)
    with cast.county.owner() as session:
        session.execute(
            text(
                'UPDATE server."case" SET accuracy_m = 5, geom = (SELECT ST_Translate(k.geom, :east, 0)'
                ' FROM server."case" k WHERE k.case_id = :like) WHERE case_id = :id'
            ),
            {"id": case_id, "like": like, "east": east_m / 90_600},
        )
    return case_id


def test_the_open_cases_of_the_category_within_its_radius_are_proposed_the_nearest_first(cast: Cast) -> None:
    here, _ = cast.report()
    near, _ = cast.report(location=cast.location(30))
    nearer, _ = cast.report(location=cast.location(10))
    cast.report(location=cast.location(90))
    cast.report("fire_lane_blocked", "A")

    found = proposed(cast, here)

    assert [one["case_id"] for one in found] == [str(nearer), str(near)]
    assert [round(one["distance_m"]) for one in found] == [10, 30]
    assert {(one["reason"], one["allowed_m"], one["state"]) for one in found} == {
        ("within_radius", 60.0, "filed")
    }


def test_what_has_ended_is_not_proposed(cast: Cast) -> None:
    here, _ = cast.report()
    gone = cast.to_checking()
    cast.check(gone)
    cast.order(cast.shift_leader, "case.close", gone)

    assert proposed(cast, here) == []


def test_a_report_proposes_its_duplicates_by_itself_until_it_is_filed(cast: Cast) -> None:
    stands, _ = cast.report()
    report = placed_report(cast, stands, 20)

    with cast.county.transaction() as session:
        shown = service.show(session, report, actor=cast.shift_leader, now=cast.clock)
        other = service.show(session, stands, actor=cast.shift_leader, now=cast.clock)

    assert [(one["case_id"], round(one["distance_m"])) for one in shown["duplicates"]] == [(str(stands), 20)]
    assert other["duplicates"] == []


def test_nobody_is_shown_a_case_they_may_not_see(cast: Cast) -> None:
    here, _ = cast.report()
    cast.report()
    with cast.county.transaction() as session:
        stranger = a_person(session, "utility", "power_company")

    assert len(proposed(cast, here, cast.dispatcher)) == 1
    with pytest.raises(NotFound):
        proposed(cast, here, stranger)


def test_a_category_of_the_whole_community_is_merged_within_one_community_only(cast: Cast) -> None:
    kind = {"category": "parking_plan_missing", "severity": "C"}
    stands, _ = cast.report(**kind)
    same = placed_report(cast, stands, 400)
    elsewhere = placed_report(cast, stands)
    with cast.county.owner() as session:
        session.execute(
            text(
                'UPDATE server."case" SET community_id = (SELECT community_id FROM geo.community'
                " WHERE community_id <> :here ORDER BY name LIMIT 1) WHERE case_id = :id"
            ),
            {"here": cast.community_id, "id": elsewhere},
        )
        clerk = a_person(session, "intake_clerk", "construction_hq")

    with pytest.raises(InvalidInput, match="another community"):
        cast.order(clerk, "case.merge", elsewhere, into=str(stands))
    merged = cast.order(cast.shift_leader, "case.merge", same, into=str(stands))

    assert merged["merged_into"] == str(stands)
    assert [(one["relation"], one["case_id"]) for one in merged["related"]] == [("merged_into", str(stands))]
    with cast.county.transaction() as session:
        shown = service.show(session, stands, actor=cast.dispatcher, now=cast.clock)
    assert [(one["relation"], one["case_id"]) for one in shown["related"]] == [("merged_from", str(same))]
