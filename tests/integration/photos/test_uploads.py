import base64
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uuid6
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from server.db import Database
from server.photos import receiving, service, uploads
from server.photos.claims import ClaimedPhoto
from server.photos.errors import OffsetMismatch
from server.photos.receiving import Body
from server.photos.store import Folder
from server.photos.tus import Announcement
from sync import changes
from tests.integration.photos.conftest import NOW, World, metadata
from tests.pictures import jpeg, sha256

PHOTO = jpeg(1, (320, 240))


def _stored(world: World) -> list[str]:
    with world.db.transaction() as session:
        return [
            row.hex
            for row in session.execute(
                text("SELECT encode(sha256, 'hex') AS hex FROM server.photo WHERE state = 'stored'")
            )
        ]


def _leftovers(store: Folder) -> list[str]:
    return [file.name for folder in ("incoming", "parts") for file in (store.root / folder).iterdir()]


def _problem(answer: Any) -> str:
    assert answer.content_type == "application/problem+json"
    return str(answer.json["type"]).removeprefix("/problems/")


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
    assert _leftovers(world.store) == []


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
    assert _stored(world) == [sha256(PHOTO).hex()]


def test_a_photo_of_a_record_that_the_caller_sees_needs_no_bytes(world: World) -> None:
    world.send(PHOTO)
    inspection = _inspection(world, PHOTO)
    world.seen.add(inspection)

    assert world.create(PHOTO, world.stranger).headers["Upload-Offset"] == str(len(PHOTO))


def _inspection(world: World, *contents: bytes) -> UUID:
    inspection = uuid6.uuid7()
    photos = [ClaimedPhoto(sha256(content)) for content in contents]
    with world.db.transaction() as session:
        service.claim(
            session, entity="inspection", entity_id=inspection, photos=photos, user_id=None, now=NOW
        )
        changes.append(session, "inspection", [inspection])
    return inspection


def test_the_last_byte_completes_the_evidence_and_asks_for_thumbnails(world: World) -> None:
    _inspection(world, PHOTO)

    world.send(PHOTO)

    with world.db.transaction() as session:
        assert session.scalar(text("SELECT body -> 'evidence' ->> 'received' FROM sync.entity_state")) == "1"
    assert world.redis.llen("rq:queue:wangge") == 1


def test_uploads_work_while_redis_is_away(world: World) -> None:
    world.client.application.extensions["wangge.redis"].connection_pool.connection_kwargs["port"] = 1

    assert world.send(PHOTO).status_code == 204
    assert _stored(world) == [sha256(PHOTO).hex()]


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

    assert (answer.status_code, _problem(answer)) == (status, problem)
    assert [fault["pointer"] for fault in answer.json.get("errors", [])] == ([pointer] if pointer else [])
    assert answer.json["detail_zh"]
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers.get("Tus-Version") == ("1.0.0" if status == 412 else None)


def test_a_wrong_offset_is_409_and_says_where_to_go_on(world: World) -> None:
    url = world.create(PHOTO).headers["Location"]
    world.patch(url, 0, PHOTO[:500])

    for offset in (0, 499, 501):
        answer = world.patch(url, offset, PHOTO[offset:])
        assert (answer.status_code, _problem(answer), answer.json["offset"]) == (409, "offset-mismatch", 500)
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

    assert (answer.status_code, _problem(answer)) == (413, "photo-too-large")
    assert world.head(url).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_part_with_a_wrong_checksum_is_460_and_not_kept(world: World, algorithm: str) -> None:
    url = world.create(PHOTO).headers["Location"]
    right = base64.b64encode(hashlib.new(algorithm, PHOTO[:900]).digest()).decode()

    wrong = world.patch(url, 0, PHOTO[:901], Upload_Checksum=f"{algorithm} {right}")
    stands = world.head(url).headers["Upload-Offset"]
    fine = world.patch(url, 0, PHOTO[:900], Upload_Checksum=f"{algorithm} {right}")

    assert (wrong.status_code, _problem(wrong), stands) == (460, "checksum-mismatch", "0")
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

    assert (answer.status_code, _problem(answer)) == (460, "checksum-mismatch")
    assert world.head(url).headers["Upload-Offset"] == "0"
    assert _stored(world) == []
    assert _leftovers(world.store) == []
    assert world.patch(url, 0, PHOTO).status_code == 204
    assert _stored(world) == [sha256(PHOTO).hex()]


