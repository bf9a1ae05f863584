"""What is asked about photos: which are missing, who may see one, how each real one fares."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.integration.photos.conftest import World
from tests.integration.photos.looking import an_inspection, leftovers, problem_of
from tests.pictures import jpeg, sha256

PHOTO = jpeg(1, (320, 240))


def test_have_tells_what_is_missing_and_where_to_go_on(world: World) -> None:
    here, half, unheard = PHOTO, jpeg(2), jpeg(3)
    world.send(here)
    url = world.create(half).headers["Location"]
    world.patch(url, 0, half[:400])
    digests = [sha256(content).hex() for content in (here, half, unheard)]

    mine = world.client.post(
        "/sync/v1/photos/have", json={"sha256": digests}, headers=world.token(world.worker)
    )
    theirs = world.client.post(
        "/sync/v1/photos/have", json={"sha256": digests}, headers=world.token(world.stranger)
    )

    assert mine.json == {"missing": digests[1:], "partial": {digests[1]: {"offset": 400, "url": url}}}
    assert theirs.json == {"missing": digests, "partial": {}}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"sha256": ["9f" * 32, "9f"]}, "/sha256/1"),
        ({"sha256": ["9f" * 32 + "\n"]}, "/sha256/0"),
        ({"sha256": [None]}, "/sha256/0"),
        ({"sha256": "9f"}, "/sha256"),
        ({"sha256": ["9f" * 32] * 2001}, "/sha256"),
        ({}, "/sha256"),
    ],
)
def test_have_names_a_malformed_digest(world: World, body: Any, pointer: str) -> None:
    answer: Any = world.client.post("/sync/v1/photos/have", json=body, headers=world.token(world.worker))

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]


def test_a_photo_is_shown_to_whoever_may_see_a_record_that_names_it(world: World) -> None:
    world.send(PHOTO)
    name = sha256(PHOTO).hex()
    inspection = an_inspection(world, PHOTO, jpeg(9))

    def get(digest: str, **headers: str) -> Any:
        sent = {**world.token(world.office), **headers}
        return world.client.get(f"/sync/v1/photos/{digest}", headers=sent, buffered=True)

    hidden = get(name)
    world.seen.add(inspection)
    shown = get(name.upper())

    assert hidden.status_code == 404
    assert (shown.status_code, shown.data, shown.content_type) == (200, PHOTO, "image/jpeg")
    assert shown.headers["ETag"] == f'"{name}"'
    assert shown.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Disposition"] == f"inline; filename={name}.jpg"
    assert get(name, **{"If-None-Match": f'"{name}"'}).status_code == 304
    part = get(name, Range="bytes=10-19")
    assert (part.status_code, part.data) == (206, PHOTO[10:20])
    missing = get(sha256(jpeg(9)).hex())
    assert (missing.status_code, problem_of(missing)) == (404, "photo-missing")
    assert [get(odd).status_code for odd in ("9f" * 32, "nonsense", "..%2f..%2fetc%2fpasswd")] == [404] * 3


def test_before_a_thumbnail_exists_the_original_is_answered_and_not_cached(world: World) -> None:
    world.send(PHOTO)
    world.seen.add(an_inspection(world, PHOTO))
    url, headers = f"/sync/v1/photos/{sha256(PHOTO).hex()}?px=640", world.token(world.worker)

    before = world.client.get(url, headers=headers, buffered=True)
    world.store.keep_thumbnail(sha256(PHOTO), 640, jpeg(5))
    after = world.client.get(url, headers=headers, buffered=True)

    assert (before.data, before.headers["Cache-Control"]) == (PHOTO, "no-store")
    assert (after.data, after.headers["Cache-Control"]) == (jpeg(5), "private, max-age=31536000, immutable")
    odd: Any = world.client.get(url.replace("640", "641"), headers=headers)
    assert (odd.status_code, odd.json["errors"][0]["pointer"]) == (422, "/query/px")


def test_unfinished_uploads_live_for_their_time(world: World) -> None:
    url = world.create(PHOTO).headers["Location"]
    with world.db.transaction() as session:
        expires = session.scalar(text("SELECT expires_at FROM server.upload"))

    assert expires is not None
    assert timedelta(days=6) < expires - datetime.now(UTC) < timedelta(days=8)
    assert world.head(url).headers["Upload-Expires"].endswith(" GMT")


def test_every_real_photo_is_stored_or_cleanly_refused(world: World, shared_data: Path) -> None:
    extensions = world.client.application.extensions
    extensions["wangge.settings"] = replace(world.settings, max_photo_bytes=30_000_000)
    files = sorted((shared_data / "photos" / "files").iterdir())

    answers = {}
    for file in files:
        content = file.read_bytes()
        answer = world.create(content, data=content, content_type="application/offset+octet-stream")
        answers[file.name] = answer.status_code
        assert answer.status_code == 201 or problem_of(answer) in {"not-a-picture", "invalid-input"}, (
            file.name
        )
        if answer.status_code == 201:
            assert world.store.original(sha256(content)).read_bytes() == content

    assert list(answers.values()).count(201) >= 39
    assert leftovers(world.store) == []
