"""What an upload may not be: each fault has its answer, and nothing of it is kept."""

import base64
import hashlib
import threading

import pytest
import uuid6
from sqlalchemy import text

from tests.integration.photos.conftest import World, metadata
from tests.integration.photos.looking import leftovers, problem_of, stored_digests
from tests.pictures import jpeg, sha256

PHOTO = jpeg(1, (320, 240))


@pytest.mark.parametrize(
    ("change", "status", "problem", "pointer"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412, "tus-version-unsupported", None),
        ({"Upload-Length": "0"}, 422, "invalid-input", "/headers/Upload-Length"),
        ({"Upload-Length": "-5"}, 400, "unreadable-header", "/headers/Upload-Length"),
        ({"Upload-Length": "9" * 40}, 400, "unreadable-header", "/headers/Upload-Length"),
        ({"Upload-Length": "²"}, 400, "unreadable-header", "/headers/Upload-Length"),
        ({"Upload-Length": ""}, 400, "unreadable-header", "/headers/Upload-Length"),
        ({"Upload-Length": "200001"}, 413, "photo-too-large", None),
        ({"Upload-Defer-Length": "1"}, 400, "unreadable-header", "/headers/Upload-Defer-Length"),
        ({"Upload-Metadata": ""}, 400, "unreadable-header", "/headers/Upload-Metadata/sha256"),
        ({"Upload-Metadata": "sha256 !!"}, 400, "unreadable-header", "/headers/Upload-Metadata/sha256"),
        ({"Upload-Metadata": "sha256 //79"}, 400, "unreadable-header", "/headers/Upload-Metadata/sha256"),
        ({"Upload-Metadata": "a YQ==,a YQ=="}, 400, "unreadable-header", "/headers/Upload-Metadata/a"),
        ({"Upload-Metadata": "a " + "Y" * 5000}, 400, "unreadable-header", "/headers/Upload-Metadata"),
        (
            {"Upload-Metadata": metadata(sha256="9f86")},
            422,
            "invalid-input",
            "/headers/Upload-Metadata/sha256",
        ),
        (
            {"Upload-Metadata": metadata(sha256="9f" * 32, filetype="text/html")},
            422,
            "invalid-input",
            "/headers/Upload-Metadata/filetype",
        ),
        ({"Authorization": "Bearer nonsense"}, 401, "not-signed-in", None),
    ],
)  # fmt: skip
def test_a_creation_that_cannot_be_read_names_the_field(
    world: World, change: dict[str, str], status: int, problem: str, pointer: str | None
) -> None:
    answer = world.create(PHOTO, headers=change)

    assert (answer.status_code, problem_of(answer)) == (status, problem)
    assert [fault["pointer"] for fault in answer.json.get("errors", [])] == ([pointer] if pointer else [])
    assert answer.json["detail_zh"]
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers.get("Tus-Version") == ("1.0.0" if status == 412 else None)


def test_a_wrong_offset_is_409_and_says_where_to_go_on(world: World) -> None:
    url = world.create(PHOTO).headers["Location"]
    world.patch(url, 0, PHOTO[:500])

    for offset in (0, 499, 501):
        answer = world.patch(url, offset, PHOTO[offset:])
        assert (answer.status_code, problem_of(answer), answer.json["offset"]) == (
            409,
            "offset-mismatch",
            500,
        )
    assert world.patch(url, 500, PHOTO[500:]).status_code == 204


def test_a_part_without_the_content_type_of_tus_is_415(world: World) -> None:
    url = world.create(PHOTO).headers["Location"]
    answer = world.client.patch(
        url, data=PHOTO, headers=world.tus(Upload_Offset="0"), content_type="image/jpeg"
    )

    assert answer.status_code == 415


def test_more_bytes_than_announced_are_413_and_not_kept(world: World) -> None:
    url = world.create(PHOTO).headers["Location"]

    answer = world.patch(url, 0, PHOTO + b"more")

    assert (answer.status_code, problem_of(answer)) == (413, "photo-too-large")
    assert world.head(url).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_part_with_a_wrong_checksum_is_460_and_not_kept(world: World, algorithm: str) -> None:
    url = world.create(PHOTO).headers["Location"]
    right = base64.b64encode(hashlib.new(algorithm, PHOTO[:900]).digest()).decode()

    wrong = world.patch(url, 0, PHOTO[:901], Upload_Checksum=f"{algorithm} {right}")
    stands = world.head(url).headers["Upload-Offset"]
    fine = world.patch(url, 0, PHOTO[:900], Upload_Checksum=f"{algorithm} {right}")

    assert (wrong.status_code, problem_of(wrong), stands) == (460, "checksum-mismatch", "0")
    assert (fine.status_code, fine.headers["Upload-Offset"]) == (204, "900")


