"""An id that was used before: whose record stands keeps it, and whoever comes second is told what stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from sync.canonical import digest
from tests.integration.fieldsync.test_held_work import a_tablet, an_inspection, cast, client, count, push
from tests.integration.ledger.acting import Cast
from tests.integration.sync.pushing import an_item

__all__ = ["cast", "client"]

Making = Callable[..., dict[str, Any]]


def a_report(cast: Cast, seq: int, **data: Any) -> dict[str, Any]:
    told = {
        "category": "parking_disorderly",
        "severity": "C",
        "community_id": str(cast.community_id),
        "description": "三辆车停在消防通道旁",
        "photos": [],
    }
    return an_item(seq, type="case.report", data={**told, **data})


def under(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return an item under the id of another."""
    return {**second, "entity_id": first["entity_id"]}


@pytest.mark.parametrize("same_push", [True, False])
def test_another_inspection_under_a_stored_id_is_already_stored_and_changes_nothing(
    cast: Cast, client: FlaskClient, same_push: bool
) -> None:
    tablet = a_tablet(cast)
    first = an_inspection(cast, 1)
    second = under(first, an_inspection(cast, 2, answers={"ebikes_estimate": {"value": 9}}))

    if same_push:
        _, told = push(cast, client, tablet, first, second)
    else:
        push(cast, client, tablet, first)
        [told] = push(cast, client, tablet, second)

    with cast.county.transaction() as session:
        [stands] = session.execute(text("SELECT content_sha256, answers FROM server.inspection"))
    problem = told["problem"]
    assert (told["status"], problem["type"]) == ("conflict", "/problems/already-stored")
    assert "id of its own" in problem["detail"]
    assert "新的编号" in problem["detail_zh"]
    assert told["current"]["content_sha256"] == bytes(stands.content_sha256).hex()
    assert bytes(stands.content_sha256) == digest(first["data"])
    assert stands.answers == first["data"]["answers"]


@pytest.mark.parametrize("same_push", [True, False])
def test_another_report_under_a_stored_id_is_already_there(
    cast: Cast, client: FlaskClient, same_push: bool
) -> None:
    tablet = a_tablet(cast)
    first = a_report(cast, 1)
    second = under(first, a_report(cast, 2, category="small_ad_not_cleared"))

    if same_push:
        _, told = push(cast, client, tablet, first, second)
    else:
        push(cast, client, tablet, first)
        [told] = push(cast, client, tablet, second)

    assert (told["status"], told["problem"]["type"]) == ("conflict", "/problems/already-there")
    assert told["current"]["category"] == "parking_disorderly"
    assert count(cast, 'server."case"') == 1


@pytest.mark.parametrize(
    ("making", "table"), [(an_inspection, "server.inspection"), (a_report, 'server."case"')]
)
def test_an_id_is_not_taken_by_what_was_refused_in_the_same_push(
    cast: Cast, client: FlaskClient, making: Making, table: str
) -> None:
    refused = making(cast, 1, community_id="nowhere")
    second = under(refused, making(cast, 2))

    results = push(cast, client, a_tablet(cast), refused, second)

    assert [one["status"] for one in results] == ["rejected", "applied"]
    assert count(cast, f"{table} WHERE community_id = :id", id=cast.community_id) >= 1
