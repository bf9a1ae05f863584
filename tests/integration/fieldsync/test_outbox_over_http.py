"""An outbox file that is brought to the office: looked at first, taken in once, by whoever may."""

from __future__ import annotations

import base64
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from redis import Redis
from sqlalchemy import text

from server import wiring
from server.db import Database, make_engine
from server.sheets import jobs as sheets
from server.sheets.files import SheetFiles
from server.sheets.queries import LEASE
from server.work import Work
from tests.integration.fieldsync.conftest import World
from tests.integration.fieldsync.test_outbox_file import PHOTO, count, export, statuses
from tests.integration.sync.pushing import an_item
from tests.pictures import sha256

FILES = "/api/v1/sync/outbox-files"
UPLOADS = f"{FILES}/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}
STOP = """
CREATE FUNCTION sync.stop() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END $$;
CREATE TRIGGER stop BEFORE INSERT ON sync.mutation FOR EACH ROW
  WHEN (NEW.seq = 2) EXECUTE FUNCTION sync.stop()
"""
STOPPED = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted"
PERFORM = "import sys; from server.worker import perform; perform('sheet-task', sys.argv[1])"


@pytest.fixture
def owner(owner_url: str) -> Iterator[Database]:
    """Yield the database as the role that owns its tables."""
    opened = Database(make_engine(owner_url, pool_size=1), {})
    yield opened
    opened.engine.dispose()


def bring(world: World, content: bytes | None, who: str = "leader", **told: str) -> Any:
    """Send a file as somebody of the office."""
    file = {} if content is None else {"file": (io.BytesIO(content), "tablet.outbox.zip")}
    return world.client.post(FILES, data={**file, **told}, headers=world.office(who))


def perform(world: World, task_id: str, now: datetime | None = None) -> None:
    with Redis.from_url(world.settings.redis_url) as redis:
        work = Work(world.db, world.settings, redis, now or datetime.now(UTC))
        sheets.perform(wiring.SHEETS)(work, task_id)


@contextmanager
def killed_at_the_second_item(world: World, task_id: str, owner: Database) -> Iterator[None]:
    """Let a worker process take the task until it stores the second item, and kill it there."""
    environ = {
        **os.environ,
        "DATABASE_URL": world.settings.database_url,
        "REDIS_URL": world.settings.redis_url,
        "SECRET_KEY": world.settings.secret_key,
        "PHOTO_STORE": str(world.settings.photo_store),
    }
    with owner.transaction() as session:
        session.execute(text(STOP))
    with world.db.transaction() as session:
        session.execute(text("SELECT pg_advisory_xact_lock(4711)"))
        with subprocess.Popen([sys.executable, "-c", PERFORM, task_id], env=environ) as worker:
            ends = time.monotonic() + 120
            while not session.execute(text(STOPPED)).scalar_one() and time.monotonic() < ends:
                assert worker.poll() is None, "the worker ended by itself"
                time.sleep(0.05)
            worker.send_signal(signal.SIGKILL)
        yield
    with owner.transaction() as session:
        session.execute(text("DROP TRIGGER stop ON sync.mutation"))


def came(world: World, sent: Any) -> Any:
    """Let a worker do what was asked; return the task as its owner then sees it."""
    assert sent.status_code == 202, sent.json
    perform(world, sent.json["task_id"])
    return world.client.get(sent.json["status"], headers=world.office("leader")).json


def an_upload(world: World, size: int, who: str = "leader") -> str:
    name = base64.b64encode("平板.outbox.zip".encode()).decode()
    told = {**TUS, "Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    answer = world.client.post(UPLOADS, headers={**world.office(who), **told})
    assert answer.status_code == 201, answer.json
    return str(answer.headers["Location"])


def patch(world: World, address: str, offset: int, content: bytes) -> Any:
    told = {**world.office("leader"), **PART, "Upload-Offset": str(offset)}
    return world.client.patch(address, data=content, headers=told)


def test_a_file_is_looked_at_then_taken_in_and_the_tablet_that_syncs_after_all_does_nothing_twice(
    world: World, tmp_path: Path
) -> None:
    tablet = world.tablet()
    photo = sha256(PHOTO).hex()
    first = an_item(1, data={"photos": [photo]})
    content = export(tmp_path / "o.zip", tablet, [[first], [an_item(2)]], {photo: PHOTO}).read_bytes()

    looking = bring(world, content, dry_run="true")
    looked = came(world, looking)["answer"]
    stored_by_looking = count(world, "sync.envelope")
    task = came(world, bring(world, None, sent=looking.json["task_id"]))
    taken, again = task["answer"], came(world, bring(world, content))["answer"]
    synced = tablet.push([first]).json["results"][0]

    assert [one["status"] for one in looked["items"]] == ["new", "new"]
    assert (looked["photos_stored"], looked["dry_run"], stored_by_looking) == (1, True, 0)
    assert (taken["user"], taken["device_id"], taken["escrow"]) == ("walker", str(tablet.device_id), None)
    assert (task["done_rows"], task["total_rows"]) == (3, 3)
    assert [(one["seq"], one["entity_id"], one["status"], one["replayed"]) for one in taken["items"]] == [
        (1, first["entity_id"], "applied", False),
        (2, taken["items"][1]["entity_id"], "applied", False),
    ]
    assert (again["sums"], again["photos_stored"], again["photos_known"]) == ({"replayed": 2}, 0, 1)
    assert (synced["replayed"], synced["missing_photos"]) == (True, [])
    assert statuses(world) == [(1, "applied"), (2, "applied")]
    assert count(world, "server.audit_line WHERE entity = 'outbox_file'") == 2
    with world.client.get(task["report"], headers=world.office("leader")) as answer:
        report = answer.get_data(as_text=True)
    assert [line.split(",")[3] for line in report.splitlines()[1:]] == ["applied", "applied"]
    gone = bring(world, None, sent=looking.json["task_id"])
    assert (gone.status_code, gone.json["type"]) == (404, "/problems/not-found")


def test_what_was_refused_says_why_and_what_is_damaged_is_left_out(world: World, tmp_path: Path) -> None:
    tablet = world.tablet()
    nonsense = {**an_item(2), "type": "note.forbidden"}
    content = export(
        tmp_path / "o.zip", tablet, [[an_item(1)], [nonsense]], {"0" * 64: PHOTO}, [b"cut"]
    ).read_bytes()

    told = came(world, bring(world, content))["answer"]

    assert [one["status"] for one in told["items"]] == ["held", "applied"], "what needs eyes stands first"
    assert told["items"][0]["why"]
    assert told["items"][0]["why_zh"]
    assert [one["where"] for one in told["damages"]] == [f"photos/{'0' * 64}", "line 1"]


def test_a_file_in_parts_goes_on_where_the_line_broke(world: World, tmp_path: Path) -> None:
    content = export(tmp_path / "o.zip", world.tablet(), [[an_item(1)]]).read_bytes()
    address = an_upload(world, len(content))
    sent = address.rsplit("/", 1)[1]

    first = patch(world, address, 0, content[:100])
    early = bring(world, None, sent=sent)
    again = patch(world, address, 0, content[:100])
    stands = world.client.head(address, headers={**world.office("leader"), **TUS})
    other = world.client.head(address, headers={**world.office("admin"), **TUS})
    rest = patch(world, address, 100, content[100:])
    task = came(world, bring(world, None, sent=sent))

    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "100")
    assert (early.status_code, early.json["errors"][0]["pointer"]) == (422, "/sent")
    assert (again.status_code, again.json["offset"]) == (409, 100)
    assert (stands.headers["Upload-Offset"], stands.headers["Upload-Length"]) == ("100", str(len(content)))
    assert (other.status_code, rest.status_code) == (404, 204)
    assert (task["file_name"], task["answer"]["sums"]) == ("平板.outbox.zip", {"applied": 1})
    assert not SheetFiles(world.settings).incoming(UUID(sent)).exists()
    assert count(world, "server.outbox_upload") == 0


