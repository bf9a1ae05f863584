"""A tablet follows its own scope over HTTP."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import orjson
import pytest
from sqlalchemy import text

from sync import changes
from sync.entity import Wire

if TYPE_CHECKING:
    from tests.integration.fieldsync.conftest import World


def put(world: World, bucket: str, *names: str) -> None:
    with world.db.transaction() as session:
        changes.put(session, "note", [Wire(n, 1, frozenset({bucket}), {"t": n * 50}) for n in names])


def test_a_scope_is_the_county_and_the_person(world: World) -> None:
    put(world, "global", "g")
    put(world, f"user:{world.people['walker']}", "mine")
    put(world, f"user:{world.people['other']}", "theirs")
    put(world, "unit:sihe_subdistrict", "units")

    page = world.tablet().pull().json

    assert {op["id"] for op in page["ops"]} == {"g", "mine"}
    assert page["checkpoint"]["global"]["count"] == 1


def test_the_cursor_goes_on_where_it_stood(world: World) -> None:
    tablet = world.tablet()
    put(world, "global", *"abcde")

    first = tablet.pull(limit=3).json
    second = tablet.pull(cursor=first["cursor"], limit=3).json

    assert [op["id"] for op in first["ops"] + second["ops"]] == list("abcde")
    assert (first["more"], second["more"]) == (True, False)
    assert first["checkpoint"] is None


def test_a_finished_pull_is_remembered(world: World) -> None:
    world.tablet().pull()

    with world.db.transaction() as session:
        scope = session.execute(text("SELECT pulled_scope FROM sync.device_state")).scalar_one()
    assert scope == ["global", f"user:{world.people['walker']}"]


def test_a_page_is_compressed_and_not_sent_twice(world: World) -> None:
    tablet = world.tablet()
    put(world, "global", *"abcde")
    headers = {**tablet.headers, "Accept-Encoding": "gzip"}

    packed = world.client.get("/sync/v1/pull", headers=headers)
    again = world.client.get("/sync/v1/pull", headers={**headers, "If-None-Match": packed.headers["ETag"]})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(orjson.loads(gzip.decompress(packed.data))["ops"]) == 5
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("cursor", ["x", "%00", "'; --", "A" * 300, "é"])
def test_a_cursor_that_was_not_given_out_is_refused(world: World, cursor: str) -> None:
    refused = world.tablet().pull(cursor=cursor)

    assert (refused.status_code, refused.json["type"]) == (400, "/problems/cursor-invalid")


@pytest.mark.parametrize("limit", ["0", "5001", "x", "-1"])
def test_a_limit_has_bounds(world: World, limit: str) -> None:
    assert world.tablet().pull(limit=limit).status_code == 422


def test_the_tablets_calls_stand_in_openapi(world: World) -> None:
    paths = world.client.get("/api/v1/openapi.json").json["paths"]

    for path in ("devices", "token", "config", "push", "pull"):
        assert f"/sync/v1/{path}" in paths
    bodies = paths["/sync/v1/push"]["post"]["requestBody"]["content"]
    assert bodies["application/json"]["schema"] == {"$ref": "#/components/schemas/Envelope"}
