import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uuid6
from redis import Redis
from sqlalchemy import text

from server.db import Database
from server.photos import derive, jobs, service
from server.photos.claims import ClaimedPhoto
from server.photos.incoming import Incoming
from server.photos.store import Folder
from server.settings import Settings
from server.work import Work
from tests.integration.photos.conftest import NOW
from tests.pictures import jpeg, sha256


@pytest.fixture
def work(db: Database, store: Folder, database_url: str) -> Work:
    settings = Settings(database_url, database_url, "redis://127.0.0.1:1/0", "s" * 32, store.root)
    return Work(db, settings, Redis(port=1), NOW)


def _at(work: Work, later: timedelta) -> Work:
    return Work(work.database, work.settings, work.redis, work.now + later)


def _store(db: Database, store: Folder, content: bytes, now: datetime = NOW) -> str:
    incoming = Incoming(store.temporary(), 10**8)
    incoming.write(content)
    arrival = incoming.arrived(sha256(content))
    with db.transaction() as session:
        service.take(session, store, [arrival], now=now)
    arrival.discard()
    return sha256(content).hex()


def _claim(db: Database, content: bytes) -> UUID:
    inspection = uuid6.uuid7()
    with db.transaction() as session:
        photos = [ClaimedPhoto(sha256(content))]
        service.claim(
            session, entity="inspection", entity_id=inspection, photos=photos, user_id=None, now=NOW
        )
    return inspection


def _row(db: Database) -> Any:
    with db.transaction() as session:
        return session.execute(text("SELECT *, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM server.photo")).one()


def test_a_stored_photo_gets_thumbnails_and_its_facts(work: Work, db: Database, store: Folder) -> None:
    content = jpeg(1, (900, 600), orientation=6)

    _store(db, store, content)
    jobs.derive(work)

    row = _row(db)
    assert (row.width, row.height, row.orientation, row.refused_because) == (900, 600, 6, None)
    assert row.derived_at == NOW
    assert [store.thumbnail(sha256(content), px).is_file() for px in (240, 640, 1280)] == [True] * 3
    assert store.original(sha256(content)).read_bytes() == content


def test_looking_twice_changes_nothing(work: Work, db: Database, store: Folder) -> None:
    _store(db, store, jpeg())
    jobs.derive(work)
    before = _row(db)

    for job in (jobs.derive, jobs.derive_waiting):
        job(_at(work, timedelta(hours=1)))

    assert _row(db) == before


def test_a_photo_whose_job_got_lost_is_found_again(work: Work, db: Database, store: Folder) -> None:
    _store(db, store, jpeg())

    jobs.derive_waiting(work)
    assert _row(db).derived_at is None, "its own job may still come"
    jobs.derive_waiting(_at(work, timedelta(minutes=1)))

    assert _row(db).derived_at is not None


def test_a_damaged_photo_keeps_its_reason_and_stays_evidence(work: Work, db: Database, store: Folder) -> None:
    content = jpeg(1, (320, 240))[:900]
    _claim(db, content)

    _store(db, store, content)
    jobs.derive(work)

    row = _row(db)
    assert (row.state, row.refused_because) == ("stored", "damaged")
    assert row.derived_at is not None
    assert store.original(sha256(content)).read_bytes() == content


def test_a_photo_that_kills_its_process_is_given_up(
    work: Work, db: Database, store: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _store(db, store, jpeg())

    def die(file: Path, *, max_pixels: int) -> None:
        raise SystemExit(139)

    monkeypatch.setattr(derive, "derive", die)
    later = _at(work, timedelta(minutes=1))
    for job in (jobs.derive, *[jobs.derive_waiting] * (jobs.MOST_ATTEMPTS - 1)):
        with pytest.raises(SystemExit):
            job(later)
    jobs.derive_waiting(later)

    assert _row(db).refused_because == "damaged"


def test_photos_that_no_record_names_expire_after_thirty_days(
    work: Work, db: Database, store: Folder
) -> None:
    unclaimed, claimed = jpeg(1), jpeg(2)
    for content in (unclaimed, claimed):
        _store(db, store, content)
    jobs.derive(work)
    _claim(db, claimed)

    jobs.expire(_at(work, timedelta(days=29)))
    assert store.original(sha256(unclaimed)).is_file()
    jobs.expire(_at(work, timedelta(days=31)))

    assert not store.original(sha256(unclaimed)).exists()
    assert not store.thumbnail(sha256(unclaimed), 240).exists()
    assert bytes(_row(db).sha256) == sha256(claimed)
    assert store.original(sha256(claimed)).is_file()
    assert store.thumbnail(sha256(claimed), 240).is_file()


def test_an_expired_photo_that_arrives_again_is_kept_whole(work: Work, db: Database, store: Folder) -> None:
    content, today = jpeg(), datetime.now(UTC)
    _store(db, store, content, today - timedelta(days=31))
    work = Work(work.database, work.settings, work.redis, today)

    threads = [threading.Thread(target=jobs.expire, args=(work,)) for _ in range(2)]
    threads += [threading.Thread(target=_store, args=(db, store, content, today)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.transaction() as session:
        stored = not service.missing_of(session, [sha256(content).hex()])

    assert not stored or store.original(sha256(content)).read_bytes() == content


def test_overdue_uploads_and_old_files_are_cleared_away(work: Work, db: Database, store: Folder) -> None:
    upload = uuid6.uuid7()
    with db.transaction() as session:
        session.execute(
            text(
                "INSERT INTO server.upload"
                " (upload_id, sha256, size, content_type, user_id, created_at, expires_at)"
                " VALUES (CAST(:id AS uuid), sha256('x'), 9, 'image/jpeg', CAST(:id AS uuid), :now, :now)"
            ),
            {"id": str(upload), "now": NOW},
        )
    left = [store.part(upload, 1), store.part(uuid6.uuid7(), 3), store.temporary()]
    for file in left:
        file.write_bytes(b"half")
        os.utime(file, (0, 0))

    jobs.expire(work)

    assert [file.exists() for file in left] == [False] * 3
    with db.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM server.upload")) == 0
