"""Files of older libraries are brought forward with all that waits in them; newer ones are left alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import uuid6

from sync.client import Client, StoreTooNew
from sync.client.shapes import NEWEST, bring_forward

if TYPE_CHECKING:
    from tests.integration.simulation.conftest import Place

NOWHERE = "http://127.0.0.1:1"
# The first shape, as it was written: without a number, digests, receipts and the moments of answers.
FIRST = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE item (seq INTEGER PRIMARY KEY, mid TEXT UNIQUE NOT NULL, body TEXT NOT NULL,
  status TEXT, result TEXT);
CREATE TABLE photo (sha256 TEXT PRIMARY KEY, content_type TEXT NOT NULL, content BLOB NOT NULL,
  upload TEXT, arrived INTEGER NOT NULL DEFAULT 0);
CREATE TABLE record (bucket TEXT, entity TEXT, id TEXT, version INTEGER, rev INTEGER,
  digest TEXT, data TEXT, PRIMARY KEY (bucket, entity, id));
"""
# The second one, before it bore a number.
SECOND = (
    FIRST.replace("result TEXT)", "result TEXT, digest TEXT NOT NULL, decided_at REAL)").replace(
        "DEFAULT 0)", "DEFAULT 0, arrived_at REAL)"
    )
    + "CREATE TABLE receipt (number INTEGER PRIMARY KEY, first_seq INTEGER, last_seq INTEGER,"
    " acked_through INTEGER, received_at TEXT, receipt TEXT NOT NULL);"
)


def an_old_item(seq: int) -> tuple[int, str, str]:
    mid = str(uuid6.uuid7())
    body: dict[str, Any] = {
        "type": "moon.visit",
        "entity_id": str(uuid4()),
        "device_time": "2026-11-22T09:00:00+08:00",
        "base_version": None,
        "depends_on": [],
        "data": {"seq": seq},
    }
    return seq, mid, json.dumps({**body, "mid": mid, "seq": seq})


def an_old_file(file: Path, items: Sequence[tuple[int, str, str]], *, decided: int = 0) -> str:
    """Write a file of the first shape and return its device; the first items are decided."""
    device_id = str(uuid6.uuid7())
    with closing(sqlite3.connect(file)) as db, db:
        db.executescript(FIRST)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("INSERT INTO fact VALUES ('device_id', ?)", (device_id,))
        db.executemany("INSERT INTO item (seq, mid, body) VALUES (?, ?, ?)", items)
        db.execute(
            "UPDATE item SET status = 'applied', result = '{\"status\": \"applied\"}' WHERE seq <= ?",
            (decided,),
        )
        db.execute("INSERT INTO photo (sha256, content_type, content) VALUES ('ab', 'image/jpeg', x'01')")
    return device_id


def shape_of(file: Path) -> tuple[int, dict[str, set[Any]]]:
    with closing(sqlite3.connect(file)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {one: {row[1:] for row in db.execute(f"PRAGMA table_info({one})")} for one in tables}
        return db.execute("PRAGMA user_version").fetchone()[0], columns


def test_work_that_an_old_library_left_unsent_is_sent_after_the_upgrade(place: Place) -> None:
    items = [an_old_item(seq) for seq in (1, 2, 3)]
    file = place.folder / "old.db"
    device_id = an_old_file(file, items)

    client = Client(place.url, file)
    client.enrol(place.code())
    later = client.add("moon.visit", uuid4(), {})
    client.push()

    assert (client.device_id, later.seq) == (device_id, 4)
    assert [item.mid for item in client.store.items()] == [*(mid for _, mid, _ in items), later.mid]
    assert [item.status for item in client.store.items()] == ["held"] * 4
    assert [receipt.acked_through for receipt in client.store.receipts()] == [4]
    client.close()


def test_an_old_file_keeps_everything_and_gets_the_shape_of_a_new_one(tmp_path: Path) -> None:
    an_old_file(tmp_path / "old.db", [an_old_item(1), an_old_item(2)], decided=1)
    Client(NOWHERE, tmp_path / "new.db").close()

    client = Client(NOWHERE, tmp_path / "old.db")

    assert [item.status for item in client.store.items()] == ["applied", None]
    assert client.store.photos() == ["ab"]
    client.store.tidy(decided_before=0)
    assert len(client.store.items()) == 2, "the 30 days of what was answered begin with the upgrade"
    client.close()
    assert shape_of(tmp_path / "old.db") == shape_of(tmp_path / "new.db")
    assert shape_of(tmp_path / "old.db")[0] == NEWEST


def test_a_file_of_the_second_shape_that_bears_no_number_is_known_by_its_columns(tmp_path: Path) -> None:
    seq, mid, body = an_old_item(7)
    with closing(sqlite3.connect(tmp_path / "t.db")) as db, db:
        db.executescript(SECOND)
        db.execute("INSERT INTO fact VALUES ('last_seq', '7')")
        db.execute(
            "INSERT INTO item (seq, mid, body, digest) VALUES (?, ?, ?, 'as it was')", (seq, mid, body)
        )

    client = Client(NOWHERE, tmp_path / "t.db")

    assert client.store.one("SELECT digest FROM item")[0] == "as it was"
    assert client.add("moon.visit", uuid4(), {}).seq == 8
    client.close()


def test_a_file_of_a_newer_library_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "t.db"
    Client(NOWHERE, file).close()
    with closing(sqlite3.connect(file)) as db:
        db.execute(f"PRAGMA user_version = {NEWEST + 1}")
    before = file.read_bytes()

    with pytest.raises(StoreTooNew, match="update the library") as refused:
        Client(NOWHERE, file)

    assert (refused.value.found, refused.value.known) == (NEWEST + 1, NEWEST)
    assert file.read_bytes() == before
    assert not (tmp_path / "t.db.damaged").exists()


def test_several_that_open_an_old_file_at_once_bring_it_forward_once(tmp_path: Path) -> None:
    an_old_file(tmp_path / "t.db", [an_old_item(seq) for seq in range(1, 200)])
    opened: list[Client] = []
    threads = [Thread(target=lambda: opened.append(Client(NOWHERE, tmp_path / "t.db"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [len(client.store.items()) for client in opened] == [199] * 4
    for client in opened:
        client.close()
    assert not (tmp_path / "t.db.damaged").exists()


def test_an_upgrade_that_fails_leaves_the_old_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "t.db"
    an_old_file(file, [an_old_item(1)])
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE receipt (in_the_way INTEGER)")
    before = shape_of(file)

    with closing(sqlite3.connect(file, isolation_level=None)) as db, pytest.raises(sqlite3.OperationalError):
        bring_forward(db)

    assert shape_of(file) == before


def test_a_damaged_file_of_the_first_shape_is_salvaged(tmp_path: Path) -> None:
    file = tmp_path / "t.db"
    device_id = an_old_file(file, [an_old_item(seq) for seq in range(1, 400)])
    content = bytearray(file.read_bytes())
    middle = content.find(b"moon.visit", len(content) // 2)
    content[middle - 2000 : middle + 2000] = bytes(4000)
    file.write_bytes(content)

    client = Client(NOWHERE, file)

    assert client.device_id == device_id
    assert (tmp_path / "t.db.damaged").exists()
    kept = client.store.items()
    assert 200 < len(kept) < 399
    assert {item.body["type"] for item in kept} == {"moon.visit"}
    client.close()


def test_a_file_that_somebody_holds_is_not_taken_for_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "t.db"
    an_old_file(file, [an_old_item(1)])
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0.1))
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            Client(NOWHERE, file)

    assert not (tmp_path / "t.db.damaged").exists()
