"""An outbox file that is brought to the office: looked at first, taken in once, by whoever may."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from tests.integration.fieldsync.conftest import World
from tests.integration.fieldsync.test_outbox_file import PHOTO, count, export, statuses
from tests.integration.sync.pushing import an_item
from tests.pictures import sha256


def bring(world: World, content: bytes, who: str = "leader", **told: str) -> Any:
    """Send a file as somebody of the office."""
    form = {"file": (io.BytesIO(content), "tablet.outbox.zip"), **told}
    return world.client.post("/api/v1/sync/outbox-files", data=form, headers=world.office(who))


def test_a_file_is_looked_at_then_taken_in_and_the_tablet_that_syncs_after_all_does_nothing_twice(
    world: World, tmp_path: Path
) -> None:
    tablet = world.tablet()
    photo = sha256(PHOTO).hex()
    first = an_item(1, data={"photos": [photo]})
    content = export(tmp_path / "o.zip", tablet, [[first], [an_item(2)]], {photo: PHOTO}).read_bytes()

    looked = bring(world, content, dry_run="true").json
    stored_by_looking = count(world, "sync.envelope")
    taken, again = bring(world, content).json, bring(world, content).json
    synced = tablet.push([first]).json["results"][0]

    assert [one["status"] for one in looked["items"]] == ["new", "new"]
    assert (looked["photos_stored"], looked["dry_run"], stored_by_looking) == (1, True, 0)
    assert (taken["user"], taken["device_id"], taken["escrow"]) == ("walker", str(tablet.device_id), None)
    assert [(one["seq"], one["status"], one["replayed"]) for one in taken["items"]] == [
        (1, "applied", False),
        (2, "applied", False),
    ]
    assert [one["replayed"] for one in again["items"]] == [True, True]
    assert (again["photos_stored"], again["photos_known"]) == (0, 1)
    assert (synced["replayed"], synced["missing_photos"]) == (True, [])
    assert statuses(world) == [(1, "applied"), (2, "applied")]
    assert count(world, "server.audit_line WHERE entity = 'outbox_file'") == 2


def test_what_was_refused_says_why_and_what_is_damaged_is_left_out(world: World, tmp_path: Path) -> None:
    tablet = world.tablet()
    nonsense = {**an_item(1), "type": "note.forbidden"}
    content = export(
        tmp_path / "o.zip", tablet, [[nonsense], [an_item(2)]], {"0" * 64: PHOTO}, [b"cut"]
    ).read_bytes()

    told = bring(world, content).json

    assert [one["status"] for one in told["items"]] == ["held", "applied"]
    assert told["items"][0]["why"]
    assert told["items"][0]["why_zh"]
    assert [one["where"] for one in told["damages"]] == [f"photos/{'0' * 64}", "line 1"]


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
