"""How often a sign-in may fail, with Redis and without."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.local.ports import free_port
from tests.build import PASSWORD, County, a_person

ALLOWED = 3


@pytest.fixture
def strict(county: County) -> County:
    """Return the county with a limit of three failures a minute, and Wang in it."""
    with county.transaction() as session:
        a_person(session, username="wang")
        a_person(session, username="li")
    return replace(county, settings=replace(county.settings, sign_in_limit=f"{ALLOWED} per minute"))


def _sign_in(client: FlaskClient, username: str = "wang", password: str = "wrong password") -> Any:
    return client.post("/api/v1/auth/login", json={"username": username, "password": password})


def _fail(client: FlaskClient, times: int) -> list[int]:
    return [_sign_in(client).status_code for _ in range(times)]


def test_after_too_many_failures_even_the_right_password_has_to_wait(strict: County) -> None:
    with strict.client() as client:
        assert _fail(client, ALLOWED + 1) == [401] * ALLOWED + [429]
        answer = _sign_in(client, password=PASSWORD)

    assert (answer.status_code, answer.json["type"]) == (429, "/problems/too-many-requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_one_name_s_failures_do_not_lock_out_another(strict: County) -> None:
    with strict.client() as client:
        _fail(client, ALLOWED + 1)

        assert _sign_in(client, "li", PASSWORD).status_code == 200


def test_successful_sign_ins_are_not_counted(strict: County) -> None:
    with strict.client() as client:
        assert {_sign_in(client, password=PASSWORD).status_code for _ in range(ALLOWED + 2)} == {200}


def test_failures_are_counted_over_all_web_processes(strict: County) -> None:
    with strict.client() as one, strict.client() as another:
        _fail(one, ALLOWED)

        assert _sign_in(another).status_code == 429


def test_one_address_cannot_try_one_password_on_many_names(strict: County) -> None:
    with strict.client() as client:
        answers = [_sign_in(client, f"name{number}").status_code for number in range(ALLOWED * 20 + 1)]

    assert answers[-1] == 429


def test_without_redis_each_process_counts_for_itself(strict: County) -> None:
    lonely = replace(
        strict, settings=replace(strict.settings, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    )
    with lonely.client() as client:
        assert _sign_in(client, password=PASSWORD).status_code == 200
        assert _fail(client, ALLOWED + 1) == [401] * ALLOWED + [429]
