"""Layers that are worked out: last visits of cells, where cells do not fit together, unsafe charging."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from sqlalchemy import text

from server.cells.checking import check_cells
from server.work import Work
from tests.build import CELL, NOW, OTHER_CELL, County, a_person
from tests.integration.ledger.acting import Cast, a_cast
from tests.integration.maps.ogc.conftest import Asking


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


def _checked(county: County) -> int:
    with redis.Redis.from_url(county.settings.redis_url) as connection:
        return check_cells(Work(county.database, county.settings, connection, NOW))


def test_cells_tell_when_they_were_visited_last_and_by_whom(
    boss: Asking, nobody: Asking, cast: Cast, county: County
) -> None:
    with county.transaction() as session:
        for days in (40, 12):
            session.execute(
                text(
                    "INSERT INTO server.inspection (inspection_id, checklist_version, community_id,"
                    " grid_cell_code, user_id, content_sha256, received_at, answers)"
                    " SELECT gen_random_uuid(), (SELECT version FROM server.checklist_version LIMIT 1),"
                    " :community, :cell, :user, sha256('x'), now() - CAST(:ago AS interval), '{}'"
                ),
                {
                    "community": cast.community_id,
                    "cell": CELL,
                    "user": cast.worker.user_id,
                    "ago": timedelta(days=days),
                },
            )
        planner = Asking(boss.client, county, a_person(session, "planner", "construction_hq"))

    told = boss.told(f"/collections/coverage/items/{CELL}")["properties"]

    assert told["unvisited_days"] == 12
    assert told["last_visit_by"] == cast.worker.display_name
    assert boss.ids("coverage", filter="unvisited_days >= 12") == [CELL]
    assert OTHER_CELL in boss.ids("coverage", filter="unvisited_days IS NULL", limit="1000")
    planner.refused("/collections/coverage/items", 403)
    nobody.refused("/collections/coverage/items", 401)


def test_faults_of_cells_are_a_layer_that_follows_every_change(boss: Asking, county: County) -> None:
    assert (_checked(county), _checked(county)) == (0, -1)
    with county.owner() as session:
        session.execute(text("ALTER TABLE geo.grid_cell DISABLE TRIGGER grid_cell_no_overlap"))
        session.execute(
            text(
                "UPDATE geo.grid_cell g SET geom = (SELECT ST_Envelope(ST_Union(g.geom, o.geom))"
                " FROM geo.grid_cell o WHERE o.code = :other) WHERE g.code = :cell"
            ),
            {"cell": CELL, "other": OTHER_CELL},
        )
        session.execute(text("ALTER TABLE geo.grid_cell ENABLE TRIGGER grid_cell_no_overlap"))

    found = _checked(county)

    assert found > 0
    told = boss.told("/collections/cell-faults/items", limit="1000")
    assert told["numberMatched"] == found
    kinds = {one["properties"]["kind"] for one in told["features"]}
    assert "overlap" in kinds
    overlap = boss.told("/collections/cell-faults/items", kind="overlap")["features"][0]
    assert overlap["properties"]["area_m2"] > 1
    with county.transaction() as session:
        other = Asking(boss.client, county, a_person(session, "shift_leader", "jihe_subdistrict"))
    assert other.ids("cell-faults") == []


def test_planners_see_cases_of_unsafe_charging_and_figures_but_no_other_case(
    boss: Asking, county: County, cast: Cast
) -> None:
    cast.report()
    wires, _ = cast.report(category="private_wiring_charging", severity="A")
    with county.transaction() as session:
        planner = Asking(boss.client, county, a_person(session, "planner", "construction_hq"))

    assert planner.ids("charging-cases") == [str(wires)]
    planner.refused("/collections/cases/items", 403)
    for path in ("/api/v1/heat?by=community", "/api/v1/heat?what=violations", "/api/v1/heat/timeslices"):
        assert planner.actor is not None
        answer = planner.client.get(path, headers=county.bearer(planner.actor))
        assert answer.status_code == 200, answer.text
