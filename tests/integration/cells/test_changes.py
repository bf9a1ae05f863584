"""Cells that are split and merged: what lies inside follows, what was stays on record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.cells import service
from server.communities.queries import cells_of
from server.communities.service import assign, local_day
from server.fieldsync.rules import scope_of
from server.ledger.verify import verify
from server.work import Work
from sync.entity import cell_bucket
from tests.build import a_person, a_worker
from tests.integration.cells.conftest import across, neighbour_of, post, rows, split
from tests.integration.inspections.making import an_inspection, push, version_of_checklist
from tests.integration.ledger.acting import Cast, column
from tests.integration.sync.pulling import Reader


def today() -> Any:
    return local_day(datetime.now(UTC))


def walked(cast: Cast, user_id: UUID) -> list[str]:
    with cast.county.transaction() as session:
        return cells_of(session, user_id, today())


def test_a_split_cell_ends_and_two_begin_under_the_next_numbers(client: FlaskClient, cast: Cast) -> None:
    home = cast.cell[:12]
    [(last,)] = rows(
        cast, "SELECT max(code)::text FROM geo.grid_cell WHERE left(code, 12) = :home", home=home
    )

    status, done = split(client, cast, cast.cell)

    assert status == 200, done
    codes = [f"{int(last) + n}" for n in (1, 2)]
    assert [cell["code"] for cell in done["cells"]] == codes
    assert done["ended"] == [cast.cell]
    north, south = (cell["geometry"]["coordinates"][0] for cell in done["cells"])
    assert max(y for _, y in south) <= min(y for _, y in north) + 1e-9
    assert rows(cast, "SELECT valid_to FROM geo.grid_cell WHERE code = :c", c=cast.cell) == [(today(),)]
    assert rows(cast, "SELECT predecessor::text, successor::text FROM geo.cell_lineage ORDER BY 2") == [
        (cast.cell, code) for code in codes
    ]
    [(lost,)] = rows(
        cast,
        "SELECT ST_Area(ST_SymDifference(a.geom, (SELECT ST_Union(b.geom) FROM geo.grid_cell b"
        " WHERE b.code = ANY(:codes)))) FROM geo.grid_cell a WHERE a.code = :c",
        c=cast.cell,
        codes=codes,
    )
    assert lost < 1e-12


def test_workers_cases_communities_and_tablets_follow_a_split(client: FlaskClient, cast: Cast) -> None:
    placed, _ = cast.report()
    nowhere, _ = cast.report(location=None)
    scope = scope_of(cast.worker, [cast.cell])
    tablet = Reader(cast.county.database, scope)
    tablet.follow()
    assert any(key[1] == "case" for key in tablet.records)

    status, done = split(client, cast, cast.cell)

    assert status == 200, done
    codes = [cell["code"] for cell in done["cells"]]
    assert walked(cast, cast.worker.user_id) == codes
    assert {one["user_id"] for one in done["workers"]} == {
        str(cast.worker.user_id),
        str(cast.checker.user_id),
    }
    for case_id in (placed, nowhere):
        assert column(cast.county, case_id, "grid_cell_code") in codes
    [(inside,)] = rows(
        cast,
        'SELECT ST_Covers(g.geom, c.geom) FROM server."case" c'
        " JOIN geo.grid_cell g ON g.code = c.grid_cell_code WHERE c.case_id = :id",
        id=placed,
    )
    assert inside
    assert rows(cast, "SELECT 1 FROM geo.community_cell WHERE grid_cell_code = :c", c=cast.cell) == []

    tablet.scope = scope_of(cast.worker, walked(cast, cast.worker.user_id))
    tablet.follow()

    assert cell_bucket(cast.cell) in tablet.evicted
    assert {key[0] for key in tablet.records if key[1] == "grid_cell"} == set(map(cell_bucket, codes))
    assert {key[2] for key in tablet.records if key[1] == "case"} >= {str(placed), str(nowhere)}
    assert tablet.checkpoint == tablet.checksums()
    with cast.county.database.snapshot() as session:
        verify(session)


def test_a_tablet_that_stays_in_the_old_scope_sees_its_cell_emptied(client: FlaskClient, cast: Cast) -> None:
    case_id, _ = cast.report()
    bucket = cell_bucket(cast.cell)
    office = Reader(cast.county.database, frozenset([bucket]))
    office.follow()

    split(client, cast, cast.cell)
    office.follow()

    assert {key[1] for key in office.records} <= {"inspection"}
    assert all(key[2] != str(case_id) for key in office.records)


def test_recent_inspections_stand_in_the_cell_that_came_of_theirs(client: FlaskClient, cast: Cast) -> None:
    version = version_of_checklist(cast)
    mutation = an_inspection(cast, version)
    push(cast, [mutation], scope=[cell_bucket(cast.cell)])

    _, done = split(client, cast, cast.cell)

    codes = [cell_bucket(cell["code"]) for cell in done["cells"]]
    buckets = rows(
        cast,
        "SELECT bucket FROM sync.bucket_entry WHERE entity = 'inspection' AND entity_id = :id AND alive",
        id=str(mutation.entity_id),
    )
    assert len(buckets) == 1
    assert buckets[0][0] in codes
    assert rows(
        cast,
        "SELECT grid_cell_code::text FROM server.inspection WHERE inspection_id = :id",
        id=mutation.entity_id,
    ) == [(cast.cell,)]


def test_work_that_names_an_ended_cell_lands_in_the_cell_of_its_position(
    client: FlaskClient, cast: Cast
) -> None:
    _, done = split(client, cast, cast.cell)
    cast.clock = datetime.now(UTC)

    case_id, outcome = cast.report(grid_cell_code=cast.cell)

    assert outcome.status == "applied"
    assert column(cast.county, case_id, "grid_cell_code") in [cell["code"] for cell in done["cells"]]


def test_a_dry_run_tells_the_same_and_moves_nothing(client: FlaskClient, cast: Cast) -> None:
    case_id, _ = cast.report()
    before = rows(cast, "SELECT code, valid_to FROM geo.grid_cell ORDER BY 1")

    _, told = split(client, cast, cast.cell, dry_run=True)
    after = rows(cast, "SELECT code, valid_to FROM geo.grid_cell ORDER BY 1")
    still = walked(cast, cast.worker.user_id)
    _, done = split(client, cast, cast.cell)

    assert told["change_id"] is None
    assert after == before
    assert still == [cast.cell]
    assert {**told, "change_id": 0, "dry_run": 0} == {**done, "change_id": 0, "dry_run": 0}
    assert column(cast.county, case_id, "grid_cell_code") != cast.cell


def test_merged_cells_become_one_and_both_workers_walk_it_once(client: FlaskClient, cast: Cast) -> None:
    other = neighbour_of(cast, cast.cell)
    with cast.county.transaction() as session:
        both = a_worker(session, [cast.cell, other])
        alone = a_worker(session, [other])
    case_id, _ = cast.report()

    status, done = post(client, cast, "/merge", cast.headquarters, codes=[cast.cell, other], why="合并")

    assert status == 200, done
    [new] = [cell["code"] for cell in done["cells"]]
    for worker in (cast.worker, both, alone):
        assert walked(cast, worker.user_id) == [new]
    assert column(cast.county, case_id, "grid_cell_code") == new
    assert {row[0] for row in rows(cast, "SELECT predecessor::text FROM geo.cell_lineage")} == {
        cast.cell,
        other,
    }


def test_an_undone_split_leaves_all_as_it_was(client: FlaskClient, cast: Cast) -> None:
    case_id, _ = cast.report()
    people = (
        "SELECT user_id, grid_cell_code::text, valid_from, valid_to FROM server.assignment ORDER BY 1, 2, 3"
    )
    reached = (
        "SELECT community_id, grid_cell_code::text, round(area_m2) FROM geo.community_cell ORDER BY 1, 2"
    )
    before = rows(cast, people), rows(cast, reached)
    _, done = split(client, cast, cast.cell)

    status, undone = post(client, cast, f"/changes/{done['change_id']}/undo", cast.headquarters)

    assert status == 200, undone
    assert (rows(cast, people), rows(cast, reached)) == before
    assert column(cast.county, case_id, "grid_cell_code") == cast.cell
    assert walked(cast, cast.worker.user_id) == [cast.cell]
    assert post(client, cast, f"/changes/{done['change_id']}/undo", cast.headquarters)[0] == 409
    with cast.county.database.snapshot() as session:
        verify(session)
    # The numbers that were given out stay given out.
    _, again = split(client, cast, cast.cell)
    assert not {cell["code"] for cell in again["cells"]} & {cell["code"] for cell in done["cells"]}


def test_a_change_stands_once_something_was_recorded_on_what_came_of_it(
    client: FlaskClient, cast: Cast
) -> None:
    _, done = split(client, cast, cast.cell)
    cast.clock = datetime.now(UTC)
    cast.report()

    status, told = post(client, cast, f"/changes/{done['change_id']}/undo", cast.headquarters)

    assert (status, told["type"]) == (409, "/problems/cell-change-stands")


def test_a_change_stands_once_other_people_walk_what_came_of_it(client: FlaskClient, cast: Cast) -> None:
    _, done = split(client, cast, cast.cell)
    with cast.county.transaction() as session:
        assign(
            session,
            username=cast.worker.username,
            cells=[done["cells"][0]["code"]],
            starts=today() + timedelta(days=1),
            ends=None,
            actor=None,
            now=datetime.now(UTC),
        )

    status, told = post(client, cast, f"/changes/{done['change_id']}/undo", cast.headquarters)

    assert (status, told["type"]) == (409, "/problems/cell-change-stands")


def test_a_case_left_in_an_ended_cell_is_moved_on_by_the_job(client: FlaskClient, cast: Cast) -> None:
    case_id, _ = cast.report()
    _, done = split(client, cast, cast.cell)
    # A case that was opened again, as closed ones keep their cell.
    with cast.county.owner() as session:
        session.execute(
            text('UPDATE server."case" SET grid_cell_code = :cell WHERE case_id = :id'),
            {"cell": cast.cell, "id": case_id},
        )
    work = Work(cast.county.database, cast.county.settings, None, datetime.now(UTC))  # type: ignore[arg-type]  # it asks no Redis

    assert service.catch_up(work) == 1
    assert service.catch_up(work) == 0

    assert column(cast.county, case_id, "grid_cell_code") in [cell["code"] for cell in done["cells"]]


def test_the_changes_of_a_cell_are_those_before_it_and_after_it(client: FlaskClient, cast: Cast) -> None:
    _, first = split(client, cast, cast.cell)
    north, south = (cell["code"] for cell in first["cells"])
    _, second = split(client, cast, south)

    def listed(**query: str) -> list[str]:
        answer = client.get(
            "/api/v1/grid-cells/changes", query_string=query, headers=cast.county.bearer(cast.headquarters)
        )
        return [one["change_id"] for one in answer.get_json()["items"]]

    assert listed() == [second["change_id"], first["change_id"]]
    assert listed(cell=cast.cell) == listed()
    assert listed(cell=south) == listed()
    assert listed(cell=north) == [first["change_id"]]
    assert listed(cell=second["cells"][0]["code"]) == listed()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({}, "/line", id="neither"),
        pytest.param({"line": {"type": "Point", "coordinates": [1, 2]}}, "/line", id="a point"),
        pytest.param({"line": {"type": "LineString", "coordinates": "x"}}, "/line", id="no numbers"),
        pytest.param(
            {"line": {"type": "LineString", "coordinates": [[117.0, 35.0], [117.1, 35.0]]}},
            "/line",
            id="beside",
        ),
        pytest.param({"polygons": [{"type": "Polygon", "coordinates": []}]}, "/polygons/0", id="empty"),
    ],
)
def test_a_split_that_cannot_be_read_is_refused_with_its_place(
    client: FlaskClient, cast: Cast, body: dict[str, Any], pointer: str
) -> None:
    status, told = post(client, cast, f"/{cast.cell}/split", cast.headquarters, why="x", **body)

    assert status == 422
    assert pointer in [error["pointer"] for error in told["errors"]]


def test_cells_that_are_not_there_or_ended_or_not_yours_are_refused(client: FlaskClient, cast: Cast) -> None:
    line = across(cast, cast.cell)
    asked = {"line": line, "why": "x"}
    assert post(client, cast, "/370831999999999/split", cast.headquarters, **asked)[0] == 422
    assert post(client, cast, f"/{cast.cell}/split", cast.dispatcher, **asked)[0] == 403
    assert post(client, cast, f"/{cast.cell}/split", cast.worker, **asked)[0] == 403
    with cast.county.transaction() as session:
        planner = a_person(session, "planner", "construction_hq")
    assert post(client, cast, f"/{cast.cell}/split", planner, **asked)[0] == 200
    status, told = post(client, cast, f"/{cast.cell}/split", planner, **asked)
    assert (status, told["type"]) == (409, "/problems/cell-ended")
    far = rows(
        cast, "SELECT code::text FROM geo.grid_cell WHERE left(code, 12) <> left(:c, 12) LIMIT 1", c=cast.cell
    )
    near = rows(
        cast,
        "SELECT code::text FROM geo.grid_cell"
        " WHERE valid_to IS NULL AND left(code, 12) = left(:c, 12) LIMIT 1",
        c=cast.cell,
    )[0][0]
    status, told = post(client, cast, "/merge", planner, codes=[near, far[0][0]], why="x")
    assert (status, told["type"]) == (422, "/problems/not-one-neighbourhood")


ATTACKS = {
    "a cell comes of itself": "INSERT INTO geo.cell_lineage"
    " SELECT change_id, predecessor, predecessor FROM geo.cell_lineage",
    "an heir's ancestor": "INSERT INTO geo.cell_lineage"
    " SELECT change_id, successor, predecessor FROM geo.cell_lineage",
    "another day": "INSERT INTO geo.cell_lineage SELECT l.change_id, l.predecessor, g.code"
    " FROM geo.cell_lineage l, geo.grid_cell g WHERE left(g.code, 12) = left(l.predecessor, 12)"
    " AND g.valid_to IS NULL AND g.valid_from < current_date - 9",
    "another neighbourhood": "INSERT INTO geo.cell_lineage SELECT l.change_id, l.predecessor, g.code"
    " FROM geo.cell_lineage l, geo.grid_cell g WHERE left(g.code, 12) <> left(l.predecessor, 12)",
    "a rewritten reason": "UPDATE geo.cell_change SET why = 'x'",
    "an old cell that holds again": "UPDATE geo.grid_cell SET valid_to = NULL WHERE valid_to IS NOT NULL",
    "a code of letters": "INSERT INTO geo.grid_cell (code, neighbourhood_code, geom, valid_from)"
    " SELECT left(code, 12) || 'abc', neighbourhood_code, geom, valid_from FROM geo.grid_cell"
    " WHERE valid_to IS NULL LIMIT 1",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_itself_refuses(client: FlaskClient, cast: Cast, attack: str) -> None:
    split(client, cast, cast.cell)

    with pytest.raises(IntegrityError), cast.county.owner() as session:
        session.execute(text(attack))


def test_a_cell_drawn_anew_takes_ground_with_its_cases_and_gives_it_back(
    client: FlaskClient, cast: Cast
) -> None:
    case_id, _ = cast.report()
    other = neighbour_of(cast, cast.cell)
    [(drawn,)] = rows(
        cast,
        "SELECT ST_AsGeoJSON(ST_Union(a.geom, ST_Buffer(ST_PointOnSurface(ST_Intersection(ST_Buffer(b.geom,"
        " 0.00001), ST_Boundary(a.geom))), 0.0003)), 9)::jsonb FROM geo.grid_cell a, geo.grid_cell b"
        " WHERE a.code = :cell AND b.code = :other",
        cell=cast.cell,
        other=other,
    )
    body = {"outline": drawn, "why": "按主干道划界"}

    status, told = post(client, cast, f"/{cast.cell}/redraw", cast.headquarters, **body, dry_run=True)
    assert (status, told["kind"], told["dry_run"]) == (200, "redraw", True), told
    assert cast.cell in told["ended"]
    status, done = post(client, cast, f"/{cast.cell}/redraw", cast.headquarters, **body)

    assert status == 200, done
    assert len(done["cells"]) == len(done["ended"]) >= 2
    heir = column(cast.county, case_id, "grid_cell_code")
    assert heir in {cell["code"] for cell in done["cells"]}
    assert walked(cast, cast.worker.user_id) == [heir]
    status, _ = post(client, cast, f"/changes/{done['change_id']}/undo", cast.headquarters)
    assert (status, walked(cast, cast.worker.user_id)) == (200, [cast.cell])
    assert column(cast.county, case_id, "grid_cell_code") == cast.cell
    same = {"outline": _outline(cast), "why": "x"}
    assert post(client, cast, f"/{cast.cell}/redraw", cast.headquarters, **same)[0] == 422
    assert post(client, cast, f"/{cast.cell}/redraw", cast.worker, **body)[0] == 403


def _outline(cast: Cast) -> Any:
    [(found,)] = rows(
        cast, "SELECT ST_AsGeoJSON(geom, 15)::jsonb FROM geo.grid_cell WHERE code = :c", c=cast.cell
    )
    return found
