"""What lies where: points in cells and communities, communities over cells, facts of a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from geo.demo_county import demo_county
from server.communities import queries
from tests.build import SEED, County, a_community_in, a_point_in

DAY = date(2026, 11, 20)


def test_a_point_is_found_in_its_community_and_its_cell(county: County) -> None:
    with county.transaction() as session:
        community_id = a_community_in(session)
        lon, lat = a_point_in(session, community_id)
        facts = queries.communities_by_id(session, [community_id], DAY)[community_id]

        assert queries.community_at(session, lon, lat, DAY) == community_id
        assert queries.cell_at(session, lon, lat, DAY) in facts.grid_cell_codes


def test_a_point_outside_and_a_day_before_find_nothing(county: County) -> None:
    with county.transaction() as session:
        lon, lat = a_point_in(session, a_community_in(session))

        assert queries.cell_at(session, 117.0, 35.0, DAY) is None
        assert queries.community_at(session, 117.0, 35.0, DAY) is None
        assert queries.cell_at(session, lon, lat, date(2018, 1, 1)) is None


def test_the_database_finds_the_same_cells_and_areas_as_the_drawing(county: County) -> None:
    with county.transaction() as session:
        rows = session.execute(text("SELECT community_id, grid_cell_code, area_m2 FROM geo.community_cell"))
        stored = {(row.community_id, row.grid_cell_code): row.area_m2 for row in rows}

    drawn = {
        (community.community_id, code): area
        for community in demo_county(SEED).communities
        for code, area in community.cell_areas_m2.items()
    }
    assert stored.keys() == drawn.keys()
    assert all(stored[key] == pytest.approx(drawn[key], abs=0.1) for key in drawn)


def test_a_company_serves_from_the_first_day_of_its_contract_to_the_last(county: County) -> None:
    with county.transaction() as session:
        served = a_community_in(session, company=True)
        session.execute(
            text(
                "UPDATE server.service_contract SET starts_on = '2026-01-01', ends_on = '2026-06-01'"
                " WHERE community_id = :id"
            ),
            {"id": served},
        )
        days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 5, 31), date(2026, 6, 1)]
        found = [queries.communities_by_id(session, [served], day)[served].company_unit for day in days]

    assert [unit is not None for unit in found] == [False, True, True, False]


def test_a_community_never_has_two_contracts_on_one_day(county: County) -> None:
    copy = text(
        "INSERT INTO server.service_contract SELECT gen_random_uuid(), community_id, unit_code, kind,"
        " starts_on, ends_on, origin FROM server.service_contract LIMIT 1"
    )
    with pytest.raises(IntegrityError, match="service_contract"), county.transaction() as session:
        session.execute(copy)


def test_a_retired_community_keeps_its_facts(county: County) -> None:
    with county.transaction() as session:
        community_id = a_community_in(session)
        session.execute(
            text("UPDATE geo.community SET valid_to = :day WHERE community_id = :id"),
            {"day": DAY, "id": community_id},
        )

        facts = queries.communities_by_id(session, [community_id], DAY)[community_id]

        assert (facts.holds, bool(facts.name), bool(facts.grid_cell_codes)) == (False, True, True)


def test_unknown_communities_are_left_out(county: County) -> None:
    with county.transaction() as session:
        assert queries.communities_by_id(session, [UUID(int=1)], DAY) == {}
