"""Every way to push badly has its answer, nothing is half stored, and nothing is a 500."""

from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from sqlalchemy import text

from tests.integration.sync.pushing import an_item, statuses
from tests.pictures import jpeg

if TYPE_CHECKING:
    from tests.integration.fieldsync.conftest import TabletOverHttp, World

BOUNDARY = "----cut-here"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def envelopes(world: World) -> int:
    with world.db.transaction() as session:
        return int(session.execute(text("SELECT count(*) FROM sync.envelope")).scalar_one())


def parts(*named: tuple[str, bytes]) -> bytes:
    body = b""
    for name, content in named:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="f"\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()


def test_a_batch_is_answered_item_by_item(world: World) -> None:
    answer = world.tablet().push([an_item(1), an_item(2)])

    assert answer.status_code == 200
    assert statuses(answer.json) == ["applied", "applied"]


def test_gzip_is_taken(world: World) -> None:
    tablet = world.tablet()
    body = gzip.compress(orjson.dumps(tablet.envelope([an_item(1)])))

    answer = tablet.push_body(body, Content_Encoding="gzip")

    assert statuses(answer.json) == ["applied"]


def bomb(tablet: TabletOverHttp) -> bytes:
    return gzip.compress(b" " * 50_000_000)


def too_many(tablet: TabletOverHttp) -> bytes:
    return orjson.dumps(tablet.envelope([{"seq": 1}] * 10_000))


def for_another(tablet: TabletOverHttp) -> bytes:
    return orjson.dumps(tablet.envelope([], device_id="0198" * 8))


def with_a_gap(tablet: TabletOverHttp) -> bytes:
    return orjson.dumps(tablet.envelope([an_item(9)]))


BAD: dict[str, tuple[Any, dict[str, str], int, str]] = {
    "no JSON": (b"{", {}, 400, "unreadable-envelope"),
    "nothing": (b"", {}, 400, "unreadable-envelope"),
    "a list": (b"[]", {}, 400, "unreadable-envelope"),
    "plain text": (b"x", {"content_type": "text/plain"}, 415, "unsupported-media-type"),
    "brotli": (b"x", {"Content_Encoding": "br"}, 415, "unsupported-media-type"),
    "no gzip": (b"x", {"Content_Encoding": "gzip"}, 400, "unreadable-envelope"),
    "a gzip bomb": (bomb, {"Content_Encoding": "gzip"}, 413, "payload-too-large"),
    "too many bytes": (b" " * 2_000_000, {}, 413, "payload-too-large"),
    "far too many bytes": (b" " * 4_000_000, {}, 413, "payload-too-large"),
    "10,000 mutations": (too_many, {}, 413, "too-many-mutations"),
    "no boundary": (b"", {"content_type": "multipart/form-data"}, 400, "unreadable-envelope"),
    "no parts": (b"x", {"content_type": MULTIPART}, 400, "unreadable-envelope"),
    "no batch": (parts(("photo", b"x")), {"content_type": MULTIPART}, 400, "unreadable-envelope"),
    "another device": (for_another, {}, 403, "device-mismatch"),
    "a gap": (with_a_gap, {}, 409, "seq-gap"),
}


@pytest.mark.parametrize(("body", "how", "status", "slug"), BAD.values(), ids=BAD)
def test_a_bad_push_has_its_answer(
    world: World, body: Any, how: dict[str, str], status: int, slug: str
) -> None:
    tablet = world.tablet()

    refused = tablet.push_body(body if isinstance(body, bytes) else body(tablet), **how)

    assert (refused.status_code, refused.json["type"]) == (status, f"/problems/{slug}")
    assert refused.content_type == "application/problem+json"
    assert refused.json["detail_zh"]
    assert envelopes(world) == (1 if slug == "seq-gap" else 0)


def test_who_may_not_push(world: World) -> None:
    body = orjson.dumps({"device_id": "0198" * 8, "first_seq": 1, "mutations": []})

    def push(headers: dict[str, str]) -> tuple[int, str]:
        answer = world.client.post(
            "/sync/v1/push", data=body, content_type="application/json", headers=headers
        )
        return answer.status_code, answer.json["type"].removeprefix("/problems/")

    assert push({}) == (401, "not-signed-in")
    assert push({"Authorization": "Bearer x"}) == (401, "not-signed-in")
    assert push(world.office("walker")) == (403, "not-a-device")
    moved = world.tablet("other")
    with world.db.transaction() as session:
        session.execute(
            text("""UPDATE server."user" SET role = 'planner', unit_code = :unit WHERE username = 'other'"""),
            {"unit": "construction_hq"},
        )
    assert push(moved.headers) == (403, "not-yours")


def test_photos_come_along_in_one_request(world: World) -> None:
    tablet, photo = world.tablet(), jpeg(1)
    digest, text_digest = hashlib.sha256(photo).hexdigest(), hashlib.sha256(b"text").hexdigest()
    item = an_item(1, data={"photos": [digest, "ab" * 32, text_digest]})

    answer = tablet.push_body(
        parts(
            ("batch", orjson.dumps(tablet.envelope([item]))),
            (digest, photo),
            ("ab" * 32, photo),
            (text_digest, b"text"),
            ("x", b"y"),
        ),
        MULTIPART,
    )

    assert answer.json["results"][0]["missing_photos"] == ["ab" * 32, text_digest]
    kinds = [warning["type"] for warning in answer.json["warnings"]]
    assert kinds == ["checksum-mismatch", "not-a-picture", "unknown-part"]
    assert list((world.settings.photo_store / "incoming").iterdir()) == []


def test_whole_photos_survive_a_cut_of_the_request(world: World) -> None:
    tablet, first, second = world.tablet(), jpeg(1), jpeg(2)
    digests = [hashlib.sha256(photo).hexdigest() for photo in (first, second)]
    item = an_item(1, data={"photos": digests})
    whole = parts(("batch", orjson.dumps(tablet.envelope([item]))), (digests[0], first), (digests[1], second))

    answer = tablet.push_body(whole[:-200], MULTIPART)

    assert statuses(answer.json) == ["applied"]
    assert answer.json["results"][0]["missing_photos"] == [digests[1]]
    assert list((world.settings.photo_store / "incoming").iterdir()) == []


def test_a_photo_that_is_too_large_is_a_warning(world: World) -> None:
    tablet, photo = world.tablet(), jpeg(3) + b"\0" * 250_000
    digest = hashlib.sha256(photo).hexdigest()

    answer = tablet.push_body(
        parts(("batch", orjson.dumps(tablet.envelope([an_item(1)]))), (digest, photo)), MULTIPART
    )

    assert statuses(answer.json) == ["applied"]
    assert [warning["type"] for warning in answer.json["warnings"]] == ["photo-too-large"]
