from typing import Any

from sqlalchemy import text

from tests.integration.photos.conftest import World
from tests.integration.photos.looking import an_inspection, leftovers, stored_digests
from tests.pictures import jpeg, sha256

PHOTO = jpeg(1, (320, 240))


def test_what_the_server_speaks_is_told_without_a_token(world: World) -> None:
    answer = world.client.options("/sync/v1/uploads")

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == "200000"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation", "creation-with-upload", "checksum", "expiration", "termination",
    }  # fmt: skip


def test_a_photo_arrives_in_parts(world: World) -> None:
    created = world.create(PHOTO)
    url = created.headers["Location"]
    first = world.patch(url, 0, PHOTO[:1000])
    stands = world.head(url)
    last = world.patch(url, 1000, PHOTO[1000:])

    assert (created.status_code, created.headers["Upload-Offset"]) == (201, "0")
    assert "Upload-Expires" in created.headers
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "1000")
    assert (stands.headers["Upload-Offset"], stands.headers["Upload-Length"]) == ("1000", str(len(PHOTO)))
    assert stands.headers["Cache-Control"] == "no-store"
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(PHOTO)))
    assert "Upload-Expires" not in last.headers
    assert world.head(url).headers["Upload-Offset"] == str(len(PHOTO))
    assert world.store.original(sha256(PHOTO)).read_bytes() == PHOTO
    assert leftovers(world.store) == []


def test_creation_takes_bytes_along_and_ignores_other_content_types(world: World) -> None:
    some = world.create(PHOTO, data=PHOTO[:700], content_type="application/offset+octet-stream")
    whole = world.create(PHOTO, data=PHOTO, content_type="application/offset+octet-stream")
    other = world.create(jpeg(2), data=jpeg(2), content_type="image/jpeg")

    assert [answer.status_code for answer in (some, whole, other)] == [201, 201, 201]
    assert [answer.headers["Upload-Offset"] for answer in (some, whole, other)] == [
        "700",
        str(len(PHOTO)),
        "0",
    ]


def test_a_held_photo_that_the_caller_knows_is_complete_without_a_byte(world: World) -> None:
    world.send(PHOTO)

    again = world.create(PHOTO)
    unknown = world.create(PHOTO, world.stranger)

    assert again.headers["Upload-Offset"] == str(len(PHOTO))
    assert world.head(again.headers["Location"]).headers["Upload-Offset"] == str(len(PHOTO))
    assert unknown.headers["Upload-Offset"] == "0"
    assert world.patch(unknown.headers["Location"], 0, PHOTO, world.stranger).status_code == 204
    assert stored_digests(world) == [sha256(PHOTO).hex()]


def test_a_photo_of_a_record_that_the_caller_sees_needs_no_bytes(world: World) -> None:
    world.send(PHOTO)
    inspection = an_inspection(world, PHOTO)
    world.seen.add(inspection)

    assert world.create(PHOTO, world.stranger).headers["Upload-Offset"] == str(len(PHOTO))


def test_the_last_byte_completes_the_evidence_and_asks_for_thumbnails(world: World) -> None:
    an_inspection(world, PHOTO)

    world.send(PHOTO)

    with world.db.transaction() as session:
        assert session.scalar(text("SELECT body -> 'evidence' ->> 'received' FROM sync.entity_state")) == "1"
    assert world.redis.llen("rq:queue:wangge") == 1


def test_uploads_work_while_redis_is_away(world: World) -> None:
    world.client.application.extensions["wangge.redis"].connection_pool.connection_kwargs["port"] = 1

    assert world.send(PHOTO).status_code == 204
    assert stored_digests(world) == [sha256(PHOTO).hex()]


def test_whoever_may_not_see_a_record_sends_the_bytes_and_then_has_them(world: World) -> None:
    photo = jpeg()
    digest = sha256(photo).hex()
    world.send(photo)

    def missing() -> Any:
        asked = {"sha256": [digest]}
        headers = world.token(world.stranger)
        answer: Any = world.client.post("/sync/v1/photos/have", json=asked, headers=headers).json
        return answer["missing"]

    before = missing()
    begun = world.create(photo, world.stranger)
    half = world.patch(begun.headers["Location"], 0, b"", world.stranger)
    done = world.patch(begun.headers["Location"], 0, photo, world.stranger)

    assert (before, begun.headers["Upload-Offset"], half.headers["Upload-Offset"]) == ([digest], "0", "0")
    assert (done.status_code, done.headers["Upload-Offset"]) == (204, str(len(photo)))
    assert missing() == []
