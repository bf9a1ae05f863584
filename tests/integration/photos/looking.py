"""What the tests of photos look at afterwards."""

from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy import text

from server.photos import service
from server.photos.claims import ClaimedPhoto
from server.photos.store import Folder
from sync import changes
from tests.integration.photos.conftest import NOW, World
from tests.pictures import sha256


def stored_digests(world: World) -> list[str]:
    with world.db.transaction() as session:
        return [
            row.hex
            for row in session.execute(
                text("SELECT encode(sha256, 'hex') AS hex FROM server.photo WHERE state = 'stored'")
            )
        ]


def leftovers(store: Folder) -> list[str]:
    return [file.name for folder in ("incoming", "parts") for file in (store.root / folder).iterdir()]


def problem_of(answer: Any) -> str:
    assert answer.content_type == "application/problem+json"
    return str(answer.json["type"]).removeprefix("/problems/")


def an_inspection(world: World, *contents: bytes) -> UUID:
    inspection = uuid6.uuid7()
    photos = [ClaimedPhoto(sha256(content)) for content in contents]
    with world.db.transaction() as session:
        service.claim(
            session, entity="inspection", entity_id=inspection, photos=photos, user_id=None, now=NOW
        )
        changes.append(session, "inspection", [inspection])
    return inspection
