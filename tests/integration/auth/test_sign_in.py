"""Signing in over HTTP, refreshing, and what ends a sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from server.auth import service
from server.auth.errors import UnknownUser, WeakPassword
from tests.build import NOW, PASSWORD, County, a_person

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    with county.client() as client:
        yield client


def _sign_in(client: FlaskClient, username: str = "wang", password: str = PASSWORD) -> Any:
    return client.post(LOGIN, json={"username": username, "password": password})


def _refresh(client: FlaskClient, token: str) -> Any:
    return client.post(REFRESH, json={"refresh_token": token})


@pytest.fixture
def wang(county: County) -> str:
    """Create Wang, a dispatcher, and return the user name."""
    with county.transaction() as session:
        return a_person(session, username="wang").username


def test_a_right_password_opens_the_door(client: FlaskClient, wang: str) -> None:
    answer = _sign_in(client)

    assert answer.status_code == 200
    assert set(answer.json) == {"access_token", "refresh_token", "expires_in", "user"}
    assert (answer.json["user"]["username"], answer.json["user"]["role"]) == ("wang", "dispatcher")
    assert "password" not in answer.text


def test_the_caller_is_told_who_they_are_and_what_they_may_do(client: FlaskClient, wang: str) -> None:
    token = _sign_in(client).json["access_token"]

    me: Any = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json

    assert (me["username"], me["unit"]["code"], me["has_work"]) == ("wang", "sihe_subdistrict", True)
    assert me["rights"]["case.dispatch"] == "subdistrict"
    assert "case.close" not in me["rights"]


@pytest.mark.parametrize(
    ("username", "password"), [("wang", "wrong password"), ("nobody", PASSWORD), ("'--", "x")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    client: FlaskClient, wang: str, username: str, password: str
) -> None:
    answer = _sign_in(client, username, password)

    assert (answer.status_code, answer.json["type"]) == (401, "/problems/wrong-credentials")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "body",
    [{}, {"username": "wang"}, {"username": 7, "password": "x"}, {"username": "a\0", "password": "x"}, []],
)
def test_a_sign_in_of_another_shape_is_told_what_is_missing(client: FlaskClient, body: object) -> None:
    answer: Any = client.post(LOGIN, json=body)

    assert answer.status_code == 422
    assert answer.json["errors"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic d2FuZzp4", "Bearer é"])
def test_without_a_token_of_ours_nobody_is_let_in(client: FlaskClient, header: str) -> None:
    answer: Any = client.get("/api/v1/me", headers={"Authorization": header})

    assert (answer.status_code, answer.json["type"]) == (401, "/problems/not-signed-in")


def test_the_old_refresh_token_works_until_the_new_one_was_used(client: FlaskClient, wang: str) -> None:
    first = _sign_in(client).json["refresh_token"]
    lost, second = (_refresh(client, first).json["refresh_token"] for _ in range(2))

    used = _refresh(client, second)

    assert used.status_code == 200
    assert [_refresh(client, token).status_code for token in (first, lost)] == [401, 401]
    assert _refresh(client, used.json["refresh_token"]).status_code == 200


def test_a_refresh_token_ends_with_its_life(county: County, wang: str) -> None:
    brief = replace(county, settings=replace(county.settings, refresh_token_s=0))
    with brief.client() as client:
        token = _sign_in(client).json["refresh_token"]

        answer = _refresh(client, token)

    assert (answer.status_code, answer.json["type"]) == (401, "/problems/token-expired")


def test_an_access_token_ends_with_its_life(county: County, wang: str) -> None:
    brief = replace(county, settings=replace(county.settings, access_token_s=0))
    with brief.client() as client:
        token = _sign_in(client).json["access_token"]

        answer: Any = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json["type"]) == (401, "/problems/token-expired")


def test_who_is_switched_off_neither_signs_in_nor_goes_on(
    client: FlaskClient, county: County, wang: str
) -> None:
    tokens = _sign_in(client).json
    with county.transaction() as session:
        service.set_active(session, username=wang, active=False, actor=None, now=NOW)

    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 401
    assert _refresh(client, tokens["refresh_token"]).status_code == 401
    assert _sign_in(client).status_code == 401


def test_a_reset_password_ends_the_sign_ins_and_opens_new_ones(
    client: FlaskClient, county: County, wang: str
) -> None:
    before = _sign_in(client).json["refresh_token"]
    with county.transaction() as session:
        boss = a_person(session, "admin", None)

    answer: Any = client.put(
        f"/api/v1/users/{wang}/password", json={"password": "another long one"}, headers=county.bearer(boss)
    )

    assert answer.status_code == 200
    assert _refresh(client, before).status_code == 401
    assert [_sign_in(client, wang, word).status_code for word in (PASSWORD, "another long one")] == [401, 200]


def test_only_an_admin_resets_passwords(client: FlaskClient, county: County, wang: str) -> None:
    with county.transaction() as session:
        leader = a_person(session, "shift_leader")

    answer: Any = client.put(
        f"/api/v1/users/{wang}/password", json={"password": "another long one"}, headers=county.bearer(leader)
    )

    assert (answer.status_code, answer.json["type"]) == (403, "/problems/not-yours")


def test_a_reset_names_what_is_wrong(county: County, wang: str) -> None:
    with county.transaction() as session:
        with pytest.raises(UnknownUser):
            service.reset_password(session, username="nobody", password=PASSWORD, actor=None, now=NOW)
        with pytest.raises(WeakPassword):
            service.reset_password(session, username=wang, password="short", actor=None, now=NOW)


def test_the_same_name_in_another_form_is_the_same_person(client: FlaskClient, county: County) -> None:
    with county.transaction() as session:
        a_person(session, username="ｗｅｉ")

    assert _sign_in(client, "wei ").status_code == 200


def test_every_write_leaves_an_audit_line_that_nobody_can_change(
    client: FlaskClient, county: County, wang: str
) -> None:
    _sign_in(client)

    with county.transaction() as session:
        actions = list(session.scalars(text("SELECT action FROM server.audit_line ORDER BY audit_line_id")))
        rights = session.execute(
            text(
                "SELECT has_table_privilege('wangge_app', 'server.audit_line', 'UPDATE'),"
                " has_table_privilege('wangge_app', 'server.audit_line', 'DELETE')"
            )
        ).one()

    assert actions[-2:] == ["user.create", "auth.sign_in"]
    assert tuple(rights) == (False, False)
