"""Who sees what at `/ogc`, row by row, and how desktop GIS sign in."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime

from sqlalchemy import text

from server.auth.tokens import Claims, access_token
from tests.build import CELL, PASSWORD, County, a_person, a_worker
from tests.integration.maps.ogc.conftest import Asking

PUBLISHED = {"county", "subdistricts", "neighbourhoods"}


def _basic(name: str, password: str = PASSWORD) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}


def _names(asking: Asking) -> set[str]:
    return {one["id"] for one in asking.told("/collections")["collections"]}


def test_a_worker_sees_the_own_cells_and_a_subdistrict_its_own(boss: Asking, county: County) -> None:
    with county.transaction() as session:
        worker = Asking(boss.client, county, a_worker(session, [CELL]))
        leader = Asking(boss.client, county, a_person(session, "shift_leader", "sihe_subdistrict"))

    assert worker.ids("grid-cells") == [CELL]
    assert worker.told("/collections/grid-cells/items")["numberMatched"] == 1
    own = leader.ids("grid-cells", limit="1000")
    assert own
    assert all(code.startswith("370831001") for code in own)
    worker.refused("/collections/grid-cells/items/370831002008001", 404)
    assert worker.ids("grid-cells", filter="code = '370831002008001'") == []


def test_who_shows_nothing_sees_what_is_published_and_nothing_else(nobody: Asking, boss: Asking) -> None:
    assert _names(nobody) == PUBLISHED
    assert len(nobody.ids("subdistricts")) == 13
    for path in ("", "/items", "/queryables", f"/items/{boss.ids('communities', limit='1')[0]}", "/items/x"):
        problem = nobody.refused(f"/collections/communities{path}", 401)
        assert problem["type"] == "/problems/not-signed-in"
    told = nobody.ask("/api").text
    assert "/collections/communities" not in told


def test_a_role_without_the_right_is_refused_and_does_not_see_the_layer(boss: Asking, county: County) -> None:
    with county.transaction() as session:
        bureau = Asking(boss.client, county, a_person(session, "department", "housing_bureau"))

    assert "complaints" not in _names(bureau)
    assert "complaints" in _names(boss)
    bureau.refused("/collections/complaints/items", 403)


def test_a_desktop_signs_in_with_user_name_and_password(nobody: Asking, county: County) -> None:
    with county.transaction() as session:
        planner = a_person(session, "planner", "construction_hq")

    asked = nobody.ask("/collections/communities/items")
    right = nobody.ask("/collections/communities/items", headers=_basic(planner.username))
    again = nobody.ask("/collections/communities/items", headers=_basic(planner.username))
    wrong = [
        nobody.ask("/collections", headers=_basic(planner.username, password))
        for password in ("wrong", "", "a\0b", "x" * 5000)
    ]

    assert asked.headers["WWW-Authenticate"] == 'Basic realm="wangge", charset="UTF-8"'
    assert (right.status_code, again.status_code) == (200, 200)
    assert {answer.status_code for answer in wrong} == {401}


def test_a_new_password_ends_what_the_old_one_opened(nobody: Asking, county: County) -> None:
    with county.transaction() as session:
        planner = a_person(session, "planner", "construction_hq")
    assert nobody.ask("/collections", headers=_basic(planner.username)).status_code == 200

    with county.transaction() as session:
        session.execute(
            text('UPDATE server."user" SET active = false WHERE user_id = :id'), {"id": planner.user_id}
        )

    assert nobody.ask("/collections", headers=_basic(planner.username)).status_code == 401


def test_headers_that_are_no_sign_in_are_refused(nobody: Asking) -> None:
    for header in ("Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Digest x", "Bearer", "Bearer x"):
        assert nobody.ask("/collections", headers={"Authorization": header}).status_code == 401, header


def test_a_token_in_the_address_is_carried_on_by_the_links(boss: Asking, nobody: Asking) -> None:
    assert boss.actor is not None
    now, key = datetime.now(UTC), boss.county.settings.secret_key
    token = access_token(Claims(boss.actor.user_id, None), key, now, 3600)

    page = nobody.told("/collections/communities/items", limit="2", token=token)

    following = next(link["href"] for link in page["links"] if link["rel"] == "next").partition("/ogc")[2]
    assert nobody.told(following)["numberReturned"] == 2
    assert token not in boss.ask("/collections").text
    assert nobody.ask("/collections?token=x").status_code == 401


def test_answers_are_for_the_caller_alone(boss: Asking) -> None:
    answer = boss.ask("/collections/communities/items")

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.headers["Vary"]
