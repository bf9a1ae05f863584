"""Columns of an analysis layer: filtered as asked, read once."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
import pytest

from server.maps.points.columns import Columns, LastRead, unpacked

NEVER = -(2**63)
FIRST, SECOND = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


def columns(*points: tuple[float, float, datetime | None, int]) -> Columns:
    packed = b"".join(
        struct.pack(">ddqi", lon, lat, NEVER if at is None else round(at.timestamp() * 1e6), category)
        for lon, lat, at, category in points
    )
    return unpacked(packed, ["dogs", "litter"])


POINTS = columns((117.1, 35.6, FIRST, 1), (117.2, 35.7, SECOND, 2), (117.3, 35.8, None, 0))


@pytest.mark.parametrize(
    ("since", "until", "categories", "chosen"),
    [
        (None, None, (), [True, True, True]),
        (FIRST, None, (), [True, True, False]),
        (None, SECOND, (), [True, False, False]),
        (SECOND, None, ("litter",), [False, True, False]),
        (None, None, ("dogs", "litter"), [True, True, False]),
        (None, None, ("unknown",), [False, False, False]),
    ],
)
def test_points_are_chosen_by_time_and_category(
    since: datetime | None, until: datetime | None, categories: tuple[str, ...], chosen: list[bool]
) -> None:
    assert POINTS.chosen(since, until, categories).tolist() == chosen


def test_each_point_finds_the_hexagon_it_lies_in() -> None:
    cells, number = POINTS.hexagons(9)

    assert len(cells) == 3
    assert sorted(number.tolist()) == [0, 1, 2]
    assert POINTS.hexagons(9)[0] is cells


def test_a_layer_is_read_once_until_another_is_asked_for() -> None:
    last, read, first, other = LastRead(), [], uuid4(), uuid4()

    def reading() -> Columns:
        read.append(1)
        return POINTS

    for layer in (first, first, other, first):
        last.of(layer, reading)

    assert len(read) == 3


def test_a_layer_too_large_to_be_held_is_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.maps.points.columns.MOST_HELD", 2)
    last, layer = LastRead(), uuid4()
    others = [
        columns((117.1, 35.6, FIRST, 1), (117.2, 35.7, None, 1), (117.3, 35.8, None, 0)) for _ in (1, 2)
    ]

    # mypy infers no type of a default that binds the loop's variable.
    found = [last.of(layer, lambda one=one: one) for one in others]  # type: ignore[misc]

    assert found[0] is others[0]
    assert found[1] is others[1]
    assert np.isfinite(POINTS.metres(4548)[0]).all()
