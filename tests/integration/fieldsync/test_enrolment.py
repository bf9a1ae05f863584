"""A tablet enrols once with a code of the office, and a lost answer burns no code."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import uuid6
from sqlalchemy import text

if TYPE_CHECKING:
    from tests.integration.fieldsync.conftest import World


def test_a_code_turns_into_tokens_that_pull(world: World) -> None:
    answer = world.enrol(world.code())

    assert answer.status_code == 201
    assert set(answer.json) == {"device_id", "access_token", "refresh_token", "expires_in"}
    assert world.tablet().pull().status_code == 200


def test_the_same_code_and_device_are_answered_again(world: World) -> None:
    code, device_id = world.code(), uuid6.uuid7()

    assert [world.enrol(code, device_id).status_code for _ in range(2)] == [201, 201]
    assert world.enrol(code.lower().replace("-", " "), device_id).status_code == 201


def test_a_code_is_for_one_device_and_not_for_ever(world: World) -> None:
    used, old = world.code(), world.code(age=timedelta(days=4))
    world.enrol(used)

    for code in (used, old, "NOBODY", "'; DROP TABLE server.device; --"):
        refused = world.enrol(code)
        assert (refused.status_code, refused.json["type"]) == (403, "/problems/enrolment-code-invalid")


def test_a_device_stays_its_workers(world: World) -> None:
    tablet = world.tablet("walker")

    assert world.enrol(world.code("other"), tablet.device_id).status_code == 403


def test_a_revoked_device_refreshes_and_pushes_and_nothing_else(world: World) -> None:
    tablet = world.tablet()
    with world.db.transaction() as session:
        session.execute(text("UPDATE server.device SET revoked_at = now()"))

    tokens = world.client.post("/sync/v1/token", json={"refresh_token": tablet.tokens["refresh_token"]})
    refused = tablet.pull()

    assert tokens.status_code == 200
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/device-revoked")


def test_the_old_refresh_token_works_until_the_new_one_was_used(world: World) -> None:
    def refresh(token: str) -> tuple[int, str]:
        answer = world.client.post("/sync/v1/token", json={"refresh_token": token})
        return answer.status_code, answer.json.get("refresh_token", "")

    first = world.tablet().tokens["refresh_token"]
    _, second = refresh(first)
    _, again = refresh(first)

    assert refresh(again)[0] == 200
    assert refresh(first)[0] == 401
    assert refresh(second)[0] == 401


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("admin", "walker", 201),
        ("leader", "walker", 201),
        ("leader", "other", 403),
        ("walker", "walker", 403),
        ("admin", "admin", 422),
    ],
)
def test_who_makes_codes_for_whom(world: World, who: str, whom: str, status: int) -> None:
    answer = world.client.post("/api/v1/devices/codes", json={"username": whom}, headers=world.office(who))

    assert answer.status_code == status
    assert status != 201 or world.enrol(answer.json["enrolment_code"]).status_code == 201


def test_a_code_comes_with_a_qr_code_that_opens_the_tablets_page(world: World) -> None:
    told = {"username": "walker", "address": "https://wangge.example:8443/desks"}

    answer = world.client.post("/api/v1/devices/codes", json=told, headers=world.office("admin")).json

    assert answer["invitation_url"] == f"https://wangge.example:8443/tablet/#enrol={answer['enrolment_code']}"
    assert answer["qr_svg"].startswith("<svg")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "wangge", "ftp://wangge.example"])
def test_an_invitation_leads_to_web_addresses_only(world: World, address: str) -> None:
    told = {"username": "walker", "address": address}

    answer = world.client.post("/api/v1/devices/codes", json=told, headers=world.office("admin"))

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/address")


def test_limits_are_told(world: World) -> None:
    told = world.client.get("/sync/v1/config", headers=world.tablet().headers).json

    assert told["max_mutations"] == 20
    assert told["protocol_versions"] == [1]
    assert told["next_sync_after"] > told["server_time"]