def test_a_text_named_as_a_picture_is_refused_for_good(world: World) -> None:
    words = b"This is photo.jpg, honestly." * 20
    url = world.create(words).headers["Location"]

    answer = world.patch(url, 0, words)

    assert (answer.status_code, _problem(answer)) == (422, "not-a-picture")
    assert world.head(url).status_code == 410
    assert world.create(words).status_code == 422
    assert _leftovers(world.store) == []
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
    assert _leftovers(world.store) == []


def test_terminating_a_finished_upload_leaves_the_photo(world: World) -> None:
    url = world.create(PHOTO, data=PHOTO, content_type="application/offset+octet-stream").headers["Location"]

    assert world.client.delete(url, headers=world.tus()).status_code == 204
    assert world.store.original(sha256(PHOTO)).exists()
    assert _stored(world) == [sha256(PHOTO).hex()]


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
    assert _stored(world) == [sha256(PHOTO).hex()]
    assert _leftovers(world.store) == []


class Line:
    """A slow request: hands out what is put in, until it is cut."""

    def __init__(self) -> None:
        self.arrived, self.wanted = threading.Semaphore(0), threading.Semaphore(0)
        self.pieces: list[bytes] = []

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.wanted.release()
            self.arrived.acquire()
            piece = self.pieces.pop(0)
            if not piece:
                return
            yield piece

    def put(self, piece: bytes) -> None:
        """Let bytes arrive and return when they were written."""
        self.wanted.acquire()
        self.pieces.append(piece)
        self.arrived.release()
        if piece:
            self.wanted.acquire()
            self.wanted.release()


def _open(db: Database, content: bytes, user: UUID) -> UUID:
    with db.transaction() as session:
        announced = Announcement(sha256(content), len(content), "image/jpeg")
        begun = uploads.begin(
            session, announced, user_id=user, device_id=None, known=False, now=NOW, expires_s=3600
        )
    return begun.upload_id


def _receive(db: Database, store: Folder, upload_id: UUID, user: UUID, offset: int, pieces: Any) -> int:
    body = Body(pieces, None, None)
    done = receiving.receive(db, store, upload_id, body, offset=offset, user_id=user, now=NOW)
    return done.progress.offset


def test_a_newer_request_takes_over_from_a_stalled_one(db: Database, store: Folder) -> None:
    user, line = uuid6.uuid7(), Line()
    older: list[int] = []
    upload_id = _open(db, PHOTO, user)

    def stall() -> None:
        older.append(_receive(db, store, upload_id, user, 0, line))

    thread = threading.Thread(target=stall)
    thread.start()
    line.put(PHOTO[:1000])
    with db.transaction() as session:
        stands = uploads.look(session, store, upload_id, user_id=user, now=NOW).offset
    middle = _receive(db, store, upload_id, user, 800, [PHOTO[800:1500]])
    line.put(b"what the older one still writes is read by nobody")
    last = _receive(db, store, upload_id, user, 1500, [PHOTO[1500:]])
    line.put(b"")
    thread.join()

    assert (stands, middle, last) == (1000, 1500, len(PHOTO))
    assert store.original(sha256(PHOTO)).read_bytes() == PHOTO
    assert older == [len(PHOTO)], "the older request is told that all is there"


def test_an_older_request_that_was_taken_over_is_told_so(db: Database, store: Folder) -> None:
    user, line = uuid6.uuid7(), Line()
    older: list[int] = []
    upload_id = _open(db, PHOTO, user)

    def stall() -> None:
        try:
            _receive(db, store, upload_id, user, 0, line)
        except OffsetMismatch as taken_over:
            older.append(taken_over.extra["offset"])

    thread = threading.Thread(target=stall)
    thread.start()
    line.put(PHOTO[:1000])
    _receive(db, store, upload_id, user, 1000, [PHOTO[1000:1200]])
    line.put(b"")
    thread.join()

    assert older == [1200]


