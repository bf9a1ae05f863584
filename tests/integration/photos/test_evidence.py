import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import uuid6
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.db import Database
from server.photos import service
from server.photos.claims import ClaimedPhoto, Evidence
from server.photos.incoming import Arrival, Incoming
from server.photos.store import Folder
from sync import changes
from tests.integration.photos.conftest import NOW
from tests.pictures import jpeg, sha256

USER = uuid6.uuid7()


def _arrival(store: Folder, content: bytes) -> Arrival:
    incoming = Incoming(store.temporary(), 10**6)
    incoming.write(content)
    return incoming.arrived(sha256(content))


def _take(db: Database, store: Folder, *contents: bytes, now: datetime = NOW) -> list[bytes]:
    arrivals = [_arrival(store, content) for content in contents]
    with db.transaction() as session:
        fresh = service.take(session, store, arrivals, now=now)
    for arrival in arrivals:
        arrival.discard()
    return list(fresh)


def _claim(session: Session, entity_id: UUID, *contents: bytes, role: str = "before") -> None:
    photos = [ClaimedPhoto(sha256(content), role) for content in contents]
    service.claim(session, entity="inspection", entity_id=entity_id, photos=photos, user_id=USER, now=NOW)
    changes.append(session, "inspection", [entity_id])


def _wire(db: Database, entity_id: UUID) -> tuple[int, Any]:
    with db.transaction() as session:
        row = session.execute(
            text("SELECT rev, body FROM sync.entity_state WHERE entity_id = :id"), {"id": str(entity_id)}
        ).one()
    return row.rev, row.body["evidence"]


def _evidence(db: Database, entity_id: UUID) -> Evidence:
    with db.transaction() as session:
        return service.evidence(session, "inspection", [entity_id])[entity_id]


@pytest.mark.parametrize("photo_first", [True, False])
def test_photo_before_record_and_record_before_photo_are_both_fine(
    db: Database, store: Folder, photo_first: bool
) -> None:
    inspection, here, there = uuid6.uuid7(), jpeg(1), jpeg(2)

    if photo_first:
        _take(db, store, here)
    with db.transaction() as session:
        _claim(session, inspection, here, there)
    if not photo_first:
        _take(db, store, here)

    assert _evidence(db, inspection) == Evidence(2, 1, (sha256(there).hex(),))
    assert _wire(db, inspection)[1] == {"expected": 2, "received": 1, "missing": 1}


def test_a_photo_that_becomes_stored_tells_every_record_that_names_it_once(
    db: Database, store: Folder
) -> None:
    inspections, photo = [uuid6.uuid7(), uuid6.uuid7()], jpeg()
    with db.transaction() as session:
        for inspection in inspections:
            _claim(session, inspection, photo)

    first, second = _take(db, store, photo), _take(db, store, photo)

    assert (first, second) == ([sha256(photo)], [])
    assert [_wire(db, inspection) for inspection in inspections] == [
        (2, {"expected": 1, "received": 1, "missing": 0})
    ] * 2


def test_a_photo_named_twice_by_a_record_counts_once(db: Database, store: Folder) -> None:
    inspection, photo = uuid6.uuid7(), jpeg()
    with db.transaction() as session:
        _claim(session, inspection, photo, photo, role="before")
        _claim(session, inspection, photo, role="panorama")

    assert _evidence(db, inspection) == Evidence(1, 0, (sha256(photo).hex(),))
    with db.transaction() as session:
        listed = service.photos_of(session, "inspection", [inspection])[inspection]
    assert [(photo.role, photo.received) for photo in listed] == [("before", False), ("panorama", False)]


def test_a_record_without_photos_has_complete_evidence(db: Database) -> None:
    assert _evidence(db, uuid6.uuid7()) == Evidence(0, 0, ())


def test_missing_is_what_is_not_stored(db: Database, store: Folder) -> None:
    here, expected, unheard = jpeg(1), jpeg(2), jpeg(3)
    _take(db, store, here)
    with db.transaction() as session:
        _claim(session, uuid6.uuid7(), here, expected)
        digests = [sha256(content).hex() for content in (here, expected, unheard)]

        assert service.missing_of(session, [*digests, "no digest"]) == {*digests[1:], "no digest"}
        assert service.missing_of(session, []) == set()


def test_a_photo_keeps_the_moment_it_was_first_heard_of(db: Database, store: Folder) -> None:
    photo = jpeg()
    with db.transaction() as session:
        _claim(session, uuid6.uuid7(), photo)

    _take(db, store, photo, now=NOW + timedelta(days=1))

    with db.transaction() as session:
        assert service.first_seen(session, [sha256(photo)]) == {sha256(photo): NOW}


@pytest.mark.parametrize(
    "attempt",
    [
        "DELETE FROM server.photo",
        "UPDATE server.photo SET state = 'expected'",
        "UPDATE server.photo SET size = size + 1",
        "UPDATE server.photo SET sha256 = sha256('x')",
        "UPDATE server.photo SET first_seen_at = now()",
    ],
)
def test_evidence_is_never_replaced_by_plain_sql(db: Database, store: Folder, attempt: str) -> None:
    photo = jpeg()
    _take(db, store, photo)
    with db.transaction() as session:
        _claim(session, uuid6.uuid7(), photo)

    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(text(attempt))


def test_photos_of_one_record_that_arrive_at_once_are_all_counted(db: Database, store: Folder) -> None:
    inspection, photos = uuid6.uuid7(), [jpeg(seed) for seed in range(8)]
    with db.transaction() as session:
        _claim(session, inspection, *photos)

    threads = [threading.Thread(target=_take, args=(db, store, photo)) for photo in photos]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert _wire(db, inspection) == (9, {"expected": 8, "received": 8, "missing": 0})


def test_a_photo_that_arrives_while_its_record_is_being_committed_is_counted(
    db: Database, store: Folder
) -> None:
    inspection, photo = uuid6.uuid7(), jpeg()

    with db.transaction() as session:
        _claim(session, inspection, photo)
        arriving = threading.Thread(target=_take, args=(db, store, photo))
        arriving.start()
        arriving.join(0.3)
        assert arriving.is_alive(), "it must wait for the record"
    arriving.join()

    assert _wire(db, inspection)[1] == {"expected": 1, "received": 1, "missing": 0}
