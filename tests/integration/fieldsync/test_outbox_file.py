"""`wangge sync import`: an exported outbox is taken in by the rules of a push, and never twice."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from server import wiring
from server.cli import main
from server.fieldsync import outbox_file, service
from server.fieldsync.importing import Import
from server.photos.store import Folder
from tests.integration.fieldsync.conftest import TabletOverHttp, World
from tests.integration.fieldsync.test_desks import revoke
from tests.integration.sync.pushing import an_item
from tests.pictures import jpeg, sha256

PHOTO = jpeg(3, (64, 48))


def export(
    file: Path,
    tablet: TabletOverHttp,
    batches: Sequence[list[dict[str, Any]]],
    photos: dict[str, bytes] | None = None,
    lines: Sequence[bytes] = (),
    **manifest: Any,
) -> Path:
    """Write an outbox file as docs/outbox-file.md says; `lines` stand before the batches."""
    told = {"format": "wangge-outbox", "version": 1, "device_id": str(tablet.device_id), "user": "walker"}
    bodies = [*lines, *(json.dumps(tablet.envelope(items)).encode() for items in batches)]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(told | manifest))
        archive.writestr("envelopes.jsonl", b"".join(body + b"\n" for body in bodies))
        for name, content in (photos or {}).items():
            archive.writestr(f"photos/{name}", content, zipfile.ZIP_STORED)
    return file


def wangge(world: World, *words: str) -> Result:
    """Run the command line against the world's product."""
    own = {
        "DATABASE_URL": world.settings.database_url,
        "REDIS_URL": world.settings.redis_url,
        "SECRET_KEY": world.settings.secret_key,
        "PHOTO_STORE": str(world.settings.photo_store),
        "MAX_MUTATIONS": "20",
    }
    return CliRunner().invoke(main, ["sync", *words], env=own)


def take(world: World, file: Path, *words: str) -> Result:
    return wangge(world, "import", str(file), *words)


def count(world: World, sql: str) -> int:
    with world.db.transaction() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {sql}")).scalar_one())


def statuses(world: World) -> list[tuple[int, str]]:
    with world.db.transaction() as session:
        found = session.execute(text("SELECT seq, status FROM sync.mutation ORDER BY seq"))
        return [(row[0], row[1]) for row in found]


def test_an_exported_outbox_is_taken_in_once(world: World, tmp_path: Path) -> None:
    tablet = world.tablet()
    photo = sha256(PHOTO).hex()
    first = an_item(1, data={"photos": [photo]})
    file = export(tmp_path / "o.zip", tablet, [[first], [an_item(2), an_item(3)]], {photo: PHOTO})

    once, twice = take(world, file), take(world, file)

    assert (once.exit_code, twice.exit_code) == (0, 0), once.output + twice.output
    assert "3 items (applied 3); 1 photos stored, 0 known." in once.output
    assert "3 items (handed in before 3); 0 photos stored, 1 known." in twice.output
    assert count(world, "sync.entity_state WHERE entity = 'note' AND rev = 1") == 3
    assert tablet.push([first]).json["results"][0] == tablet.push([first]).json["results"][0]
    assert tablet.push([first]).json["results"][0]["missing_photos"] == []
    assert tablet.push([first]).json["acked_through"] == 3


def test_a_dry_run_stores_nothing_and_says_what_is_new(world: World, tmp_path: Path) -> None:
    tablet = world.tablet()
    known = an_item(1)
    tablet.push([known])
    before = count(world, "sync.envelope")
    file = export(tmp_path / "o.zip", tablet, [[known, an_item(2)]], {sha256(PHOTO).hex(): PHOTO})

    result = take(world, file, "--dry-run")

    assert "2 items (handed in before 1, new 1); 1 photos to store" in result.output
    assert (count(world, "sync.envelope"), count(world, "server.photo")) == (before, 0)
    assert list((world.settings.photo_store / "incoming").iterdir()) == []


def test_what_is_damaged_is_listed_and_the_rest_taken(world: World, tmp_path: Path) -> None:
    tablet, other = world.tablet(), world.tablet("other")
    foreign = json.dumps(other.envelope([an_item(1)])).encode()
    damaged = [b'{"device_id": "cut', foreign, b"[]"]
    good, bad = sha256(PHOTO).hex(), "0" * 64
    file = export(
        tmp_path / "o.zip",
        tablet,
        [[an_item(1)], [an_item(4)]],
        {good: PHOTO, bad: PHOTO},
        damaged,
        envelopes=9,
    )

    result = take(world, file)

    assert result.exit_code == 2
    for place in ("line 1", "line 2", "line 3", f"photos/{bad}", "envelopes.jsonl: 4 envelopes"):
        assert f"left out: {place}" in result.output
    assert statuses(world) == [(1, "applied"), (4, "applied")]
    assert tablet.push([an_item(2), an_item(3)]).json["acked_through"] == 3


