"""Pages that were read once cost the database nothing, and are never shown when they are old."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import text

from server.maps import held
from server.maps.kept import Kept, hear_commits
from server.queue import connect
from tests.build import County, a_person, a_worker
from tests.integration.maps.ogc.conftest import Asking
from tests.round_trips import counted

PAGE = {"limit": "2"}


def test_a_page_asked_for_again_costs_the_database_nothing(boss: Asking) -> None:
    first = boss.told("/collections/neighbourhoods/items", **PAGE)

    with counted(boss.client.application.extensions["wangge.database"].engine) as sent:
        again = boss.told("/collections/neighbourhoods/items", **PAGE)

    assert sent == []
    assert (again["features"], again["numberMatched"]) == (first["features"], first["numberMatched"])


def test_another_page_of_the_same_question_is_one_statement(boss: Asking) -> None:
    boss.told("/collections/neighbourhoods/items", **PAGE)

    with counted(boss.client.application.extensions["wangge.database"].engine) as sent:
        boss.told("/collections/neighbourhoods/items", limit="3")

    assert len(sent) == 1


def test_a_change_is_in_the_next_answer(boss: Asking, county: County) -> None:
    with connect(county.settings.redis_url) as redis:
        hear_commits(county.database.engine, Kept(redis))
        before = boss.told("/collections/communities/items")
        with county.transaction() as session:
            session.execute(text("UPDATE geo.community SET name = '改名苑'"))

        after = boss.told("/collections/communities/items")

    assert {one["properties"]["name"] for one in after["features"]} == {"改名苑"}
    assert before["features"] != after["features"]


def test_nobody_is_shown_what_somebody_who_sees_more_was_shown(boss: Asking, county: County) -> None:
    everything = boss.ids("communities")
    with county.transaction() as session:
        worker = a_worker(session)

    less = Asking(boss.client, county, worker).ids("communities")

    assert set(less) < set(everything)


def test_a_switched_off_account_is_refused_a_page_that_is_remembered(boss: Asking, county: County) -> None:
    with connect(county.settings.redis_url) as redis, county.transaction() as session:
        hear_commits(county.database.engine, Kept(redis))
        planner = Asking(boss.client, county, a_person(session, "planner", "construction_hq"))
    planner.told("/collections/communities/items")
    with county.transaction() as session:
        gone = text('UPDATE server."user" SET active = false WHERE user_id = :id')
        session.execute(gone, {"id": planner.actor.user_id if planner.actor else None})

    planner.refused("/collections/communities/items", 401)


@pytest.mark.parametrize("crs", ["OGC/1.3/CRS84", "EPSG/0/4548"])
def test_pages_of_a_layer_that_is_held_whole_are_those_of_the_database(
    boss: Asking, crs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walked(layer: str) -> list[Any]:
        pages, given = [], {"limit": "2", "crs": f"http://www.opengis.net/def/crs/{crs}"}
        while given:
            pages.append(boss.told(f"/collections/{layer}/items", **given))
            following = [link["href"] for link in pages[-1]["links"] if link["rel"] == "next"]
            given = dict(parse_qsl(urlsplit(following[0]).query)) if following else {}
        return [(page["features"], page["numberMatched"]) for page in pages]

    layers = ("neighbourhoods", "communities", "facilities", "grid-cells")
    monkeypatch.setattr(held, "READ_AT", 10**9)
    by_sql = {layer: walked(layer) for layer in layers}
    monkeypatch.setattr(held, "READ_AT", 1)
    boss.client.application.extensions.pop("wangge.pages")

    assert {layer: walked(layer) for layer in layers} == by_sql


def test_whoever_walks_through_a_layer_asks_the_database_once_and_sees_a_change_at_once(
    boss: Asking, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "READ_AT", 1)
    with connect(county.settings.redis_url) as redis:
        hear_commits(county.database.engine, Kept(redis))
        first = boss.told("/collections/facilities/items", **PAGE)
        with counted(boss.client.application.extensions["wangge.database"].engine) as sent:
            boss.told("/collections/facilities/items", limit="1")
        with county.transaction() as session:
            session.execute(text("UPDATE geo.facility SET name = '改名'"))

        after = boss.told("/collections/facilities/items", **PAGE)

    assert sent == []
    assert first["features"] != after["features"]
    assert {one["properties"]["name"] for one in after["features"]} == {"改名"}
