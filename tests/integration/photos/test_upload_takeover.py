"""Uploads over lines that stall, break and come back."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import uuid6
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.db import Database
from server.photos import receiving, service, uploads
from server.photos.errors import OffsetMismatch
from server.photos.receiving import Body
from server.photos.store import Folder
from server.photos.tus import Announcement
from tests.integration.photos.conftest import NOW, World
from tests.integration.photos.looking import leftovers
from tests.pictures import jpeg, sha256

PHOTO = jpeg(1, (320, 240))


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
    assert leftovers(store) == []


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
