"""Heat as a page asks for it: figures of places, what is grey, who sees what, what a bad question is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from geo.hexagons import RESOLUTIONS, hexagon_at
from server.auth.actor import Actor
from server.maps.heat import jobs
from tests.build import County, a_person
from tests.integration.ledger.acting import Cast, a_cast
from tests.integration.maps.heat.counting import Ask, asking, fold, work


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    with county.client() as client:
        yield client


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


@pytest.fixture
def boss(county: County) -> Actor:
    with county.transaction() as session:
        return a_person(session, "headquarters", None)


@pytest.fixture
def ask(client: FlaskClient, county: County, boss: Actor) -> Ask:
    return asking(client, county, boss)


def _at(answer: Any, place: str) -> Any:
    [found] = [one for one in answer["items"] if one["place"] == place]
    return found


def _places(cast: Cast) -> dict[str, str]:
    """Return where the cast's cases lie, by kind of place."""
    with cast.county.transaction() as session:
        neighbourhood = session.execute(
            text("SELECT neighbourhood_code FROM geo.community WHERE community_id = :id"),
            {"id": cast.community_id},
        ).scalar_one()
    return {
        "grid_cell": cast.cell,
        "community": str(cast.community_id),
        "neighbourhood": neighbourhood,
        "h3": hexagon_at(*cast.point, 9),
    }


@pytest.mark.parametrize("folded", [False, True], ids=["not folded", "folded"])
def test_cases_are_counted_where_they_lie_folded_or_not(
    county: County, cast: Cast, ask: Ask, folded: bool
) -> None:
    cast.report()
    cast.report()
    if folded:
        fold(county)

    told = {by: _at(ask(by=by), place) for by, place in _places(cast).items()}

    assert {by: one["count"] for by, one in told.items()} == dict.fromkeys(told, 2)
    assert all(ask(by=by)["total"] == 2 for by in told)


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_hexagons_of_every_resolution_hold_the_case(cast: Cast, ask: Ask, resolution: int) -> None:
    cast.report()

    [one] = ask(by="h3", resolution=resolution)["items"]

    assert (one["place"], one["count"]) == (hexagon_at(*cast.point, resolution), 1)


def test_a_case_without_a_position_counts_in_its_community_s_hexagon_before_and_after_it_gets_one(
    county: County, cast: Cast, ask: Ask
) -> None:
    cast.report(location=None)

    before = ask(by="h3")
    fold(county)
    after = ask(by="h3")

    assert before == after
    assert [one["count"] for one in before["items"]] == [1]


def test_where_nobody_went_and_nothing_was_heard_there_is_no_figure(cast: Cast, ask: Ask) -> None:
    cast.report()

    told = ask(by="grid_cell")

    silent = [one for one in told["items"] if one["place"] != cast.cell]
    assert len(silent) == 299
    assert {(one["status"], one["value"]) for one in silent} == {("not_visited", None)}
    assert _at(told, cast.cell)["value"] == 1


def test_a_place_that_was_visited_and_clean_is_told_apart_from_one_that_was_not(cast: Cast, ask: Ask) -> None:
    _inspected(cast)

    told = ask(by="community")

    here = _at(told, str(cast.community_id))
    assert (here["status"], here["inspections"], here["value"]) == ("visited", 1, 0)
    assert {one["value"] for one in told["items"] if one is not here} == {None}


def _inspected(cast: Cast) -> None:
    with cast.county.transaction() as session:
        session.execute(
            text(
                "INSERT INTO server.inspection (inspection_id, checklist_version, community_id,"
                " grid_cell_code, user_id, content_sha256, received_at, answers)"
                " SELECT gen_random_uuid(), (SELECT version FROM server.checklist_version LIMIT 1),"
                " :community, :cell, :user, sha256('x'), :now, '{}'"
            ),
            {
                "community": cast.community_id,
                "cell": cast.cell,
                "user": cast.worker.user_id,
                "now": cast.later(),
            },
        )


def test_closing_a_case_moves_it_from_open_to_closed(county: County, cast: Cast, ask: Ask) -> None:
    case_id = cast.to_checking()
    cast.report()
    cast.check(case_id)
    cast.order(cast.shift_leader, "case.close", case_id)
    fold(county)

    open_ = _at(ask(by="community", metric="open"), str(cast.community_id))
    closed = _at(ask(by="community", state="closed"), str(cast.community_id))

    assert (open_["value"], open_["count"], closed["value"]) == (1, 2, 1)