def test_work_of_a_revoked_unknown_or_foreign_tablet_goes_into_escrow(world: World, tmp_path: Path) -> None:
    revoked = world.tablet()
    revoke(world, revoked)
    foreign = world.tablet("other")
    unknown = TabletOverHttp(world, world.people["admin"], {})
    for tablet, words in (
        (revoked, "was revoked"),
        (foreign, "belongs to another person"),
        (unknown, "was never enrolled here"),
    ):
        result = take(world, export(tmp_path / "o.zip", tablet, [[an_item(1)]]))
        assert (result.exit_code, words in result.output) == (0, True), result.output

    assert statuses(world) == [(1, "quarantined")] * 3
    assert count(world, "sync.entity_state WHERE entity = 'note'") == 0


def test_envelopes_with_a_wrong_checksum_go_into_escrow(world: World, tmp_path: Path) -> None:
    tablet = world.tablet()
    file = tmp_path / "o.zip"
    with zipfile.ZipFile(export(file, tablet, [[an_item(1, data={"text": "note 1"})]])) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    file.write_bytes(file.read_bytes().replace(b"note 1", b"note 7"))

    result = take(world, file)

    assert "not the bytes that were written" in result.output
    assert statuses(world) == [(1, "quarantined")]


def bombed(archive: zipfile.ZipFile) -> None:
    archive.writestr(f"photos/{'1' * 64}", bytes(300_000_000), zipfile.ZIP_DEFLATED, 9)


def linked(archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo(f"photos/{'2' * 64}")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, "/etc/passwd")


EVIL: list[Any] = [
    lambda archive: archive.writestr("../../etc/cron.d/x", "x"),
    lambda archive: archive.writestr("/etc/passwd", "x"),
    lambda archive: archive.writestr("photos\\..\\x", "x"),
    lambda archive: archive.writestr("photos/../x", "x"),
    lambda archive: archive.writestr("photos/", ""),
    lambda archive: archive.writestr(f"photos/{'A' * 64}", "x"),
    lambda archive: archive.writestr("readme.txt", "x"),
    bombed,
    linked,
]


@pytest.mark.parametrize("put", EVIL)
def test_an_archive_with_what_must_not_be_there_is_refused_whole(
    world: World, tmp_path: Path, put: Any
) -> None:
    file = export(tmp_path / "o.zip", world.tablet(), [[an_item(1)]])
    with zipfile.ZipFile(file, "a") as archive:
        put(archive)

    result = take(world, file)

    assert (result.exit_code, "cannot be taken in" in result.output) == (1, True), result.output
    assert (statuses(world), count(world, "sync.envelope")) == ([], 0)


UNUSABLE: list[dict[str, Any]] = [
    {"format": "another"},
    {"version": 2},
    {"device_id": "x"},
    {"user": None},
    {"user": "nobody"},
]


@pytest.mark.parametrize("manifest", UNUSABLE, ids=str)
def test_a_manifest_that_tells_not_whose_it_is_is_refused(
    world: World, tmp_path: Path, manifest: dict[str, Any]
) -> None:
    result = take(world, export(tmp_path / "o.zip", world.tablet(), [[an_item(1)]], **manifest))

    assert (result.exit_code, "Traceback" in result.output, statuses(world)) == (1, False, [])


def test_another_user_name_may_be_given(world: World, tmp_path: Path) -> None:
    file = export(tmp_path / "o.zip", world.tablet(), [[an_item(1)]], user="renamed since")

    assert take(world, file, "--user", "walker").exit_code == 0
    assert statuses(world) == [(1, "applied")]


@pytest.mark.parametrize("length", [0, 10, 100, 300])
def test_a_cut_file_is_refused(world: World, tmp_path: Path, length: int) -> None:
    file = export(tmp_path / "o.zip", world.tablet(), [[an_item(1)]])
    file.write_bytes(file.read_bytes()[:length])

    assert take(world, file).exit_code == 1


def imported(world: World, file: Path) -> None:
    folder = Folder(world.settings.photo_store)
    ports = service.ports(wiring.COMMAND_TYPES)
    run = Import(world.db, ports, folder, world.settings, datetime.now(UTC), False)
    with outbox_file.opened(file) as opened:
        run.take(opened)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 5), st.integers(0, 5), st.integers(0, 4), st.booleans())
def test_import_then_push_and_push_then_import_are_the_same_as_once(
    world: World, tmp_path: Path, size: int, pushed: int, left_out: int, file_first: bool
) -> None:
    tablet = world.tablet()
    items = [an_item(seq) for seq in range(1, size + 1)]
    handed, written = items[:pushed], items[left_out:]
    file = export(tmp_path / "o.zip", tablet, [[item] for item in written])
    steps = [lambda: imported(world, file), lambda: tablet.push(handed)]

    for step in steps if file_first else reversed(steps):
        step()
    answer = tablet.push(items).json

    with world.db.transaction() as session:
        sql = (
            "SELECT m.seq, m.status, s.rev FROM sync.mutation m JOIN sync.entity_state s"
            " ON s.entity_id = m.entity_id::text WHERE m.device_id = :id ORDER BY 1"
        )
        found = [tuple(row) for row in session.execute(text(sql), {"id": tablet.device_id})]
    assert found == [(seq, "applied", 1) for seq in range(1, size + 1)]
    assert answer["acked_through"] == size
