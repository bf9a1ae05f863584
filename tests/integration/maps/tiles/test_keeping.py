"""What is kept of tiles: nothing is asked twice, and nothing old is ever shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from geo.tiles import sources_of
from server import wiring
from server.app import create_app
from server.auth import service as auth
from server.auth.actor import Actor
from server.communities import service as communities
from server.maps import queries
from server.maps.kept import told_in
from server.maps.standing import REACH_SOURCES
from tests.build import CELL, NOW, OTHER_CELL, County, a_community_in, a_person, a_worker
from tests.integration.maps.tiles.asking import Reader, features_in, tile_at
from tests.round_trips import counted

Ask = Callable[[Actor], Reader]

HERE = tile_at(117.28, 35.66, 11)


def rename(session: Session, name: str) -> None:
    session.execute(
        text("UPDATE geo.community SET name = :name WHERE community_id = :id"),
        {"name": name, "id": a_community_in(session)},
    )


def names(body: bytes) -> set[str]:
    return {one["properties"]["name"] for one in features_in(body, "communities")}


@pytest.mark.parametrize("layer", ["communities", "cases"])
def test_what_the_caller_holds_costs_the_database_nothing(
    layer: str, client: FlaskClient, boss: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.maps.standing.TURNS_EVERY_S", 10**12)
    first = boss.tile(layer, HERE)

    with counted(client.application.extensions["wangge.database"].engine) as sent:
        again = boss.tile(layer, HERE, first.headers["ETag"])

    assert (again.status_code, again.data, sent) == (304, b"", [])
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["Vary"] == again.headers["Vary"] == "Authorization"


def test_a_tile_that_is_kept_costs_the_database_nothing_for_all_who_see_the_same(
    client: FlaskClient, county: County, boss: Reader, reader: Ask
) -> None:
    with county.transaction() as session:
        other = reader(a_person(session, "admin", None))
    first = boss.tile("communities", HERE)
    other.tile("communities", tile_at(117.28, 35.66, 3))

    with counted(client.application.extensions["wangge.database"].engine) as sent:
        second = other.tile("communities", HERE)

    assert (second.data, second.headers["ETag"], sent) == (first.data, first.headers["ETag"], [])


def test_a_commit_is_seen_at_once(heard: County, boss: Reader) -> None:
    first = boss.tile("communities", HERE)
    with heard.transaction() as session:
        rename(session, "改名苑")

    again = boss.tile("communities", HERE, first.headers["ETag"])

    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]
    assert "改名苑" in names(again.data) - names(first.data)


def test_versions_are_true_again_after_a_wipe(
    county: County, boss: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.maps.heard.TRUSTED_S", 0.0)
    first = boss.tile("communities", HERE)
    with county.transaction() as session:
        rename(session, "无人听见苑")  # this process told Redis nothing
    with Redis.from_url(county.settings.redis_url) as redis:
        redis.flushdb()

    again = boss.tile("communities", HERE, first.headers["ETag"])

    assert "无人听见苑" in names(again.data)


def test_old_versions_do_not_outlive_a_process_that_died_before_its_word(
    county: County, boss: Reader
) -> None:
    boss.tile("communities", HERE)

    with Redis.from_url(county.settings.redis_url) as redis:
        lives = [redis.ttl(key) for key in redis.scan_iter("tiles:version:*")]

    assert lives
    assert all(0 <= life <= 10 for life in lives)


def test_a_slow_reader_takes_no_version_back(client: FlaskClient) -> None:
    kept = client.application.extensions["wangge.tiles"]

    kept.learn({"community": 9})
    kept.learn({"community": 7})

    assert kept.known(["community"], None).versions == {"community": 9}


def test_another_layer_s_change_leaves_the_etag_alone(heard: County, boss: Reader) -> None:
    first = boss.tile("county", HERE)
    with heard.transaction() as session:
        rename(session, "改名苑")

    assert boss.tile("county", HERE, first.headers["ETag"]).status_code == 304


def test_who_may_no_longer_sign_in_gets_no_304(heard: County, reader: Ask) -> None:
    with heard.transaction() as session:
        leader = a_person(session, "shift_leader", "sihe_subdistrict")
    first = reader(leader).tile("communities", HERE)
    with heard.transaction() as session:
        auth.set_active(session, username=leader.username, active=False, actor=None, now=NOW)

    assert reader(leader).tile("communities", HERE, first.headers["ETag"]).status_code == 401


def test_who_walks_another_cell_sees_another_tile(heard: County, reader: Ask) -> None:
    with heard.transaction() as session:
        worker = a_worker(session, [CELL])
        other = a_worker(session, [OTHER_CELL])
    first = reader(worker).tile("grid-cells", HERE)
    with heard.transaction() as session:
        session.execute(
            text("UPDATE server.assignment SET grid_cell_code = :cell WHERE user_id = :id"),
            {"cell": OTHER_CELL, "id": worker.user_id},
        )

    again = reader(worker).tile("grid-cells", HERE, first.headers["ETag"])

    [cell] = features_in(again.data, "grid-cells")
    assert cell["properties"]["code"] == OTHER_CELL
    assert reader(other).tile("grid-cells", HERE, again.headers["ETag"]).status_code == 304


def test_people_of_different_reach_hold_different_etags(county: County, reader: Ask, boss: Reader) -> None:
    with county.transaction() as session:
        worker = reader(a_worker(session, [CELL]))
    all_of_it = boss.tile("grid-cells", HERE)

    part = worker.tile("grid-cells", HERE, all_of_it.headers["ETag"])

    assert part.status_code == 200
    assert len(features_in(part.data, "grid-cells")) == 1


def test_tiles_are_drawn_while_redis_is_away(county: County, boss: Reader) -> None:
    whole = boss.tile("communities", HERE)
    app = create_app(replace(county.settings, redis_url="redis://127.0.0.1:1/0"))

    alone = replace(boss, client=app.test_client()).tile("communities", HERE)

    assert (alone.data, alone.headers["ETag"]) == (whole.data, whole.headers["ETag"])
    app.extensions["wangge.database"].engine.dispose()
    app.extensions["wangge.redis"].close()


def test_a_change_rolled_back_counts_for_nothing(heard: County) -> None:
    before = versions(heard)

    with heard.transaction() as session:
        rename(session, "从未")
        session.rollback()

    assert versions(heard) == before


def test_a_version_is_the_number_of_the_change_and_a_row_left_as_it_was_is_none(county: County) -> None:
    before = versions(county)
    with county.transaction() as session:
        session.execute(text("UPDATE geo.community SET name = name"))
    assert versions(county) == before

    with county.transaction() as session:
        rename(session, "改名苑")
    with county.transaction() as session:
        last = session.execute(text("SELECT max(change_no) FROM sync.change")).scalar_one()
        left = session.execute(text("SELECT count(*) FROM server.drawn_mark")).scalar_one()

    assert (versions(county), left) == ({**before, "community": last}, 0)


def test_a_savepoint_undone_does_not_hide_a_later_change(county: County) -> None:
    before = versions(county)["community"]
    with county.transaction() as session:
        undone = session.begin_nested()
        rename(session, "从未")
        undone.rollback()
        rename(session, "改名苑")

    assert versions(county)["community"] > before


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE server.layer_version SET version = 1",
        "DELETE FROM server.layer_version",
        "INSERT INTO server.layer_version VALUES ('case', 1) ON CONFLICT DO NOTHING",
        "INSERT INTO server.drawn_mark (source) VALUES ('case')",
    ],
)
def test_the_product_s_role_cannot_tamper_with_versions(county: County, attack: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), county.transaction() as session:
        session.execute(text(attack))


@pytest.mark.parametrize("layer", sorted(wiring.LAYERS))
def test_changes_of_every_table_that_a_layer_reads_are_counted(layer: str, county: County) -> None:
    with county.transaction() as session:
        counted_tables = set(
            session.execute(
                text(
                    "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                    " WHERE t.tgname IN ('drawn_rows', 'drawn_changes', 'drawn_emptied')"
                    " GROUP BY c.relname HAVING count(*) = 3"
                )
            ).scalars()
        )

    sources = sources_of(wiring.LAYERS[layer])

    assert sources
    assert sources | REACH_SOURCES <= counted_tables


def test_notices_of_others_say_nothing() -> None:
    told = ["NOTICE:  wangge.layer_version case 12\n", "NOTICE:  table exists\n", ""]

    assert told_in(told) == {"case": 12}


def test_the_reach_of_a_day_ends_with_it(county: County) -> None:
    with county.transaction() as session:
        boss = a_person(session, "headquarters", None)
        seen = communities.reach_of(session, boss, "communities.list", NOW)

    assert seen.day == date(2026, 11, 20)


def versions(county: County) -> dict[str, int]:
    sources = {source for layer in wiring.LAYERS.values() for source in sources_of(layer)} | REACH_SOURCES
    with county.transaction() as session:
        return queries.versions(session, sources)