def test_bytes_whose_request_died_before_it_could_say_so_are_not_sent_again(
    db: Database, store: Folder
) -> None:
    user = uuid6.uuid7()
    upload_id = _open(db, PHOTO, user)
    with db.transaction() as session:
        place = uploads.open_part(session, store, upload_id, offset=0, user_id=user, now=NOW)
    store.part(upload_id, place.fence).write_bytes(PHOTO)  # … and killed

    with db.transaction() as session:
        progress = uploads.look(session, store, upload_id, user_id=user, now=NOW)
    done = receiving.finish(db, store, progress, now=NOW)

    assert done.progress.finished
    assert store.original(sha256(PHOTO)).read_bytes() == PHOTO


def test_killed_between_the_name_and_the_commit_the_upload_finishes_later(
    db: Database, store: Folder
) -> None:
    user = uuid6.uuid7()
    upload_id = _open(db, PHOTO, user)
    with db.transaction() as session:
        place = uploads.open_part(session, store, upload_id, offset=0, user_id=user, now=NOW)
        store.part(upload_id, place.fence).write_bytes(PHOTO)
        uploads.close_part(session, place, len(PHOTO))
    store.keep(store.part(upload_id, place.fence), sha256(PHOTO))  # … and killed

    assert _receive(db, store, upload_id, user, len(PHOTO), []) == len(PHOTO)

    with db.transaction() as session:
        assert service.missing_of(session, [sha256(PHOTO).hex()]) == set()
    assert _leftovers(store) == []


def test_a_part_that_the_store_lost_lets_the_upload_start_anew(world: World) -> None:
    url = world.create(PHOTO).headers["Location"]
    world.patch(url, 0, PHOTO[:500])
    for file in (world.store.root / "parts").iterdir():
        file.unlink()

    answer = world.patch(url, 500, PHOTO[500:])

    assert answer.status_code == 460
    assert world.head(url).headers["Upload-Offset"] == "0"


CUTS = st.lists(st.tuples(st.integers(0, 9000), st.booleans(), st.integers(0, 9000)), max_size=6)


@given(seed=st.integers(0, 10**6), cuts=CUTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_cuts_and_repetitions_yields_the_same_file(
    db: Database, store: Folder, seed: int, cuts: list[tuple[int, bool, int]]
) -> None:
    content = jpeg(seed, (160, 120))
    user, at = uuid6.uuid7(), 0
    upload_id = _open(db, content, user)

    for brought, died, again_from in cuts:
        piece = content[at : at + brought]
        if not died:
            at = _receive(db, store, upload_id, user, at, [piece[:3000], piece[3000:]])
        elif piece:
            with db.transaction() as session:
                place = uploads.open_part(session, store, upload_id, offset=at, user_id=user, now=NOW)
            store.part(upload_id, place.fence).write_bytes(piece)  # … and killed
            at += min(again_from, len(piece))
    at = _receive(db, store, upload_id, user, at, [content[at:]])

    assert at == len(content)
    assert store.original(sha256(content)).read_bytes() == content


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
    inspection = _inspection(world, PHOTO, jpeg(9))

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
    assert (missing.status_code, _problem(missing)) == (404, "photo-missing")
    assert [get(odd).status_code for odd in ("9f" * 32, "nonsense", "..%2f..%2fetc%2fpasswd")] == [404] * 3


def test_before_a_thumbnail_exists_the_original_is_answered_and_not_cached(world: World) -> None:
    world.send(PHOTO)
    world.seen.add(_inspection(world, PHOTO))
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
        assert answer.status_code == 201 or _problem(answer) in {"not-a-picture", "invalid-input"}, file.name
        if answer.status_code == 201:
            assert world.store.original(sha256(content)).read_bytes() == content

    assert list(answers.values()).count(201) >= 39
    assert _leftovers(world.store) == []
