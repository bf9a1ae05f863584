"""The copy of a photo with a band of text: asked for over HTTP, made by the worker's job."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from PIL import Image
from redis import Redis
from sqlalchemy import text

from server import queue, wiring
from server.auth.actor import Actor
from server.photos import jobs as photo_jobs
from server.photos import service as photos
from server.photos.incoming import Incoming
from server.photos.store import Folder
from server.work import Work
from tests.build import JIHE_CELL, a_worker
from tests.integration.ledger.acting import Cast, a_digest, a_mutation, an_id
from tests.pictures import jpeg, sha256


class Desk:
    """The web application, the queue and the worker upon one county."""

    def __init__(self, cast: Cast, client: FlaskClient, redis: Redis) -> None:
        self.cast, self.client, self.redis = cast, client, redis
        self.store = Folder(cast.county.settings.photo_store)

    def get(self, case_id: UUID, digest: str, actor: Actor | None = None) -> Any:
        headers = self.cast.county.bearer(actor or self.cast.dispatcher)
        return self.client.get(
            f"/api/v1/cases/{case_id}/photos/{digest}/watermarked", headers=headers, buffered=True
        )

    def reported(self, content: bytes, *, looked_into: bool = True) -> tuple[UUID, str]:
        """Let a photo arrive and the worker report a case with it."""
        self.arrive(content)
        if looked_into:
            photo_jobs.derive(self.work())
        case_id, digest = an_id(), sha256(content).hex()
        data = {
            "category": "parking_disorderly",
            "severity": "C",
            "community_id": str(self.cast.community_id),
            "location": self.cast.location(),
            "description": "三辆车",
            "photos": [digest],
        }
        self.cast.push(self.cast.worker, a_mutation("case.report", case_id, data))
        return case_id, digest

    def arrive(self, content: bytes) -> None:
        incoming = Incoming(self.store.temporary(), 10**8)
        incoming.write(content)
        arrival = incoming.arrived(sha256(content))
        with self.cast.county.transaction() as session:
            photos.take(session, self.store, [arrival], now=self.cast.later())
        arrival.discard()

    def work(self) -> Work:
        county = self.cast.county
        return Work(county.database, county.settings, self.redis, self.cast.clock)

    def waiting(self) -> list[list[Any]]:
        """Return the jobs that wait for a worker, but for the comparing of photos."""
        jobs = (list(job.args) for job in queue.open_queue(self.redis).jobs)
        return [args for args in jobs if args[0] != "compare-photos"]

    def perform(self) -> None:
        """Do what waits, as a worker would."""
        waiting = queue.open_queue(self.redis)
        for job in waiting.jobs:
            name, *arguments = job.args
            wiring.JOBS[name](self.work(), *arguments)
            job.delete()


@pytest.fixture
def desk(cast: Cast, redis_url: str) -> Iterator[Desk]:
    with cast.county.client() as client, queue.connect(redis_url) as redis:
        yield Desk(cast, client, redis)


def test_a_copy_is_made_by_the_worker_and_then_downloaded(desk: Desk) -> None:
    content = jpeg(1, (800, 600), orientation=6)
    case_id, digest = desk.reported(content)

    first = desk.get(case_id, digest)
    again = desk.get(case_id, digest)
    waiting = desk.waiting()
    desk.perform()
    copy = desk.get(case_id, digest)

    assert (first.status_code, first.json) == (202, {"state": "being made"})
    assert first.headers["Retry-After"] == "1"
    assert again.status_code == 202
    assert waiting == [["watermark", str(case_id), digest]], "asked twice, made once"
    assert (copy.status_code, copy.content_type) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(copy.data)).size == (600, 800)
    assert "370831-2026-000001" in copy.headers["Content-Disposition"]
    assert desk.store.original(sha256(content)).read_bytes() == content


def test_a_line_that_changed_since_makes_a_new_copy(desk: Desk) -> None:
    case_id, digest = desk.reported(jpeg(1, (400, 300)))
    desk.get(case_id, digest)
    desk.perform()
    before = desk.get(case_id, digest)
    with desk.cast.county.owner() as session:
        session.execute(
            text("UPDATE server.\"user\" SET display_name = '李四' WHERE user_id = :id"),
            {"id": str(desk.cast.worker.user_id)},
        )

    asked = desk.get(case_id, digest)
    desk.perform()
    after = desk.get(case_id, digest)

    assert (asked.status_code, after.status_code) == (202, 200)
    assert before.headers["ETag"] != after.headers["ETag"]
    assert before.data != after.data


def test_the_browser_that_has_the_copy_is_told_so(desk: Desk) -> None:
    case_id, digest = desk.reported(jpeg())
    desk.get(case_id, digest)
    desk.perform()
    etag = desk.get(case_id, digest).headers["ETag"]

    headers = {**desk.cast.county.bearer(desk.cast.dispatcher), "If-None-Match": etag}
    answer = desk.client.get(
        f"/api/v1/cases/{case_id}/photos/{digest}/watermarked", headers=headers, buffered=True
    )

    assert answer.status_code == 304


def test_a_photo_nobody_has_looked_into_yet_is_looked_into_first(desk: Desk) -> None:
    case_id, digest = desk.reported(jpeg(), looked_into=False)

    assert desk.get(case_id, digest).status_code == 202
    assert desk.waiting() == [["derive"]]
    desk.perform()
    assert desk.get(case_id, digest).status_code == 202
    desk.perform()
    assert desk.get(case_id, digest).status_code == 200


def test_a_photo_that_cannot_be_decoded_is_told_with_the_reason(desk: Desk) -> None:
    case_id, digest = desk.reported(jpeg(1, (320, 240))[:900])

    answer = desk.get(case_id, digest)

    assert (answer.status_code, answer.json["type"]) == (422, "/problems/photo-unreadable")
    assert answer.json["refused_because"] == "damaged"
    assert desk.waiting() == []


def test_a_file_that_went_bad_since_ends_the_waiting(desk: Desk) -> None:
    case_id, digest = desk.reported(jpeg(1, (320, 240)))
    assert desk.get(case_id, digest).status_code == 202
    file = desk.store.original(bytes.fromhex(digest))
    file.unlink()
    file.write_bytes(b"torn")

    desk.perform()

    assert desk.get(case_id, digest).json["refused_because"] == "damaged"


def test_a_photo_that_has_not_arrived_is_missing(desk: Desk) -> None:
    case_id, _ = desk.cast.report(photos=[])
    digest = a_digest()
    desk.cast.order(
        desk.cast.dispatcher, "case.dispatch", case_id, unit=desk.cast.fixer.unit_code, demand="清"
    )
    desk.cast.order(desk.cast.fixer, "case.accept", case_id)
    desk.cast.order(
        desk.cast.fixer, "case.claim_fixed", case_id, done="已清走", paid_by="物业", photos=[digest]
    )

    answer = desk.get(case_id, digest)

    assert (answer.status_code, answer.json["type"]) == (404, "/problems/photo-missing")


def test_whoever_may_not_see_the_case_or_names_another_photo_finds_nothing(desk: Desk) -> None:
    case_id, digest = desk.reported(jpeg(1))
    other_case, other_digest = desk.reported(jpeg(2))
    with desk.cast.county.transaction() as session:
        stranger = a_worker(session, [JIHE_CELL])

    answers = [
        desk.get(case_id, digest, stranger),
        desk.get(case_id, other_digest),
        desk.get(other_case, digest),
        desk.get(an_id(), digest),
        desk.get(case_id, a_digest()),
        desk.get(case_id, "no-digest"),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert {answer.json["type"] for answer in answers} == {"/problems/not-found"}
    assert desk.waiting() == []


def test_nobody_gets_a_copy_unsigned(desk: Desk) -> None:
    case_id, digest = desk.reported(jpeg())

    answer = desk.client.get(f"/api/v1/cases/{case_id}/photos/{digest}/watermarked")

    assert answer.status_code == 401


def test_while_redis_is_away_the_answer_stands_and_the_next_request_asks_again(
    desk: Desk,
) -> None:
    case_id, digest = desk.reported(jpeg())
    extensions = desk.client.application.extensions
    there, away = extensions["wangge.redis"], Redis(port=1)
    extensions["wangge.redis"] = away
    try:
        assert desk.get(case_id, digest).status_code == 202
    finally:
        extensions["wangge.redis"] = there
        away.close()

    assert desk.get(case_id, digest).status_code == 202
    assert desk.waiting() == [["watermark", str(case_id), digest]]


def test_a_job_whose_case_or_photo_is_gone_does_nothing(desk: Desk) -> None:
    wiring.JOBS["watermark"](desk.work(), str(an_id()), a_digest())

    assert not (desk.store.root / "derived").exists()
