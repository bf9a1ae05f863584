"""A tablet's own store: damage is declared, what was told is on the disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import text

from sync.client import Client, StoreLost
from tests.integration.simulation.test_client import add_unknown, statuses

if TYPE_CHECKING:
    from tests.integration.simulation.conftest import Place


def cut_off(client: Client, *seqs: int) -> None:
    """Lose items, as a damaged page does."""
    for seq in seqs:
        client.store.run("DELETE FROM item WHERE seq = ?", seq)
    client.store.remember("damaged", "1")


def forget_after(place: Place, seq: int) -> None:
    """Take the server back to a backup that was made after this item."""
    with place.county.owner() as session:
        session.execute(text("DELETE FROM sync.mutation WHERE seq > :seq"), {"seq": seq})
        session.execute(text("UPDATE sync.device_state SET acked_through = :seq"), {"seq": seq})


def acked(place: Place) -> int:
    with place.county.transaction() as session:
        found: int = session.execute(text("SELECT acked_through FROM sync.device_state")).scalar_one()
    return found


def test_what_a_restored_server_lost_is_sent_again_though_there_is_nothing_new(place: Place) -> None:
    client = place.client()
    for _ in range(5):
        add_unknown(client)
    client.push()
    forget_after(place, 2)
    client.store.remember("restored", "1")  # as a pull does whose answer says `resync`

    client.sync()

    assert acked(place) == 5
    client.close()


@pytest.mark.parametrize("lost", [(2, 3), (3,), (1,), (4, 5)])
def test_items_that_the_tablet_lost_are_declared_and_the_others_arrive(
    place: Place, lost: tuple[int, ...]
) -> None:
    client = place.client()
    for _ in range(5):
        add_unknown(client)
    cut_off(client, *lost)

    client.push()

    declared = client.store.items(lost[-1], 1)[0]
    assert (declared.body["type"], declared.status) == ("device.gap", "applied")
    assert (declared.body["data"]["from"], acked(place)) == (lost[0], 5)
    assert statuses(client) == [
        "applied" if item.seq == lost[-1] else "held" for item in client.store.items()
    ]
    client.close()


def test_what_the_server_has_is_no_hole(place: Place) -> None:
    client = place.client()
    for _ in range(3):
        add_unknown(client)
    client.push()
    cut_off(client, 2, 3)
    client.store.remember("last_seq", "1")  # an old copy of the file

    add = client.store.items(1)
    client.push()
    later = add_unknown(client)
    client.push()

    assert [item.seq for item in add] == [1]
    assert later.seq == 4
    assert [item.body["type"] for item in client.store.items()] == ["moon.visit"] * 2
    client.close()


def test_a_damaged_file_is_salvaged_and_the_tablet_goes_on(place: Place) -> None:
    client = place.client("hurt")
    for _ in range(200):
        client.add("moon.visit", uuid4(), {"note": "x" * 500})
    client.close()
    file = place.folder / "hurt.db"
    content = bytearray(file.read_bytes())
    middle = content.find(b"moon.visit", len(content) // 2)
    content[middle - 2000 : middle + 2000] = bytes(4000)
    file.write_bytes(content)

    again = Client(place.url, file)
    again.push()

    assert (place.folder / "hurt.db.damaged").exists()
    assert acked(place) == 200
    kept = [item for item in again.store.items() if item.body["type"] == "moon.visit"]
    assert 100 < len(kept) < 200
    assert {item.status for item in kept} == {"held"}
    again.close()


def test_a_file_without_identity_says_so(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_bytes(b"no database at all" * 100)

    with pytest.raises(StoreLost):
        Client("http://127.0.0.1:1", tmp_path / "t.db")


def test_work_is_on_the_disk_when_add_returns_whatever_is_killed(tmp_path: Path) -> None:
    words = (
        "import sys; from uuid import uuid4; from sync.client import Client\n"
        "client = Client('http://127.0.0.1:1', sys.argv[1])\n"
        "while True: print(client.add('moon.visit', uuid4(), {}).mid, flush=True)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", words, str(tmp_path / "t.db")], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    told = [child.stdout.readline().strip() for _ in range(20)]
    child.kill()
    told += [line.strip() for line in child.stdout if line.endswith("\n")]
    child.wait()
    child.stdout.close()

    client = Client("http://127.0.0.1:1", tmp_path / "t.db")

    assert [item.mid for item in client.store.items()][: len(told)] == told
    assert [item.seq for item in client.store.items()] == list(range(1, len(client.store.items()) + 1))
    client.close()
