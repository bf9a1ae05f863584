from typing import Any
from uuid import UUID

import pytest
import uuid6
from sqlalchemy import text

from server.db import Database
from server.photos import service
from server.photos.attaching import named_digests, photo_attach
from server.photos.claims import ClaimedPhoto
from sync import changes
from sync.mutations import Mutation, Outcome, Sender
from tests.integration.photos.conftest import NOW

CELL = "cell:370831001001001"
DIGEST = "9f" * 32
USER = uuid6.uuid7()


def _inspection(db: Database, claimed_by: UUID | None = None) -> UUID:
    inspection = uuid6.uuid7()
    photos = [ClaimedPhoto(bytes(32))] if claimed_by else []
    with db.transaction() as session:
        service.claim(
            session, entity="inspection", entity_id=inspection, photos=photos, user_id=claimed_by, now=NOW
        )
        changes.append(session, "inspection", [inspection])
    return inspection


def _mutation(entity_id: UUID, data: Any) -> Mutation:
    return Mutation(uuid6.uuid7(), 1, "photo.attach", entity_id, None, None, (), data, bytes(32))


def _attach(db: Database, *mutations: Mutation, scope: frozenset[str] = frozenset({CELL})) -> list[Outcome]:
    sender = Sender(USER, uuid6.uuid7(), "grid_worker", "s370831001", "walker", scope)
    with db.transaction() as session:
        return list(photo_attach(["inspection"]).handler(session, sender, mutations, NOW))


def test_attached_photos_become_evidence_and_travel(db: Database) -> None:
    inspection = _inspection(db)

    outcomes = _attach(
        db, _mutation(inspection, {"photos": [DIGEST, {"sha256": "aa" * 32, "role": "after"}]})
    )

    assert [(outcome.status, outcome.version) for outcome in outcomes] == [("applied", 1)]
    with db.transaction() as session:
        body = session.scalar(text("SELECT body -> 'evidence' FROM sync.entity_state"))
    assert body == {"expected": 2, "received": 0, "missing": 2}


def test_an_unknown_record_holds_the_photos_and_a_strange_one_rejects_them(db: Database) -> None:
    strange, own = _inspection(db), _inspection(db, claimed_by=USER)
    photos = {"photos": [DIGEST]}

    outcomes = _attach(
        db,
        _mutation(uuid6.uuid7(), photos),
        _mutation(strange, photos),
        _mutation(own, photos),
        scope=frozenset({"cell:370831002001001"}),
    )

    assert [outcome.status for outcome in outcomes] == ["held", "rejected", "applied"]
    types = [outcome.problem["type"] for outcome in outcomes if outcome.problem]
    assert types == ["/problems/not-found", "/problems/not-yours"]


@pytest.mark.parametrize("data", [{}, {"photos": None}, {"photos": ["9f"]}, {"photos": [{"role": "after"}]}])
def test_photos_that_cannot_be_read_are_rejected_alone(db: Database, data: Any) -> None:
    inspection = _inspection(db)

    outcomes = _attach(db, _mutation(inspection, data), _mutation(inspection, {"photos": [DIGEST]}))

    assert [outcome.status for outcome in outcomes] == ["rejected", "applied"]
    assert outcomes[0].problem is not None
    assert outcomes[0].problem["errors"]


def test_the_digests_of_an_item_are_found_whatever_else_it_holds() -> None:
    odd = {"photos": [DIGEST.upper(), {"sha256": "aa" * 32}, 7, None, {"sha256": []}]}

    assert named_digests(_mutation(uuid6.uuid7(), odd)) == [DIGEST, "aa" * 32]
    assert named_digests(_mutation(uuid6.uuid7(), {"photos": 5})) == []
