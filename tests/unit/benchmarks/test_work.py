import io
from datetime import date

import orjson
import pytest
from multipart import MultipartSegment, PushMultipartParser
from PIL import Image

from checklists.catalog import catalog
from checklists.judge import Context, examine
from server.photos.signature import content_type_of
from tests.benchmarks.work import BOUNDARY, CHECKLIST, PHOTO_BYTES, Tablet, Work
from tests.pictures import sha256

ANSWERS = 25


def a_tablet() -> Tablet:
    version = catalog().get(CHECKLIST).version
    return Tablet(
        "0198c2a4-0000-7000-8000-000000000001",
        "token",
        version,
        "0198c2a4-0000-7000-8000-000000000002",
        "370831001001001",
        117.27,
        35.66,
    )


def test_a_photo_is_a_real_picture_of_200_kb_that_no_other_equals() -> None:
    work = Work(seed=1)

    photos = [work.photo() for _ in range(5)]

    assert {len(photo.content) for photo in photos} == {PHOTO_BYTES}
    assert len({photo.sha256 for photo in photos}) == 5
    for photo in photos:
        assert sha256(photo.content).hex() == photo.sha256
        assert content_type_of(photo.content[:64]) == "image/jpeg"
        with Image.open(io.BytesIO(photo.content)) as picture:
            picture.load()
            assert picture.size == (1280, 960)


def test_the_same_seed_draws_the_same_work() -> None:
    first, second, other = Work(seed=3), Work(seed=3), Work(seed=4)

    assert first.photo() == second.photo() != other.photo()
    assert first.answers(a_tablet(), []) == second.answers(a_tablet(), [])


@pytest.mark.parametrize(("violations", "findings"), [(0.0, 0), (1.0, 1)])
def test_an_inspection_has_25_answers_that_the_checklist_takes(violations: float, findings: int) -> None:
    answers = Work(seed=1, violations=violations).answers(a_tablet(), ["ab" * 32])

    verdict = examine(catalog().get(CHECKLIST), answers, Context(today=date(2026, 11, 22)))

    assert (verdict.faults, verdict.warnings) == ((), ())
    assert len(verdict.findings) == findings
    groups = answers["fly_wires"]["instances"]
    values = [part for instance in groups for part in instance.values() if isinstance(part, dict)]
    assert sum("value" in part for part in [*values, *answers.values()]) == ANSWERS


def test_a_push_carries_the_batch_first_and_then_each_photo_by_its_digest() -> None:
    tablet = a_tablet()

    push = Work(seed=1).push(tablet, inspections=2, photos=2)
    parts = _parts(push.body)

    batch = orjson.loads(parts.pop("batch"))
    assert [one["seq"] for one in batch["mutations"]] == [1, 2]
    assert tablet.next_seq == 3
    named = [photo["sha256"] for one in batch["mutations"] for photo in one["data"]["photos"]]
    assert {name: sha256(content).hex() for name, content in parts.items()} == {name: name for name in named}


def _parts(body: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    name = ""
    with PushMultipartParser(BOUNDARY) as parser:
        for event in parser.parse(body):
            if isinstance(event, MultipartSegment):
                name = event.name
                found[name] = b""
            elif event:
                found[name] += event
    return found
