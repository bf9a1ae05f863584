"""The application over HTTP, with two workers, an office, and a small command that tablets may send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uuid6
from sqlalchemy import text

from server import wiring
from server.app import create_app
from server.auth import enrolment
from server.auth.tokens import Claims, access_token
from server.db import Database
from server.settings import Settings
from tests.integration.sync.pushing import command

PEOPLE = """
INSERT INTO server.unit (code, name_zh, name_en, kind, division_code) VALUES
  ('sihe_subdistrict', '泗河街道', 'Sihe', 'subdistrict', '370831001'),
  ('jihe_subdistrict', '济河街道', 'Jihe', 'subdistrict', '370831002'),
  ('construction_hq', '县指挥部', 'Headquarters', 'coordinating_body', NULL);
INSERT INTO server."user" (user_id, username, display_name, role, unit_code, password_hash, created_at) VALUES
  (gen_random_uuid(), 'walker', '巡查员', 'grid_worker', 'sihe_subdistrict', '', now()),
  (gen_random_uuid(), 'other', '别人', 'grid_worker', 'jihe_subdistrict', '', now()),
  (gen_random_uuid(), 'leader', '班长', 'shift_leader', 'sihe_subdistrict', '', now()),
  (gen_random_uuid(), 'planner', '规划', 'planner', 'construction_hq', '', now()),
  (gen_random_uuid(), 'admin', '管理员', 'admin', 'construction_hq', '', now());
"""


@dataclass
class World:
    """The application (its test client answers loosely typed JSON) and what lies behind."""

    client: Any
    settings: Settings
    db: Database
    people: dict[str, UUID] = field(default_factory=dict)

    def code(self, username: str = "walker", *, age: timedelta = timedelta()) -> str:
        """Return an enrolment code made some time ago."""
        with self.db.transaction() as session:
            made = enrolment.make_code(session, username=username, actor=None, now=datetime.now(UTC) - age)
        return made.enrolment_code

    def enrol(self, code: str, device_id: UUID | None = None) -> Any:
        """Enrol a tablet."""
        told = {"device_id": str(device_id or uuid6.uuid7()), "enrolment_code": code, "name": "t"}
        return self.client.post("/sync/v1/devices", json=told)

    def office(self, username: str) -> dict[str, str]:
        """Return the headers of somebody at a desk."""
        claims = Claims(self.people[username], None)
        token = access_token(claims, self.settings.secret_key, datetime.now(UTC), 3600)
        return {"Authorization": f"Bearer {token}"}

    def tablet(self, username: str = "walker") -> TabletOverHttp:
        """Return an enrolled tablet."""
        answer = self.enrol(self.code(username)).json
        return TabletOverHttp(self, UUID(answer["device_id"]), answer)


@dataclass
class TabletOverHttp:
    """An enrolled tablet with its tokens."""

    world: World
    device_id: UUID
    tokens: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        """The headers of its calls."""
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def envelope(self, items: list[Any], **overrides: Any) -> dict[str, Any]:
        """Return an envelope of these items."""
        first = items[0]["seq"] if items else 1
        return {
            "batch_id": "b",
            "device_id": str(self.device_id),
            "first_seq": first,
            "mutations": items,
        } | overrides

    def push(self, items: list[Any], **overrides: Any) -> Any:
        """Push as JSON."""
        return self.world.client.post(
            "/sync/v1/push", json=self.envelope(items, **overrides), headers=self.headers
        )

    def push_body(self, body: bytes, content_type: str = "application/json", **headers: str) -> Any:
        """Push these bytes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.world.client.post(
            "/sync/v1/push", data=body, content_type=content_type, headers={**self.headers, **named}
        )

    def pull(self, **query: Any) -> Any:
        """Pull one page."""
        return self.world.client.get("/sync/v1/pull", query_string=query, headers=self.headers)


@pytest.fixture
def world(
    database_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    settings = Settings(
        database_url=database_url,
        database_owner_url=database_url,
        redis_url=redis_url,
        secret_key="s" * 32,
        photo_store=tmp_path / "photos",
        max_mutations=20,
        max_body_bytes=3_000_000,
        max_inflated_bytes=1_000_000,
        max_photo_bytes=200_000,
    )
    monkeypatch.setitem(wiring.COMMAND_TYPES, "note.write", command())
    app = create_app(settings)
    database: Database = app.extensions["wangge.database"]
    with database.transaction() as session:
        session.execute(text(PEOPLE))
        rows = session.execute(text('SELECT username, user_id FROM server."user"')).all()
    yield World(app.test_client(), settings, database, {row[0]: UUID(str(row[1])) for row in rows})
    database.engine.dispose()
    app.extensions["wangge.redis"].close()
