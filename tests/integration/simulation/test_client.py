"""A tablet keeps its work until the answer is known, whatever happens to the line."""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from requests import Response
from sqlalchemy import text

from server.fieldsync.importing import Import
from server.fieldsync.outbox_file import opened
from server.fieldsync.service import ports
from server.photos.store import Folder
from server.simulation.faults import BadLine
from server.simulation.worker import Worker
from server.wiring import COMMAND_TYPES
from sync.client import Client, Item, Line, LineDown, Refused
from tests.pictures import jpeg

if TYPE_CHECKING:
    from tests.integration.simulation.conftest import Place


def break_line(client: Client, chance: float, seed: int = 1) -> BadLine:
    line = BadLine(chance, random.Random(seed))
    client.line.http.mount("http://", line)
    return line


def statuses(client: Client) -> list[str | None]:
    return [item.status for item in client.store.items()]


def add_unknown(client: Client) -> Item:
    return client.add("moon.visit", uuid4(), {})


def test_work_waits_for_the_line_and_survives_a_restart(place: Place) -> None:
    client = place.client("kept", patience_s=0.5)
    add_unknown(client)
    break_line(client, 1.0)
    with pytest.raises(LineDown):
        client.push()
    client.close()

    again = Client(place.url, place.folder / "kept.db")
    again.push()

    assert statuses(again) == ["held"]
    again.close()


def test_a_lost_answer_is_asked_for_again_and_replayed(place: Place) -> None:
    client = place.client()
    for _ in range(12):
        add_unknown(client)
    break_line(client, 0.5, seed=3)

    client.push(most=2)

    assert statuses(client) == ["held"] * 12
    client.close()


def test_what_a_restored_server_lost_is_sent_again(place: Place) -> None:
    client = place.client()
    for _ in range(3):
        add_unknown(client)
    client.push()
    with place.county.owner() as session:
        session.execute(text("DELETE FROM sync.mutation"))
        session.execute(text("UPDATE sync.device_state SET acked_through = 0"))
    add_unknown(client)

    answer = client.send(client.store.items(4))

    assert answer["acked_through"] == 4
    client.close()


def test_photos_arrive_over_a_line_that_breaks_and_come_back_the_same(place: Place) -> None:
    client = place.client()
    worker = Worker(client, random.Random(5))
    client.pull()
    worker.inspect(3)
    client.push()
    client.limits["upload_chunk_bytes"] = 40_000
    line = break_line(client, 0.4)

    client.upload()

    assert line.cuts > 2
    assert client.store.photos() == []
    for digest in client.store.photos(waiting=False):
        content = client.line.call("GET", f"/sync/v1/photos/{digest}").content
        assert hashlib.sha256(content).hexdigest() == digest
    client.close()


def test_photos_may_come_along_with_their_record(place: Place) -> None:
    client = place.client()
    worker = Worker(client, random.Random(5))
    client.pull()
    worker.inspect(2)

    results = client.push(with_photos=True)

    assert [result["missing_photos"] for result in results] == [[]]
    assert client.store.photos() == []
    client.close()


def test_a_bucket_that_was_damaged_is_fetched_anew(place: Place) -> None:
    client = place.client()
    client.pull()
    whole = client.store.records("checklist")
    for bucket in ("global",):
        client.store.remove(bucket, "checklist", next(iter(whole)), 10**6)

    client.pull()

    assert client.store.records("checklist") == whole
    client.close()


def test_an_old_access_token_is_renewed_on_the_way(place: Place) -> None:
    client = place.client()
    client.line.tokens["access_token"] = "spoilt"

    client.pull()

    assert client.store.records("checklist")
    client.close()


def test_a_used_code_is_refused_for_good(place: Place) -> None:
    code = place.code()
    first, second = (Client(place.url, place.folder / name) for name in ("a.db", "b.db"))
    first.enrol(code)

    with pytest.raises(Refused) as refused:
        second.enrol(code)

    assert (refused.value.status, refused.value.slug) == (403, "enrolment-code-invalid")
    for client in (first, second):
        client.close()


