from datetime import UTC, datetime
from typing import Any

import pytest

from server.photos.claims import ClaimedPhoto, read_photos
from server.problems import InvalidInput

DIGEST = "9f" * 32


def test_photos_are_read_from_digests_and_from_objects() -> None:
    told = {"sha256": DIGEST.upper(), "role": "after", "taken_at": "2026-11-22T08:00:00Z", "odd": 1}

    photos = read_photos([DIGEST, told], "/photos", "before")

    assert photos == [
        ClaimedPhoto(bytes.fromhex(DIGEST), "before"),
        ClaimedPhoto(bytes.fromhex(DIGEST), "after", taken_at=datetime(2026, 11, 22, 8, tzinfo=UTC)),
    ]


@pytest.mark.parametrize("taken_at", ["yesterday", "2026-11-22T08:00:00", 7, None, ""])
def test_an_odd_time_counts_as_none(taken_at: Any) -> None:
    assert read_photos([{"sha256": DIGEST, "taken_at": taken_at}], "/photos")[0].taken_at is None


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"sha256": DIGEST}, "/data/photos"),
        ("photos", "/data/photos"),
        ([DIGEST] * 201, "/data/photos"),
        ([DIGEST, "9f"], "/data/photos/1"),
        ([{"sha256": "zz" * 32}], "/data/photos/0/sha256"),
        ([{"sha256": DIGEST, "role": "'; DROP TABLE photo"}], "/data/photos/0/role"),
        ([{}], "/data/photos/0/sha256"),
        ([None], "/data/photos/0"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_pointer(value: Any, pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_photos(value, "/data/photos")

    assert [fault["pointer"] for fault in refused.value.errors] == [pointer]
