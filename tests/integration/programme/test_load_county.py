"""The county as it is loaded: once, twice, with and without demo places."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from checklists.routing import PlaceFacts, route
from geo.tables import Community, County, Neighbourhood, Subdistrict
from server import wiring
from server.db import Database, make_engine
from server.programme import queries, service
from server.programme.rules import category_of
from server.programme.tables import CategoryRule
from tests import build
from tests.build import CELL, NOW

DAY = date(2026, 11, 20)


def _count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _changes(session: Session) -> list[tuple[str, int, int]]:
    rows = session.execute(
        text("SELECT entity, count(*), max(rev) FROM sync.bucket_entry GROUP BY 1 ORDER BY 1")
    )
    return [tuple(row) for row in rows]


def _load(session: Session, with_demo: bool | None) -> list[str]:
    told: list[str] = []
    service.load_county(session, with_demo=with_demo, seed=7, now=NOW, tell=told.append)
    return told


def test_the_official_divisions_stand_with_their_outline_and_licence(county: build.County) -> None:
    with county.transaction() as session:
        held = session.scalars(select(County)).one()

        assert (held.adcode, held.metric_srid) == ("370831", 4548)
        assert held.licence
        assert (_count(session, Subdistrict), _count(session, Neighbourhood)) == (13, 442)


def test_loading_again_changes_nothing_and_tells_the_tablets_nothing(county: build.County) -> None:
    with county.transaction() as session:
        before = _changes(session)
    with county.transaction() as session:
        told = _load(session, None)

    with county.transaction() as session:
        assert _changes(session) == before
        assert not any("communities" in line for line in told)


def test_what_the_county_changed_stays_when_the_county_is_loaded_again(county: build.County) -> None:
    with county.owner() as session:
        session.execute(text("ALTER TABLE server.category_rule DISABLE TRIGGER category_rule_guarded"))
        session.execute(
            text("UPDATE server.category_rule SET limit_amount = 9 WHERE category = 'small_ad_not_cleared'")
        )
    with county.transaction() as session:
        _load(session, None)

    with county.transaction() as session:
        rule = queries.rule(session, "small_ad_not_cleared", "C", DAY)
        assert rule is not None
        assert rule.limit_amount == 9


def test_without_demo_places_the_county_is_loaded_bare(database_url: str) -> None:
    engine = make_engine(database_url, pool_size=1)
    with Database(engine, {"travelling": wiring.TRAVELLING}).transaction() as session:
        _load(session, False)

        assert _count(session, Neighbourhood) == 442
        assert _count(session, Community) == 0
    engine.dispose()


def test_demo_places_are_marked_and_every_community_knows_its_cells(county: build.County) -> None:
    with county.transaction() as session:
        origins = set(session.scalars(select(Community.origin)))
        without = session.execute(
            text(
                "SELECT count(*) FROM geo.community"
                " WHERE community_id NOT IN (SELECT community_id FROM geo.community_cell)"
            )
        ).scalar_one()

        assert origins == {"demo"}
        assert without == 0


def test_the_twenty_measures_name_their_lead_units(county: build.County) -> None:
    with county.transaction() as session:
        measures = queries.measures(session)
        thirteenth = queries.measure(session, 13)

        assert [one.measure for one in measures] == list(range(1, 21))
        assert thirteenth is not None
        assert thirteenth.lead_units == ["emergency_bureau"]
        assert (thirteenth.window_from, thirteenth.window_to) == (date(2019, 3, 1), date(2019, 12, 31))


def test_every_stored_rule_routes_a_case(county: build.County) -> None:
    with county.transaction() as session:
        for rule in queries.rules_on(session, DAY):
            way = route(
                category_of(rule), rule.severity, PlaceFacts(subdistrict="sihe_subdistrict", company="c")
            )
            assert way.unit_code


def test_two_rules_of_one_category_never_hold_on_one_day(county: build.County) -> None:
    copy = text(
        "INSERT INTO server.category_rule SELECT (r).* FROM (SELECT jsonb_populate_record(r,"
        ' \'{"valid_from": "2026-01-01"}\') AS r FROM server.category_rule r LIMIT 1) AS copy'
    )
    with pytest.raises(IntegrityError, match="daterange_excl"), county.transaction() as session:
        session.execute(copy)


def test_the_calendar_knows_holidays_and_make_up_days(county: build.County) -> None:
    with county.transaction() as session:
        calendar = queries.calendar(session)

        assert not calendar.is_work_day(date(2026, 10, 1))
        assert calendar.is_work_day(DAY)
        assert 2026 in calendar.years


def test_a_published_checklist_never_changes(county: build.County) -> None:
    with pytest.raises(IntegrityError, match="never changes"), county.transaction() as session:
        session.execute(text("UPDATE server.checklist_version SET document = '{}'"))


def test_two_cells_never_overlap_but_share_their_edges(county: build.County) -> None:
    grown = text("UPDATE geo.grid_cell SET geom = ST_Buffer(geom, 0.0001) WHERE code = :code")

    with pytest.raises(IntegrityError, match="overlaps grid cell"), county.transaction() as session:
        session.execute(grown, {"code": CELL})


def test_a_cell_that_ended_leaves_its_ground_to_another(county: build.County) -> None:
    with county.transaction() as session:
        session.execute(
            text("UPDATE geo.grid_cell SET valid_to = :day WHERE code = :code"), {"code": CELL, "day": DAY}
        )
        session.execute(
            text(
                "INSERT INTO geo.grid_cell (code, neighbourhood_code, geom, valid_from)"
                " SELECT left(code, 12) || '999', neighbourhood_code, geom, :day"
                " FROM geo.grid_cell WHERE code = :code"
            ),
            {"code": CELL, "day": DAY},
        )
    with pytest.raises(IntegrityError, match="overlaps"), county.transaction() as session:
        session.execute(
            text("UPDATE geo.grid_cell SET valid_from = :day WHERE code = left(:code, 12) || '999'"),
            {"code": CELL, "day": DAY - timedelta(days=1)},
        )


def test_a_rule_s_id_on_the_wire_is_its_category_severity_and_first_day(county: build.County) -> None:
    with county.transaction() as session:
        ids = session.scalars(text("SELECT entity_id FROM sync.entity_state WHERE entity = 'rule'"))

        assert "fire_lane_blocked/A/2019-06-10" in set(ids)
        assert _count(session, CategoryRule) == len(queries.rules_on(session, DAY))