def test_a_photo_that_is_none_is_refused(place: Place) -> None:
    client = place.client()
    client.keep_photo(b"this is text and no picture at all", "image/jpeg")

    with pytest.raises(Refused) as refused:
        client.upload()

    assert refused.value.slug == "not-a-picture"
    client.close()


def test_the_tablet_knows_its_own_id_again(place: Place) -> None:
    client = place.client("same")
    device_id = UUID(client.device_id)
    client.keep_photo(jpeg(9), "image/jpeg")
    client.close()

    again = Client(place.url, place.folder / "same.db")

    assert UUID(again.device_id) == device_id
    assert len(again.store.photos()) == 1
    again.close()


def test_answered_work_is_kept_thirty_days_and_seqs_are_not_used_again(place: Place) -> None:
    days = [datetime.now(UTC)]
    client = Client(place.url, place.folder / "t.db", clock=lambda: days[0])
    client.enrol(place.code())
    for _ in range(2):
        add_unknown(client)
    client.sync()

    days[0] += timedelta(days=29)
    client.sync()
    assert len(client.store.items()) == 2
    days[0] += timedelta(days=2)
    client.sync()

    assert client.store.items() == []
    assert add_unknown(client).seq == 3
    assert client.push()[0]["status"] == "held"
    client.close()


def test_an_exported_outbox_is_taken_in_and_what_comes_over_the_line_then_is_replayed(place: Place) -> None:
    client = place.client()
    worker = Worker(client, random.Random(5))
    client.pull()
    worker.inspect(2)
    file = place.folder / "t.outbox.zip"
    client.export(file)

    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        envelopes = [json.loads(line) for line in archive.read("envelopes.jsonl").splitlines()]

    assert {name.removeprefix("photos/") for name in names[2:]} == set(client.store.photos())
    assert (manifest["format"], manifest["version"], manifest["user"]) == ("wangge-outbox", 1, "sim1")
    assert [item["seq"] for body in envelopes for item in body["mutations"]] == [
        item.seq for item in client.store.items()
    ]
    assert statuses(client) == [None] * len(client.store.items())
    settings, database = place.county.settings, place.county.database
    known, store = ports(COMMAND_TYPES), Folder(settings.photo_store)
    with opened(file) as outbox:
        run = Import(database, known, store, settings, datetime.now(UTC), False)
        report = run.take(outbox)
    client.sync()

    assert report.damages == []
    assert all(item.result["replayed"] for item in client.store.items() if item.result)
    assert {item.result["missing_photos"] == [] for item in client.store.items() if item.result} == {True}
    client.close()


def test_receipts_are_kept(place: Place) -> None:
    client = place.client()
    for _ in range(3):
        add_unknown(client)

    client.push(most=2)

    kept = client.store.receipts()
    assert [(one.first_seq, one.last_seq, one.acked_through) for one in kept] == [(1, 2, 2), (3, 3, 3)]
    assert all(one.receipt.count(".") == 2 for one in kept)
    client.close()


@pytest.mark.parametrize(
    ("asked", "least"),
    [("7", 7.0), ("in an hour", 3000.0), ("x", 0)],
)
def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(
    asked: str, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused: list[float] = []
    monkeypatch.setattr("sync.client.line.time.sleep", paused.append)
    busy = Response()
    if asked == "in an hour":
        asked = format_datetime(datetime.now(UTC) + timedelta(hours=1))
    busy.status_code, busy.headers["Retry-After"] = 503, asked
    done = Response()
    done.status_code = 200
    answers = iter([busy, done])
    line = Line("http://127.0.0.1:1", patience_s=10_000, draw=random.Random(1))
    monkeypatch.setattr(line, "once", lambda *words, **how: next(answers))

    assert line.call("GET", "/x").status_code == 200

    assert least <= paused[0] <= least + 700


def test_new_tokens_whose_answer_was_lost_are_asked_for_again(place: Place) -> None:
    client = place.client("tokens")
    old = dict(client.line.tokens)
    lost = Line(place.url, tokens=dict(old))
    lost.refresh()  # this answer never arrived: the tablet still holds the old tokens
    client.line.tokens["access_token"] = "spoilt"

    client.pull()

    assert client.line.tokens["refresh_token"] != old["refresh_token"]
    lost.http.close()
    client.close()
