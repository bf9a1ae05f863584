"""What the office approves stands: a second inspection as a correction, work beyond the worker's cells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.auth.actor import Actor
from tests.build import JIHE_CELL
from tests.integration.fieldsync.test_held_work import a_tablet, an_inspection, cast, client, count, push
from tests.integration.inspections.making import fly_wires
from tests.integration.ledger.acting import Cast, a_digest, an_id
from tests.integration.sync.pushing import an_item

__all__ = ["cast", "client"]


def apply(cast: Cast, client: FlaskClient, tablet: Actor, seq: int, desk: str = "quarantine") -> Any:
    path = f"/api/v1/sync/{desk}/{tablet.device_id}/{seq}/resolve"
    told = {"action": "apply", "reason": "both were seen"}
    return client.post(path, json=told, headers=cast.county.bearer(cast.shift_leader))


def revoke(cast: Cast, tablet: Actor) -> None:
    with cast.county.transaction() as session:
        session.execute(
            text("UPDATE server.device SET revoked_at = now() WHERE device_id = :id"),
            {"id": tablet.device_id},
        )


def move_away(cast: Cast, tablet: Actor) -> None:
    with cast.county.transaction() as session:
        session.execute(
            text("UPDATE server.assignment SET grid_cell_code = :cell WHERE user_id = :id"),
            {"cell": JIHE_CELL, "id": cast.worker.user_id},
        )
        session.execute(text("UPDATE sync.device_state SET pulled_scope = '{}'"))


def test_a_second_inspection_of_the_same_id_is_applied_as_a_correction(
    cast: Cast, client: FlaskClient
) -> None:
    tablet = a_tablet(cast)
    first = an_inspection(cast, 1)
    second = an_inspection(cast, 1, answers=fly_wires({}, {})) | {"entity_id": first["entity_id"]}
    push(cast, client, tablet, first)
    [clash] = push(cast, client, tablet, second)

    answer = apply(cast, client, tablet, 1)

    assert clash["status"] == "quarantined"
    assert answer.status_code == 200, answer.text
    told = answer.json
    assert (told["became"], told["applied_type"]) == ("applied", "inspection.correct")
    made, corrects = told["applied_entity_id"], UUID(first["entity_id"])
    assert count(
        cast, "server.inspection WHERE inspection_id = :one AND corrects = :first", one=made, first=corrects
    )
    assert count(cast, "server.inspection") == 2
    assert count(cast, "sync.decision WHERE applied_entity_id = :one", one=made) == 1
    assert apply(cast, client, tablet, 1).json == told


def test_the_same_inspection_under_another_mid_is_no_correction(cast: Cast, client: FlaskClient) -> None:
    tablet = a_tablet(cast)
    first = an_inspection(cast, 1)
    push(cast, client, tablet, first)
    push(cast, client, tablet, first | {"mid": str(an_id())})

    answer = apply(cast, client, tablet, 1)

    assert (answer.status_code, answer.json["type"]) == (409, "/problems/cannot-apply")
    assert count(cast, "server.inspection") == 1


def test_photos_and_notes_of_a_revoked_tablet_stand_wherever_the_case_lies(
    cast: Cast, client: FlaskClient
) -> None:
    case_id, _ = replace(cast, worker=cast.checker).report()
    tablet = a_tablet(cast)
    move_away(cast, tablet)
    photo = {"photos": [a_digest()]}
    tried = [
        an_item(1, type="photo.attach", entity_id=str(case_id), data=photo),
        an_item(2, type="case.note", entity_id=str(case_id), data={"text": "业主已联系维修"}),
    ]
    refused = push(cast, client, tablet, *tried)
    revoke(cast, tablet)
    again = [one | {"seq": one["seq"] + 2, "mid": str(an_id())} for one in tried]
    kept = push(cast, client, tablet, *again)

    answers = [apply(cast, client, tablet, seq) for seq in (3, 4)]

    assert [one["status"] for one in refused] == ["rejected", "rejected"]
    assert [one["status"] for one in kept] == ["quarantined", "quarantined"]
    assert [one.status_code for one in answers] == [200, 200], [one.text for one in answers]


WHOLE, APPLIED = "decision_otherwise_whole", "decision_otherwise_applied"


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ("'apply', 'applied', NULL, gen_random_uuid()", WHOLE),
        ("'apply', 'applied', 'inspection.correct', NULL", WHOLE),
        ("'reject', 'rejected', 'inspection.correct', gen_random_uuid()", APPLIED),
    ],
)
def test_a_decision_names_command_and_record_together_or_neither(
    cast: Cast, values: str, broken: str
) -> None:
    sql = (
        "INSERT INTO sync.decision (action, became, applied_type, applied_entity_id, device_id, seq, mid, "
        f"digest, reason, was, user_id, decided_at) SELECT {values}, gen_random_uuid(), 1, gen_random_uuid(),"
        " '\\x00', 'r', 'held', gen_random_uuid(), now()"
    )
    with pytest.raises(IntegrityError, match=broken), cast.county.owner() as session:
        session.execute(text(sql))