@pytest.mark.parametrize("checksum", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha1 ???", ""])
def test_a_checksum_that_cannot_be_read_is_400(world: World, checksum: str) -> None:
    url = world.create(PHOTO).headers["Location"]

    assert world.patch(url, 0, PHOTO[:900], Upload_Checksum=checksum).status_code == 400
    assert world.head(url).headers["Upload-Offset"] == "0"


def test_a_file_with_another_hash_is_460_and_starts_anew(world: World) -> None:
    url = world.create(PHOTO).headers["Location"]
    broken = PHOTO[:300] + b"?" + PHOTO[301:]
    world.patch(url, 0, broken[:800])

    answer = world.patch(url, 800, broken[800:])

    assert (answer.status_code, problem_of(answer)) == (460, "checksum-mismatch")
    assert world.head(url).headers["Upload-Offset"] == "0"
    assert stored_digests(world) == []
    assert leftovers(world.store) == []
    assert world.patch(url, 0, PHOTO).status_code == 204
    assert stored_digests(world) == [sha256(PHOTO).hex()]


def test_a_text_named_as_a_picture_is_refused_for_good(world: World) -> None:
    words = b"This is photo.jpg, honestly." * 20
    url = world.create(words).headers["Location"]

    answer = world.patch(url, 0, words)

    assert (answer.status_code, problem_of(answer)) == (422, "not-a-picture")
    assert world.head(url).status_code == 410
    assert world.create(words).status_code == 422
    assert leftovers(world.store) == []
    assert not world.store.original(sha256(words)).exists()
    with world.db.transaction() as session:
        row = session.execute(text("SELECT state, refused_because FROM server.photo")).one()
    assert tuple(row) == ("refused", "not-a-picture")


def test_somebody_elses_upload_is_404(world: World) -> None:
    url = world.create(PHOTO).headers["Location"]

    answers = [
        world.head(url, world.stranger),
        world.patch(url, 0, PHOTO, world.stranger),
        world.client.delete(url, headers=world.tus(world.stranger)),
        world.head(f"/sync/v1/uploads/{uuid6.uuid7()}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


def test_a_terminated_upload_is_gone(world: World) -> None:
    url = world.create(PHOTO).headers["Location"]
    world.patch(url, 0, PHOTO[:500])

    ended = world.client.delete(url, headers=world.tus())

    assert ended.status_code == 204
    assert [world.head(url).status_code, world.patch(url, 500, PHOTO[500:]).status_code] == [410, 410]
    assert leftovers(world.store) == []


def test_terminating_a_finished_upload_leaves_the_photo(world: World) -> None:
    url = world.create(PHOTO, data=PHOTO, content_type="application/offset+octet-stream").headers["Location"]

    assert world.client.delete(url, headers=world.tus()).status_code == 204
    assert world.store.original(sha256(PHOTO)).exists()
    assert stored_digests(world) == [sha256(PHOTO).hex()]


def test_an_expired_upload_is_gone(world: World) -> None:
    url = world.create(PHOTO).headers["Location"]
    with world.db.transaction() as session:
        session.execute(text("UPDATE server.upload SET expires_at = now() - interval '1 s'"))

    assert [world.head(url).status_code, world.patch(url, 0, PHOTO).status_code] == [410, 410]


def test_a_line_that_lets_no_patch_through_may_override_the_method(world: World) -> None:
    url = world.create(PHOTO).headers["Location"]
    headers = world.tus(X_HTTP_Method_Override="PATCH", Upload_Offset="0")

    sent = world.client.post(url, data=PHOTO, headers=headers, content_type="application/offset+octet-stream")

    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, str(len(PHOTO)))
    assert world.client.post(url, headers=world.tus()).status_code == 405


def test_a_tablet_that_was_switched_off_may_still_hand_in_its_photos(world: World) -> None:
    revoked = world.token(world.worker, world.device)

    assert world.create(PHOTO, headers=revoked).status_code == 201
    assert world.client.get(f"/sync/v1/photos/{'9f' * 32}", headers=revoked).status_code == 403


def test_eight_copies_of_one_upload_all_succeed_with_one_record(world: World) -> None:
    answers: list[int] = []

    def copy() -> None:
        with world.client.application.test_client() as client:
            mine = World(client, *[getattr(world, name) for name in World.__slots__[1:]])
            answers.append(mine.send(PHOTO).status_code)

    threads = [threading.Thread(target=copy) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [204] * 8
    assert stored_digests(world) == [sha256(PHOTO).hex()]
    assert leftovers(world.store) == []
