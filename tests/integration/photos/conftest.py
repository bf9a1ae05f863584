"""A database, a store in a temporary folder, and records that travel, for the tests of photos."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
import uuid6
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import text
from sqlalchemy.orm import Session

from server import wiring
from server.app import create_app
from server.auth.tokens import Claims, access_token
from server.db import Database, make_engine
from server.local.places import CHECKOUT
from server.local.ports import free_port
from server.photos import service
from server.photos.store import Folder
from server.settings import Settings
from sync.entity import SyncEntity, Wire
from tests.pictures import sha256

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


@dataclass(frozen=True, slots=True)
class World:
    """The application over HTTP, two people of it, and what lies behind."""

    client: FlaskClient
    settings: Settings
    db: Database
    store: Folder
    redis: Redis
    worker: UUID
    stranger: UUID
    office: UUID
    device: UUID
    seen: set[UUID]

    def token(self, user_id: UUID, device_id: UUID | None = None) -> dict[str, str]:
        """Return the headers of a signed-in person."""
        claims = Claims(user_id, device_id)
        token = access_token(claims, self.settings.secret_key, datetime.now(UTC), 3600)
        return {"Authorization": f"Bearer {token}"}

    def tus(self, user_id: UUID | None = None, **headers: str) -> dict[str, str]:
        """Return the headers of a tus request of a person, the worker's by default."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {**self.token(user_id or self.worker), "Tus-Resumable": "1.0.0", **named}

    def create(
        self, content: bytes, user_id: UUID | None = None, *, size: int | None = None, **how: Any
    ) -> Any:
        """Open an upload for these bytes."""
        headers = self.tus(
            user_id,
            Upload_Length=str(len(content) if size is None else size),
            Upload_Metadata=metadata(sha256=sha256(content).hex(), filetype="image/jpeg"),
        )
        return self.client.post("/sync/v1/uploads", headers={**headers, **how.pop("headers", {})}, **how)

    def patch(
        self, url: str, offset: int, content: bytes, user_id: UUID | None = None, **headers: str
    ) -> Any:
        """Send bytes."""
        sent = self.tus(user_id, Upload_Offset=str(offset), **headers)
        return self.client.patch(
            url, data=content, headers=sent, content_type="application/offset+octet-stream"
        )

    def head(self, url: str, user_id: UUID | None = None) -> Any:
        """Ask where an upload stands."""
        return self.client.head(url, headers=self.tus(user_id))

    def send(self, content: bytes, user_id: UUID | None = None) -> Any:
        """Upload in two requests; return the last answer."""
        return self.patch(self.create(content, user_id).headers["Location"], 0, content, user_id)


def metadata(**pairs: str) -> str:
    """Return an Upload-Metadata header."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


@pytest.fixture
def world(
    db: Database, store: Folder, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    settings = Settings(
        database_url=database_url,
        database_owner_url=database_url,
        redis_url=redis_url,
        secret_key="s" * 32,
        photo_store=store.root,
        max_photo_bytes=200_000,
    )
    seen: set[UUID] = set()
    monkeypatch.setitem(wiring.TRAVELLING, "inspection", TRAVELLING["inspection"])
    monkeypatch.setitem(
        wiring.PHOTO_VISIBILITY, "inspection", lambda session, actor, ids: {one for one in ids if one in seen}
    )
    app = create_app(settings)
    worker, stranger, office, device = (uuid6.uuid7() for _ in range(4))
    people = {"worker": worker, "stranger": stranger, "office": office, "device": device}
    with db.transaction() as session:
        session.execute(text(PEOPLE), {name: str(one) for name, one in people.items()})
    with Redis.from_url(redis_url) as redis:
        yield World(app.test_client(), settings, db, store, redis, worker, stranger, office, device, seen)
    database: Database = app.extensions["wangge.database"]
    database.engine.dispose()
    app.extensions["wangge.redis"].close()


PEOPLE = """
INSERT INTO server.unit (code, name_zh, name_en, kind) VALUES
  ('s370831001', '泗河街道', 'Sihe', 'subdistrict'),
  ('construction_hq', '县指挥部', 'Headquarters', 'coordinating_body');
INSERT INTO server."user" (user_id, username, display_name, role, unit_code, password_hash, created_at) VALUES
  (CAST(:worker AS uuid), 'walker', '巡查员', 'grid_worker', 's370831001', '', now()),
  (CAST(:stranger AS uuid), 'stranger', '别人', 'grid_worker', 's370831001', '', now()),
  (CAST(:office AS uuid), 'hq', '总部', 'headquarters', 'construction_hq', '', now());
INSERT INTO server.device (device_id, user_id, name, platform, app_version, enrolled_at, revoked_at)
  VALUES (CAST(:device AS uuid), CAST(:worker AS uuid), 't', 'test', '1', now(), now());
"""


@pytest.fixture
def port(world: World) -> Iterator[int]:
    """Return the port of a real web server with the same database and photos."""
    port = free_port()
    own = {
        "DATABASE_URL": world.settings.database_url,
        "REDIS_URL": world.settings.redis_url,
        "SECRET_KEY": world.settings.secret_key,
        "PHOTO_STORE": str(world.store.root),
    }
    words = ["server.web_server", "--blocking-threads", "4", "--no-ws", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", *words], cwd=CHECKOUT, env={**os.environ, **own}, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the web server did not start")
