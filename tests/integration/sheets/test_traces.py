"""What work on sheets leaves behind: in the store, in the database, and with a worker that died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import text

from server.programme import demo_removal
from server.queue import open_queue
from server.sheets import jobs
from server.sheets.files import SheetFiles
from server.work import Work
from tests.integration.ledger.acting import Cast
from tests.integration.sheets.tables import a_row, a_table, take

CHECKOUT = Path(__file__).resolve().parents[3]


def work_of(cast: Cast, redis: Redis, **later: float) -> Work:
    return Work(cast.county.database, cast.county.settings, redis, datetime.now(UTC) + timedelta(**later))


def asked(cast: Cast, client: Any) -> Any:
    return client.post(
        "/api/v1/ledger/exports", json={}, headers=cast.county.bearer(cast.dispatcher)
    ).get_json()


def test_a_real_worker_makes_the_export_that_was_asked_for(cast: Cast, tmp_path: Path) -> None:
    settings = cast.county.settings
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key,
        "PHOTO_STORE": str(settings.photo_store),
    }
    words = [sys.executable, "-m", "server.worker", "worker"]
    cast.report()
    with (
        cast.county.client() as client,
        (tmp_path / "worker.log").open("wb") as log,
        subprocess.Popen(words, cwd=CHECKOUT, env=environment, stdout=log, stderr=log) as worker,
    ):
        status, ends = asked(cast, client)["status"], time.monotonic() + 60
        task: dict[str, Any] = {"state": "waiting"}
        while task["state"] in ("waiting", "working") and time.monotonic() < ends:
            time.sleep(0.3)
            task = client.get(status, headers=cast.county.bearer(cast.dispatcher)).get_json()
        worker.send_signal(signal.SIGTERM)

    assert (task["state"], task["answer"]["rows"]) == ("done", 1), (tmp_path / "worker.log").read_text()


def test_work_whose_word_was_lost_is_asked_for_again(cast: Cast) -> None:
    with cast.county.client() as client, Redis.from_url(cast.county.settings.redis_url) as redis:
        task_id = asked(cast, client)["task_id"]
        redis.flushdb()

        jobs.tidy(work_of(cast, redis, minutes=2))

        waiting = [job.args for job in open_queue(redis).jobs]
    assert waiting == [("sheet-task", task_id)] or waiting == [["sheet-task", task_id]]


def test_work_that_kills_its_worker_again_and_again_is_given_up(cast: Cast, perform: Any) -> None:
    with cast.county.client() as client:
        told = asked(cast, client)
        with cast.county.transaction() as session:
            session.execute(text("UPDATE server.sheet_task SET attempts = 3"))
        perform(told["task_id"])
        task = client.get(told["status"], headers=cast.county.bearer(cast.dispatcher)).get_json()

    assert (task["state"], task["answer"]["detail"]) == ("failed", "The work was cut off too often.")


def test_files_are_kept_for_a_week(cast: Cast, perform: Any) -> None:
    with cast.county.client() as client, Redis.from_url(cast.county.settings.redis_url) as redis:
        told = asked(cast, client)
        perform(told["task_id"])
        folder = cast.county.settings.photo_store / "sheets"
        before = len(list(folder.iterdir()))

        jobs.tidy(work_of(cast, redis, days=8))

        headers = cast.county.bearer(cast.dispatcher)
        task = client.get(told["status"], headers=headers).get_json()
        file = client.get(f"{told['status']}/file", headers=headers)
    assert (before, list(folder.iterdir())) == (1, [])
    assert (task["file"], file.status_code) == (None, 404)


def test_a_store_without_room_is_a_507_and_keeps_nothing(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("server.sheets.files.os.fsync", full)
    file = a_table(tmp_path, [a_row(cast)])
    with cast.county.client() as client, file.open("rb") as content:
        form = {"file": (content, "旧台账.csv")}
        answer = client.post(
            "/api/v1/ledger/imports", data=form, headers=cast.county.bearer(cast.headquarters)
        )

    assert (answer.status_code, answer.get_json()["type"]) == (507, "/problems/storage-full")
    assert list((cast.county.settings.photo_store / "sheets").iterdir()) == []
    with cast.county.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM server.sheet_task")) == 0


def test_what_killed_processes_left_is_swept(cast: Cast) -> None:
    files = SheetFiles(cast.county.settings)
    folder = cast.county.settings.photo_store / "sheets"
    (folder / ".sheet-x").mkdir()
    (folder / ".sheet-x" / "rows").touch()
    (folder / ".a.xlsx.part").touch()

    files.sweep(time.time() - 60)
    kept = len(list(folder.iterdir()))
    files.sweep(time.time() + 60)

    assert (kept, list(folder.iterdir())) == (2, [])


def test_an_import_into_demo_places_goes_with_them(cast: Cast, tmp_path: Path) -> None:
    take(cast, a_table(tmp_path, [a_row(cast), a_row(cast, 案卷号="2", 销号日期="")]))
    with cast.county.client() as client:
        asked(cast, client)
    with cast.county.transaction() as session:
        session.execute(text("UPDATE server.\"user\" SET origin = 'demo'"))
        session.execute(text("UPDATE server.service_contract SET origin = 'surveyed'"))

    with cast.county.owner() as session:
        assert demo_removal.remove(session, cast.clock) == "emptied"

    with cast.county.transaction() as session:
        for table in ("imported_case", "ledger_import", "sheet_task"):
            assert session.scalar(text(f"SELECT count(*) FROM server.{table}")) == 0
