from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest

from server.ledger.view import CaseView
from server.ledger.watermark import lines
from server.photos.claims import NamedPhoto

TABLET = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
CAMERA = datetime(2026, 11, 19, 20, 0, 5, tzinfo=UTC)
ARRIVAL = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


def a_case(**given: Any) -> CaseView:
    known = {
        "community_name": "泗河花园",
        "grid_cell_code": "370831001003001",
        "lon": 117.2736,
        "lat": 35.657134,
        "number": "370831-2026-000001",
    }
    return CaseView(**{**dict.fromkeys(field.name for field in fields(CaseView)), **known, **given})


def a_photo(**given: Any) -> NamedPhoto:
    known = {"taken_at": TABLET, "stored_at": ARRIVAL, "claimed_by": "张三"}
    return NamedPhoto(b"0" * 32, **{**known, **given})


def test_the_copy_says_when_where_who_and_which_case() -> None:
    assert lines(a_case(), a_photo()) == [
        "拍摄：2026-11-20 09:30:00 +08:00",
        "地点：泗河花园 · 网格 370831001003001 · 案卷坐标 117.27360, 35.65713",
        "人员：张三",
        "案卷：370831-2026-000001",
    ]


LINES: list[tuple[dict[str, Any], dict[str, Any], int, str]] = [
    ({}, {"camera_at": CAMERA}, 0, "拍摄：2026-11-20 09:30:00 +08:00"),
    ({}, {"taken_at": None, "camera_at": CAMERA}, 0, "拍摄：2026-11-20 04:00:05 +08:00"),
    ({}, {"taken_at": None}, 0, "到达：2027-01-01 00:00:00 +08:00"),
    ({}, {"taken_at": None, "stored_at": None}, 0, "时间：未知"),
    (
        {},
        {"lon": 117.1, "lat": 35.5},
        1,
        "地点：泗河花园 · 网格 370831001003001 · 照片坐标 117.10000, 35.50000",
    ),
    ({"lon": None, "lat": None}, {}, 1, "地点：泗河花园 · 网格 370831001003001"),
    ({"grid_cell_code": None, "lon": None}, {}, 1, "地点：泗河花园"),
    ({}, {"claimed_by": None}, 2, "人员：未知"),
    ({"number": None}, {}, 3, "案卷：未立案"),
]


@pytest.mark.parametrize(("case", "photo", "line", "expected"), LINES)
def test_a_line_says_what_is_known(
    case: dict[str, Any], photo: dict[str, Any], line: int, expected: str
) -> None:
    assert lines(a_case(**case), a_photo(**photo))[line] == expected
