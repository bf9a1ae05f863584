"""What workers find odd about photos is shown beside the record, and changes nothing of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from PIL import ExifTags, Image
from redis import Redis
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from geo.datum import from_wgs84
from server import wiring
from server.photos import comparing_jobs, jobs, service
from server.photos.incoming import Incoming
from server.photos.store import Folder
from server.work import Work
from tests.build import County
from tests.integration.inspections.making import an_inspection, push, version_of_checklist
from tests.integration.ledger.acting import Cast, a_cast
from tests.pictures import sha256


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


@pytest.fixture
def client(cast: Cast) -> Iterator[FlaskClient]:
    with cast.county.client() as opened:
        yield opened


def taken(seed: int, at: str = "2026:11:20 09:10:00", place: tuple[float, float] | None = None) -> bytes:
    """Return a photo that says when (local time) and where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = at
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", _dms(place[0])
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", _dms(place[1])
    out = io.BytesIO()
    Image.new("RGB", (32, 24), (seed, 10, 20)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def _dms(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return (float(whole), float(minutes), round(((degrees - whole) * 60 - minutes) * 60, 4))


def inspect(cast: Cast, *photos: bytes, **data: Any) -> tuple[UUID, list[str]]:
    """Hand in an inspection that names photos; return its id and the warnings of the answer."""
    named = [{"sha256": sha256(photo).hex(), "role": "before"} for photo in photos]
    mutation = an_inspection(cast, version_of_checklist(cast), photos=named, **data)
    [outcome] = push(cast, [mutation])
    assert outcome.status == "applied", outcome.problem
    return mutation.entity_id, [warning.type for warning in outcome.warnings]


def arrive(cast: Cast, *photos: bytes) -> None:
    store = Folder(cast.county.settings.photo_store)
    for photo in photos:
        incoming = Incoming(store.temporary(), 10**6)
        incoming.write(photo)
        arrival = incoming.arrived(sha256(photo))
        with cast.county.transaction() as session:
            service.take(session, store, [arrival], now=cast.later())
        arrival.discard()


def work(cast: Cast) -> None:
    """Let the workers look into what arrived, and compare."""
    with Redis.from_url(cast.county.settings.redis_url) as redis:
        given = Work(cast.county.database, cast.county.settings, redis, cast.later())
        jobs.derive(given)
        comparing_jobs.compare(wiring.PHOTO_TELLINGS)(given)


def shown(cast: Cast, client: FlaskClient, inspection_id: UUID) -> Any:
    headers = cast.county.bearer(cast.dispatcher)
    return client.get(f"/api/v1/inspections/{inspection_id}", headers=headers).get_json()


def warned(cast: Cast, client: FlaskClient, inspection_id: UUID) -> list[str]:
    found = shown(cast, client, inspection_id)
    kinds = [one["type"] for photo in found["photos"] for one in photo["warnings"]]
    assert [one["type"] for one in found["warnings"] if one["pointer"].startswith("/photos/")] == kinds
    return kinds


def odd_photo(cast: Cast, client: FlaskClient, inspection_id: UUID) -> Any:
    [photo] = [one for one in shown(cast, client, inspection_id)["photos"] if one["received"]]
    return photo["warnings"]


@pytest.mark.parametrize(
    ("at", "east_m", "datum", "found"),
    [
        ("2026:11:20 09:10:00", 0, "wgs84", []),
        ("2026:11:21 09:00:00", 150, "wgs84", []),
        ("2026:11:18 09:10:00", 0, "wgs84", ["photo-time-differs"]),
        ("2026:11:20 09:10:00", 400, "wgs84", ["photo-place-differs"]),
        ("2026:11:20 09:10:00", 0, "gcj02", ["photo-in-gcj02"]),
        ("2026:12:24 09:10:00", 10, "gcj02", ["photo-in-gcj02", "photo-time-differs"]),
    ],
)
def test_a_photo_that_disagrees_with_its_record_is_warned_of(
    cast: Cast, client: FlaskClient, at: str, east_m: float, datum: Any, found: list[str]
) -> None:
    told = cast.location(east_m)
    lon, lat = (float(value) for value in from_wgs84(told["lon"], told["lat"], datum))
    photo = taken(1, at, (lon, lat))

    inspection_id, _ = inspect(cast, photo)
    arrive(cast, photo)
    work(cast)

    assert warned(cast, client, inspection_id) == found


def test_the_order_of_photo_and_record_makes_no_difference(cast: Cast, client: FlaskClient) -> None:
    photo = taken(1, "2026:10:01 09:00:00")
    arrive(cast, photo)
    work(cast)

    inspection_id, _ = inspect(cast, photo)
    work(cast)
    work(cast)

    [warning] = odd_photo(cast, client, inspection_id)
    assert (warning["type"], warning["hours"]) == ("photo-time-differs", 1200)
    assert "1200" in warning["detail"]
    assert "1200" in warning["detail_zh"]


def test_a_clock_known_to_be_wrong_is_corrected_first(cast: Cast, client: FlaskClient) -> None:
    honest = taken(1, "2026:11:17 09:10:00")
    inspection_id, _ = inspect(cast, honest)
    with cast.county.transaction() as session:
        ahead = timedelta(days=3) / timedelta(milliseconds=1)
        session.execute(text("UPDATE server.inspection SET skew_ms = :ahead"), {"ahead": int(ahead)})

    arrive(cast, honest)
    work(cast)

    assert warned(cast, client, inspection_id) == []


def test_the_same_bytes_in_two_inspections_are_warned_of_on_both(cast: Cast, client: FlaskClient) -> None:
    photo = taken(1)
    first, at_once = inspect(cast, photo)
    arrive(cast, photo)
    work(cast)
    before = shown(cast, client, first)

    second, at_push = inspect(cast, photo)
    work(cast)

    assert "photo-used-twice" not in at_once
    assert at_push.count("photo-used-twice") == 1
    for inspection_id, other in ((first, second), (second, first)):
        [warning] = odd_photo(cast, client, inspection_id)
        assert (warning["type"], warning["other_id"]) == ("photo-used-twice", str(other))
    after = shown(cast, client, first)
    for changed in ("photos", "warnings"):
        assert after.pop(changed) != before.pop(changed)
    assert after == before, "the record itself stays as it was"


def test_the_cases_of_one_inspection_may_share_its_photo(cast: Cast, client: FlaskClient) -> None:
    photo = taken(1)
    digest = sha256(photo).hex()
    found = {"count": {"value": 3}, "floor": {"value": 4}, "photos": [digest]}
    answers = {"fly_wires": {"instances": [found, {**found, "location": cast.location(60)}]}}

    inspection_id, _ = inspect(cast, photo, answers=answers)
    arrive(cast, photo)
    work(cast)

    assert warned(cast, client, inspection_id) == []
    for case_id in shown(cast, client, inspection_id)["case_ids"]:
        answer = client.get(f"/api/v1/cases/{case_id}", headers=cast.county.bearer(cast.dispatcher))
        assert [one["warnings"] for one in answer.get_json()["photos"]] == [[]]


def test_a_case_shows_what_is_odd_about_its_photos(cast: Cast, client: FlaskClient) -> None:
    lon, lat = cast.point
    photo = taken(1, place=(lon + 0.01, lat))
    found = {"count": {"value": 3}, "floor": {"value": 4}, "photos": [sha256(photo).hex()]}

    inspection_id, _ = inspect(cast, photo, answers={"fly_wires": {"instances": [found]}})
    arrive(cast, photo)
    work(cast)

    [case_id] = shown(cast, client, inspection_id)["case_ids"]
    answer = client.get(f"/api/v1/cases/{case_id}", headers=cast.county.bearer(cast.dispatcher))
    [odd] = answer.get_json()["photos"][0]["warnings"]
    assert odd["type"] == "photo-place-differs"
    assert odd["distance_m"] == pytest.approx(905, abs=10)


@pytest.mark.parametrize(
    ("kind", "other"),
    [("photo-used-twice", None), ("photo-time-differs", "gen_random_uuid()"), ("odd", None)],
)
def test_a_warning_without_sense_is_refused_by_the_database(cast: Cast, kind: str, other: str | None) -> None:
    inspect(cast, taken(1))
    sql = (
        "INSERT INTO server.photo_warning (entity, entity_id, sha256, type, other_id, noted_at)"
        f" SELECT entity, entity_id, sha256, '{kind}', {other or 'NULL'}, now()"
        " FROM server.photo_claim LIMIT 1"
    )

    with pytest.raises(IntegrityError), cast.county.transaction() as session:
        session.execute(text(sql))
