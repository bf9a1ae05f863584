"""What waits for an inspection goes on when it comes, asked for by the push that brings it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import text

from server import queue
from server.fieldsync.rules import RELEASE
from tests.integration.fieldsync.test_held_work import (
    a_tablet,
    an_inspection,
    cast,
    client,
    outcomes,
    push,
    work,
)
from tests.integration.inspections.making import inspection_data, version_of_checklist
from tests.integration.ledger.acting import Cast, a_digest, an_id
from tests.integration.sync.pushing import an_item

__all__ = ["cast", "client"]

Waiting = Callable[[Cast, dict[str, Any]], dict[str, Any]]


def a_correction(cast: Cast, first: dict[str, Any]) -> dict[str, Any]:
    data = inspection_data(cast, version_of_checklist(cast), answers={"ebikes_estimate": {"value": 9}})
    return an_item(1, type="inspection.correct", data={**data, "corrects": first["entity_id"]})


def a_photo(cast: Cast, first: dict[str, Any]) -> dict[str, Any]:
    photo = {"sha256": a_digest(), "size": 5, "content_type": "image/jpeg", "role": "before"}
    return an_item(1, type="photo.attach", entity_id=first["entity_id"], data={"photos": [photo]})


def what_depends_on_it(cast: Cast, first: dict[str, Any]) -> dict[str, Any]:
    return an_item(1, type="inspection.create", depends_on=[first["mid"]], data=first["data"])


def asked_for(cast: Cast) -> bool:
    with Redis.from_url(cast.county.settings.redis_url) as redis:
        return any(job.description == RELEASE for job in queue.jobs.open_queue(redis).jobs)


def waits_for(cast: Cast) -> set[tuple[str, str]]:
    with cast.county.transaction() as session:
        return {(row.kind, row.key) for row in session.execute(text("SELECT kind, key FROM sync.waiting"))}


@pytest.mark.parametrize(
    ("waiting", "by", "problem"),
    [
        (a_correction, "inspection", "not-found"),
        (a_photo, "inspection", "not-found"),
        (what_depends_on_it, "mid", "dependency-missing"),
    ],
)
def test_what_waits_for_an_inspection_is_let_go_by_the_push_that_brings_it(
    cast: Cast, client: FlaskClient, waiting: Waiting, by: str, problem: str
) -> None:
    tablet, other = a_tablet(cast), a_tablet(cast)
    late = an_inspection(cast, 1)
    [held] = push(cast, client, tablet, waiting(cast, late))
    assert (held["status"], held["problem"]["type"]) == ("held", f"/problems/{problem}")
    key = {"inspection": late["entity_id"], "mid": late["mid"]}[by]
    assert (by, key) in waits_for(cast)
    push(cast, client, other, an_inspection(cast, 1, location=None))
    assert not asked_for(cast), "another inspection lets nothing go"

    [brought] = push(cast, client, other, late | {"seq": 2})
    assert (brought["status"], asked_for(cast)) == ("applied", True)
    work(cast)

    assert outcomes(cast, client, tablet) == {1: "applied"}
    assert not waits_for(cast)


def test_what_waits_for_an_inspection_that_never_comes_stays_held(cast: Cast, client: FlaskClient) -> None:
    tablet = a_tablet(cast)
    push(cast, client, tablet, a_correction(cast, {"entity_id": str(an_id())}))

    work(cast)

    assert outcomes(cast, client, tablet) == {}
