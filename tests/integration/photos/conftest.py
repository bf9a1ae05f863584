"""A database, a store in a temporary folder, and records that travel, for the tests of photos."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from server.db import Database, make_engine
from server.photos import service
from server.photos.store import Folder
from sync.entity import SyncEntity, Wire

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def _load(session: Session, ids: Sequence[str]) -> list[Wire]:
    found = service.evidence(session, "inspection", [UUID(one) for one in ids])
    return [
        Wire(str(entity_id), 1, frozenset({"cell:370831001001001"}), {"evidence": what.as_json()})
        for entity_id, what in found.items()
    ]


TRAVELLING = {"inspection": SyncEntity("inspection", _load)}


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    engine = make_engine(database_url, pool_size=16)
    yield Database(engine, {"travelling": TRAVELLING})
    engine.dispose()


@pytest.fixture
def store(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "photos")
