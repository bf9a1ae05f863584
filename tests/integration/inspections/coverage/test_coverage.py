"""Coverage: figures that equal what was handed in, counted by hand; who sees how far; patrols by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from server.auth.actor import Actor
from server.inspections.coverage import service, sheet
from server.inspections.coverage.queries import Period
from server.inspections.sync import COMMAND_TYPES
from sync.entity import cell_bucket
from tests.build import NOW, County, a_person
from tests.integration.inspections.making import an_inspection, push, version_of_checklist
from tests.integration.ledger.acting import Cast, a_cast, a_mutation, a_sender, an_id

DAY = date(2026, 11, 20)
WEEK = Period(first=DAY - timedelta(days=6), last=DAY)


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


@pytest.fixture
def client(cast: Cast) -> Iterator[FlaskClient]:
    with cast.county.client() as client:
        yield client


def visits(cast: Cast, *finished: str) -> list[UUID]:
    """Let the worker hand in an inspection for each of these local times."""
    version = version_of_checklist(cast)
    made = [
        an_inspection(cast, version, finished_at=f"{at}:00+08:00", started_at=f"{at}:00+08:00", answers={})
        for at in finished
    ]
    push(cast, made, scope=[cell_bucket(cast.cell)])
    return [one.entity_id for one in made]


def walk(cast: Cast, *, minutes: int = 3, metres: float = 100.0) -> None:
    """Let the worker walk east from the community's point, so many metres a minute."""
    lon, lat = cast.point
    points = [
        {"lon": lon + n * metres / 90_600, "lat": lat, "at": (NOW + timedelta(minutes=n)).isoformat()}
        for n in range(minutes + 1)
    ]
    with cast.county.transaction() as session:
        mutation = a_mutation("track.append", an_id(), {"points": points})
        sender = a_sender(cast.worker, [cell_bucket(cast.cell)])
        [outcome] = COMMAND_TYPES["track.append"].handler(session, sender, [mutation], cast.later())
    assert outcome.status == "applied"


def covered(cast: Cast, by: Any, actor: Actor | None = None, **more: Any) -> dict[str, Any]:
    given = {"unvisited_days": None, "with_outline": False, "period": WEEK, **more}
    period = given.pop("period")
    with cast.county.transaction() as session:
        return service.coverage(session, by, period, actor=actor or cast.headquarters, now=NOW, **given)


def row_of(told: dict[str, Any], key: object) -> dict[str, Any]:
    [found] = [one for one in told["items"] if one["key"] == str(key)]
    return dict(found)


def counted(cast: Cast, sql: str, **bound: Any) -> int:
    with cast.county.transaction() as session:
        found: int = session.execute(text(sql), bound).scalar_one()
    return found


def test_a_community_tells_how_often_on_how_many_days_and_by_whom(cast: Cast) -> None:
    # The last one ends after midnight in the county, before midnight in UTC; the first is of the week before.
    visits(cast, "2026-11-10T10:00", "2026-11-18T10:00", "2026-11-18T16:00", "2026-11-20T00:30")

    row = row_of(covered(cast, "community"), cast.community_id)

    assert (row["visits"], row["days"], row["days_since"]) == (3, 2, 0)
    assert row["workers"] == [
        {"user_id": str(cast.worker.user_id), "name": cast.worker.display_name, "visits": 3}
    ]
    assert row["first_at"] == "2026-11-18T02:00:00+00:00"
    assert row["last_visit_at"] == "2026-11-19T16:30:00+00:00"


def test_the_totals_equal_the_raw_counts_and_the_sums_of_every_list(cast: Cast) -> None:
    visits(cast, "2026-11-18T10:00", "2026-11-19T10:00")
    raw = {
        "visits": counted(cast, "SELECT count(*) FROM server.inspection WHERE corrects IS NULL"),
        "communities": counted(cast, "SELECT count(*) FROM geo.community WHERE valid_to IS NULL"),
        "cells": counted(cast, "SELECT count(*) FROM geo.grid_cell WHERE valid_to IS NULL"),
    }

    places, cells, streets, workers = (
        covered(cast, by) for by in ("community", "grid_cell", "subdistrict", "worker")
    )

    totals = places["totals"]
    assert {name: totals[name] for name in raw} == raw
    assert totals["communities_visited"] == totals["cells_visited"] == 1
    assert cells["totals"] == streets["totals"] == workers["totals"] == totals
    assert len(places["items"]) == raw["communities"]
    assert len(cells["items"]) == raw["cells"]
    for told in (places, cells, streets, workers):
        assert sum(one["visits"] for one in told["items"]) == raw["visits"]
    for name in ("communities", "communities_visited", "cells", "cells_visited"):
        assert sum(one[name] for one in streets["items"]) == totals[name]
    own = row_of(workers, cast.worker.user_id)
    assert (own["cells"], own["cells_visited"], own["communities_visited"]) == (1, 1, 1)
    assert own["communities_share"] == round(1 / own["communities"], 4)