def test_an_upload_takes_no_more_than_it_announced_and_can_be_given_up(world: World) -> None:
    address = an_upload(world, 10)
    file = SheetFiles(world.settings).incoming(UUID(address.rsplit("/", 1)[1]))

    over = patch(world, address, 0, b"x" * 11)
    whole = bring(world, None, sent=address.rsplit("/", 1)[1])

    assert (over.status_code, over.json["type"]) == (422, "/problems/invalid-input")
    assert (whole.status_code, whole.json["type"]) == (422, "/problems/outbox-file-unusable")
    assert not file.exists(), "what is no outbox file is not kept"
    address = an_upload(world, 10)
    assert world.client.delete(address, headers={**world.office("leader"), **TUS}).status_code == 204
    assert world.client.head(address, headers={**world.office("leader"), **TUS}).status_code == 404
    for size in ("0", str(3 * 1024**3), "many"):
        told = {**world.office("leader"), **TUS, "Upload-Length": size}
        assert world.client.post(UPLOADS, headers=told).status_code in (400, 422)


def test_a_worker_killed_in_the_middle_is_taken_over_and_nothing_is_done_twice(
    world: World, owner: Database, tmp_path: Path
) -> None:
    tablet, photo = world.tablet(), sha256(PHOTO).hex()
    file = export(tmp_path / "o.zip", tablet, [[an_item(1)], [an_item(2)], [an_item(3)]], {photo: PHOTO})
    task_id = bring(world, file.read_bytes()).json["task_id"]

    with killed_at_the_second_item(world, task_id, owner):
        assert [seq for seq, _ in statuses(world)] == [1]
        assert count(world, "server.photo WHERE state = 'stored'") == 1
    perform(world, task_id)
    trusted = world.client.get(f"/api/v1/sheets/{task_id}", headers=world.office("leader")).json["state"]
    perform(world, task_id, datetime.now(UTC) + LEASE + timedelta(seconds=1))
    told = world.client.get(f"/api/v1/sheets/{task_id}", headers=world.office("leader")).json

    assert (trusted, told["state"]) == ("working", "done")
    assert told["answer"]["sums"] == {"held": 1, "applied": 2}, "the killed one knew no notes"
    assert (told["answer"]["photos_stored"], told["answer"]["photos_known"]) == (1, 0)
    assert [seq for seq, _ in statuses(world)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("who", "content", "told", "status", "kind"),
    [
        ("leader", b"no archive", {}, 422, "outbox-file-unusable"),
        ("leader", None, {"user": "nobody"}, 404, "unknown-user"),
        ("leader", None, {"dry_run": "perhaps"}, 422, "invalid-input"),
        ("walker", None, {}, 403, "not-yours"),
        ("leader", None, {"user": "other"}, 403, "not-yours"),
    ],
)
def test_nothing_is_taken_in_from_whom_or_what_must_not_be(
    world: World,
    tmp_path: Path,
    who: str,
    content: bytes | None,
    told: dict[str, str],
    status: int,
    kind: str,
) -> None:
    whole = export(tmp_path / "o.zip", world.tablet(), [[an_item(1)]]).read_bytes()

    answer = bring(world, whole if content is None else content, who, **told)

    assert (answer.status_code, answer.json["type"]) == (status, f"/problems/{kind}")
    assert count(world, "sync.envelope") == 0


def test_a_form_without_a_file_says_so(world: World) -> None:
    answer = world.client.post("/api/v1/sync/outbox-files", data={}, headers=world.office("leader"))

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/file")