def test_a_weighted_figure_and_one_per_household(cast: Cast, ask: Ask) -> None:
    cast.report(severity="C")

    weighted = _at(ask(by="community", metric="severity_weighted"), str(cast.community_id))
    rate = _at(ask(by="community", metric="per_100_households"), str(cast.community_id))

    assert weighted["value"] == 1
    assert rate["value"] == pytest.approx(100 / rate["households"], abs=1e-6)
    assert 0 <= rate["smoothed"] < rate["value"]


def test_a_period_of_days_counts_what_was_reported_in_it(cast: Cast, ask: Ask) -> None:
    cast.report()

    totals = [
        ask(**{"from": first, "to": last})["total"]
        for first, last in (
            ("2026-11-20", "2026-11-20"),
            ("2026-11-01", "2026-11-30"),
            ("2026-10-01", "2026-10-31"),
            ("2026-11-21", "2026-11-22"),
        )
    ]

    assert totals == [1, 1, 0, 0]


def test_category_and_severity_choose_cases(cast: Cast, ask: Ask) -> None:
    cast.report()

    assert ask(category="parking_disorderly", severity="C")["total"] == 1
    assert ask(category="parking_disorderly", severity="A,B")["total"] == 0
    assert ask(category="fire_lane_blocked")["total"] == 0


def test_all_months_come_in_one_answer(client: FlaskClient, county: County, cast: Cast, boss: Actor) -> None:
    cast.report()
    cast.later(days=45)
    cast.report()
    told = asking(client, county, boss, "/api/v1/heat/timeslices")(by="community")

    [here] = [one for one in told["items"] if one["place"] == str(cast.community_id)]
    assert told["months"] == ["2026-11", "2026-12", "2027-01"]
    assert (here["counts"], told["totals"]) == ([1, 0, 1], [1, 0, 1])
    assert here["values"] == [1, None, 1]


def test_a_desk_sees_the_figures_of_its_own_subdistrict(
    client: FlaskClient, county: County, cast: Cast
) -> None:
    cast.report()
    with county.transaction() as session:
        here = a_person(session, "shift_leader", cast.shift_leader.unit_code)
        other = a_person(session, "shift_leader", "jihe_subdistrict")

    assert asking(client, county, here)(by="h3")["total"] == 1
    told = asking(client, county, other)(by="grid_cell")
    assert told["total"] == 0
    assert {one["place"][:9] for one in told["items"]} == {"370831002"}


def test_geojson_draws_the_same_figures(ask: Ask, cast: Cast) -> None:
    cast.report()
    for by in ("grid_cell", "community", "h3"):
        drawn, told = ask(by=by, format="geojson"), ask(by=by)

        assert [one["properties"] for one in drawn["features"]] == told["items"]
        assert {one["geometry"]["type"] for one in drawn["features"]} <= {"Polygon", "MultiPolygon"}


def test_an_answer_that_is_known_is_not_sent_again(
    client: FlaskClient, county: County, boss: Actor, cast: Cast
) -> None:
    first = client.get("/api/v1/heat", headers=county.bearer(boss))
    known = {**county.bearer(boss), "If-None-Match": first.headers["ETag"]}

    assert client.get("/api/v1/heat", headers=known).status_code == 304
    cast.report()
    assert client.get("/api/v1/heat", headers=known).status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("by=planet", "by"),
        ("by=h3&resolution=6", "resolution"),
        ("by=h3&resolution=nine", "resolution"),
        ("from=yesterday", "from"),
        ("from=2026-11-02&to=2026-11-01", "to"),
        ("category=no_such", "category"),
        ("severity=Z", "severity"),
        ("state=lost", "state"),
        ("metric=beauty", "metric"),
        ("metric=per_100_households&by=h3", "metric"),
        ("format=png", "format"),
    ],
)
def test_a_question_that_cannot_be_meant_names_the_parameter(
    client: FlaskClient, county: County, boss: Actor, query: str, field: str
) -> None:
    answer = client.get(f"/api/v1/heat?{query}", headers=county.bearer(boss))

    assert answer.status_code == 422, answer.text
    assert [error["pointer"].split("/")[2] for error in answer.get_json()["errors"]] == [field]


def test_nobody_without_a_right_to_cases_sees_heat(client: FlaskClient, county: County) -> None:
    assert client.get("/api/v1/heat").status_code == 401


def test_positions_that_stand_for_an_unknown_place_are_counted_and_told(
    county: County, cast: Cast, ask: Ask
) -> None:
    for _ in range(32):
        cast.report()
    for number in range(20):
        cast.report(location=cast.location(east_m=number + 1.0))

    before = ask()["placeholder_count"]
    found = work(county, jobs.find_placeholders)

    assert (before, found, ask()["placeholder_count"]) == (0, 1, 32)
