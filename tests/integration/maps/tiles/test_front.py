"""What is answered before Flask is what Flask answers, to nobody else and never for longer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import request_started
from flask.testing import FlaskClient

from server.auth.request import ON_BEHALF_OF
from server.auth.stand_ins import service as stand_ins
from server.communities.service import local_day
from tests.build import County, a_person
from tests.integration.maps.tiles.asking import Reader, tile_at

HERE = tile_at(117.28, 35.66, 11)
PATH = f"/tiles/communities/{HERE.z}/{HERE.x}/{HERE.y}.mvt"


@contextmanager
def flask_asked(client: FlaskClient) -> Iterator[list[Any]]:
    asked: list[Any] = []

    def hear(sender: Any, **_: Any) -> None:
        asked.append(sender)

    with request_started.connected_to(hear, client.application):
        yield asked


@pytest.mark.parametrize("coord", ["", "?coord=gcj02", "?coord=bd09"])
def test_a_tile_that_is_kept_or_held_needs_no_flask_and_is_the_same(
    client: FlaskClient, boss: Reader, coord: str
) -> None:
    made = boss.get(PATH + coord)

    with flask_asked(client) as asked:
        kept = boss.get(PATH + coord)
        held = boss.get(PATH + coord, made.headers["ETag"])

    assert asked == []
    assert (kept.status_code, kept.data, dict(kept.headers)) == (200, made.data, dict(made.headers))
    assert (held.status_code, held.data, held.headers["ETag"]) == (304, b"", made.headers["ETag"])


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (PATH, {"Authorization": "Bearer not-one-of-ours"}, 401),
        (PATH, {"Authorization": ""}, 401),
        (PATH + "?coord=mars", {}, 422),
        (PATH.replace("/11/", "/99/"), {}, 404),
        (PATH.replace("communities", "no-such-layer"), {}, 404),
        (PATH.replace(".mvt", ""), {}, 404),
    ],
)
def test_what_is_wrong_is_said_as_ever(
    client: FlaskClient, county: County, boss: Reader, path: str, headers: dict[str, str], status: int
) -> None:
    boss.get(PATH)

    answer = client.get(path, headers={**county.bearer(boss.actor), **headers})

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_who_stands_in_for_somebody_sees_that_ones_map_then_and_their_own_else(
    client: FlaskClient, county: County, boss: Reader
) -> None:
    today = local_day(datetime.now(UTC))
    with county.transaction() as session:
        absent = a_person(session, "planner", "construction_hq")
        deputy = a_person(session, "property_company", "construction_hq")
        named = stand_ins.name(
            session,
            absent=None,
            deputy=deputy.username,
            from_on=today - timedelta(days=1),
            to_on=today + timedelta(days=1),
            reason="休假",
            note="",
            actor=absent,
            now=datetime.now(UTC),
        )
    own = county.bearer(deputy)
    behalf = {**own, ON_BEHALF_OF: str(absent.user_id)}
    whole = boss.get(PATH).data
    before = client.get(PATH, headers=own)

    standing = [client.get(PATH, headers=behalf).data for _ in range(2)]
    after = client.get(PATH, headers=own)
    with county.transaction() as session:
        stand_ins.revoke(session, UUID(named["stand_in_id"]), actor=absent, now=datetime.now(UTC))

    assert standing == [whole, whole]
    assert before.data == after.data != whole
    assert client.get(PATH, headers=behalf).status_code == 403
