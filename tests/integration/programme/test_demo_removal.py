"""Demo places go with everything in them, until something real stands beside them."""

from __future__ import annotations

from uuid import UUID

import pytest
import uuid6
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from geo.queries import fill_community_cells
from server.cli import main
from server.communities import queries
from server.communities import service as communities
from server.programme import demo_removal
from server.programme.errors import NoDemoPlaces
from tests.build import CELL, NOW, County, a_person, a_worker
from tests.integration.ledger.acting import Cast, a_cast, column

LATER = NOW.replace(hour=9)


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


def _number(session: Session, table: str, where: str = "true") -> int:
    found: int = session.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one()
    return found


def _remove(county: County) -> str:
    with county.owner() as session:
        return demo_removal.remove(session, LATER)


REAL_CELL = "370831001003900"
SQUARE = "ST_Expand(ST_SetSRID(ST_MakePoint(117.3, 35.7), 4326), {half})"


def _move_to_a_real_community(cast: Cast) -> None:
    """Survey a cell and a community beside the demo places and let the cast work there."""
    community_id = UUID(int=uuid6.uuid7().int)
    with cast.county.transaction() as session:
        session.execute(
            text(
                "INSERT INTO geo.grid_cell (code, neighbourhood_code, geom, valid_from)"
                f" VALUES (:cell, '370831001003', {SQUARE.format(half=0.002)}, '2026-01-01');"
                "INSERT INTO geo.community (community_id, name, kind, neighbourhood_code, geom, valid_from)"
                " VALUES (:id, '真实小区', 'commodity', '370831001003',"
                f" ST_Multi({SQUARE.format(half=0.001)}), '2026-01-01')"
            ),
            {"cell": REAL_CELL, "id": community_id},
        )
        fill_community_cells(session, [community_id])
    cast.community_id, cast.cell, cast.point = community_id, REAL_CELL, (117.3, 35.7)


def test_while_every_record_lies_in_a_demo_place_all_of_it_is_emptied(cast: Cast) -> None:
    cast.to_checking()

    assert _remove(cast.county) == "emptied"

    with cast.county.transaction() as session:
        for table in ('server."case"', "server.case_entry", "server.case_number", "server.inspection"):
            assert _number(session, table) == 0
        for table in ("grid_cell", "community", "building", "facility"):
            assert _number(session, f"geo.{table}") == 0
        assert _number(session, "geo.neighbourhood") == 442
        assert _number(session, "server.unit", "origin = 'demo'") == 1, "the fixer's company stays"


def test_numbers_begin_anew_after_everything_was_emptied(cast: Cast) -> None:
    cast.report()
    _remove(cast.county)
    _move_to_a_real_community(cast)

    case_id, outcome = cast.report()

    assert outcome.status == "applied"
    assert column(cast.county, case_id, "number") == "370831-2026-000001"


def test_tablets_forget_what_was_removed(cast: Cast) -> None:
    cast.report()

    _remove(cast.county)

    with cast.county.transaction() as session:
        gone = "entity IN ('case', 'grid_cell', 'community', 'building', 'facility', 'assignment')"
        assert _number(session, "sync.bucket_entry", f"alive AND {gone}") == 0
        assert _number(session, "sync.bucket_entry", "change_no IS NULL") == 0


def test_the_guards_stand_again_after_the_removal(cast: Cast) -> None:
    _remove(cast.county)

    with cast.county.owner() as session:
        off = _number(session, "pg_trigger", "tgenabled = 'D'")
    assert off == 0


def test_once_a_real_record_exists_the_places_are_retired_and_the_cases_stay(cast: Cast) -> None:
    cast.report()
    _move_to_a_real_community(cast)
    cast.report()

    assert _remove(cast.county) == "retired"

    with cast.county.transaction() as session:
        assert _number(session, 'server."case"') == 2
        assert _number(session, "geo.community", "origin = 'demo' AND valid_to IS NULL") == 0
        seen = communities.reach_of(session, cast.headquarters, "communities.list", LATER)
        listed = queries.communities(session, seen, {}, None, 100)
        assert [one["name"] for one in listed] == ["真实小区"]
        assert queries.cells_of(session, cast.worker.user_id, communities.local_day(LATER)) == []


def test_demo_people_go_with_the_places_and_real_people_stay(county: County) -> None:
    with county.transaction() as session:
        communities.create_person(
            session,
            username="demo_worker",
            role="grid_worker",
            unit_code=None,
            cells=[CELL],
            password="long enough",
            origin="demo",
            actor=None,
            now=NOW,
        )
        a_worker(session, username="real_worker")

    _remove(county)

    with county.transaction() as session:
        assert list(session.scalars(text('SELECT username FROM server."user"'))) == ["real_worker"]


def test_nothing_is_left_to_remove_the_second_time(county: County) -> None:
    _remove(county)

    with pytest.raises(NoDemoPlaces), county.owner() as session:
        demo_removal.remove(session, LATER)


def test_the_application_s_own_role_cannot_switch_the_guards_off(cast: Cast) -> None:
    cast.report()

    with pytest.raises(ProgrammingError, match="must be owner"), cast.county.transaction() as session:
        demo_removal.remove(session, LATER)


def _wangge(county: County, *words: str, typed: str = "") -> Result:
    environment = {
        "DATABASE_URL": county.database_url,
        "DATABASE_OWNER_URL": county.owner_url,
        "SECRET_KEY": county.settings.secret_key,
    }
    return CliRunner().invoke(main, words, input=typed, env=environment)


def test_the_command_asks_before_it_removes_anything(county: County) -> None:
    with county.transaction() as session:
        a_person(session)

    refused = _wangge(county, "demo", "remove", typed="n\n")
    done = _wangge(county, "demo", "remove", "--yes")
    again = _wangge(county, "demo", "remove", "--yes")

    assert (refused.exit_code, "Go on?" in refused.output) == (1, True)
    assert (done.exit_code, "are gone" in done.output) == (0, True)
    assert (again.exit_code, "There are no demo places" in again.output) == (1, True)