def test_places_unvisited_for_days_come_alone_and_those_never_visited_first(cast: Cast) -> None:
    visits(cast, "2026-11-16T10:00")

    every = covered(cast, "community")["items"]
    four, five = (covered(cast, "community", unvisited_days=days)["items"] for days in (4, 5))

    assert every[-1]["key"] == str(cast.community_id)
    assert every[0]["days_since"] is None
    assert len(four) == len(every)
    assert len(five) == len(every) - 1
    assert str(cast.community_id) not in {one["key"] for one in five}


def test_a_correction_is_not_another_visit(cast: Cast) -> None:
    [first] = visits(cast, "2026-11-18T10:00")
    with cast.county.owner() as session:
        session.execute(text("ALTER TABLE server.inspection DISABLE TRIGGER USER"))
        session.execute(
            text(
                "INSERT INTO server.inspection SELECT (jsonb_populate_record(NULL::server.inspection,"
                " to_jsonb(i) || jsonb_build_object('inspection_id', gen_random_uuid(), 'mid', NULL,"
                " 'corrects', i.inspection_id))).* FROM server.inspection i WHERE inspection_id = :id"
            ),
            {"id": first},
        )

    assert row_of(covered(cast, "community"), cast.community_id)["visits"] == 1


def test_everybody_sees_as_far_as_their_place(cast: Cast) -> None:
    visits(cast, "2026-11-18T10:00")
    with cast.county.transaction() as session:
        elsewhere = a_person(session, "dispatcher", "jihe_subdistrict")

    own = covered(cast, "grid_cell", cast.worker)["items"]
    street = covered(cast, "community", cast.dispatcher)["items"]
    other = covered(cast, "community", elsewhere)

    assert [one["key"] for one in own] == [cast.cell]
    assert str(cast.community_id) in {one["key"] for one in street}
    assert str(cast.community_id) not in {one["key"] for one in other["items"]}
    assert other["totals"]["visits"] == 0


def test_patrols_tell_length_time_and_the_communities_passed(cast: Cast) -> None:
    walk(cast)

    with cast.county.transaction() as session:
        [day] = service.patrols(session, WEEK, actor=cast.headquarters)["items"]
        own = service.patrols(session, WEEK, actor=cast.worker)["items"]
        others = service.patrols(session, WEEK, actor=cast.checker)["items"]
        earlier = Period(first=DAY - timedelta(days=3), last=DAY - timedelta(days=1))
        before = service.patrols(session, earlier, actor=cast.headquarters)["items"]

    assert (day["day"], day["tracks"], day["duration_s"]) == ("2026-11-20", 1, 180.0)
    assert day["length_m"] == pytest.approx(300, rel=0.01)
    assert 1 <= day["passed"] <= day["communities"]
    assert day["passed_share"] == round(day["passed"] / day["communities"], 4)
    assert (own, others, before) == ([day], [], [])


def test_it_answers_over_http_and_says_what_cannot_be(client: FlaskClient, cast: Cast) -> None:
    visits(cast, "2026-11-18T10:00")
    headers = cast.county.bearer(cast.headquarters)

    def ask(path: str, **query: Any) -> Any:
        return client.get(f"/api/v1/coverage{path}", query_string=query, headers=headers)

    told = ask("", **{"from": "2026-11-14", "to": "2026-11-20", "by": "community", "with_outline": "true"})
    assert told.status_code == 200
    row = row_of(told.get_json(), cast.community_id)
    assert (row["visits"], row["geometry"]["type"]) == (1, "MultiPolygon")
    assert (told.get_json()["from"], told.get_json()["to"]) == ("2026-11-14", "2026-11-20")
    assert ask("/patrols").status_code == 200
    for query in (
        {"by": "moon"},
        {"from": "2026-11-20", "to": "2026-11-19"},
        {"from": "1900-01-01"},
        {"unvisited_days": "-1"},
        {"subdistrict": "x"},
    ):
        assert ask("", **query).status_code == 422, query
    company = client.get("/api/v1/coverage", headers=cast.county.bearer(cast.fixer))
    assert company.status_code == 403


def test_excel_has_a_line_for_each_place(cast: Cast, tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    visits(cast, "2026-11-18T10:00")
    for by in ("community", "worker"):
        told = covered(cast, by)
        file = tmp_path / f"{by}.xlsx"

        assert sheet.write(file, told) == len(told["items"])

        lines = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
        cells = [cell for line in lines for cell in line]
        assert {one["name"] for one in told["items"]} <= set(cells)


def test_the_export_is_made_by_a_worker_of_the_queue(client: FlaskClient, cast: Cast) -> None:
    answer = client.post(
        "/api/v1/coverage/exports",
        json={"by": "grid_cell", "unvisited_days": 7},
        headers=cast.county.bearer(cast.headquarters),
    )

    assert answer.status_code == 202
    assert datetime.now(UTC).strftime("%Y") in answer.get_json()["file_name"]
