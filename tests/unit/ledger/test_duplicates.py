"""Which cases of one category may be the same problem."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.ledger.duplicate_rules import Radius, Spot, near
from server.ledger.facts import Place
from tests.unit.ledger.casting import an_id

HERE = Spot(an_id("here"), None, Place(117.2736, 35.6571, 5.0))
METRES, COMMUNITY, LIFT = Radius(15.0, "distance"), Radius(None, "community"), Radius(None, "lift")


def away(metres: float, accuracy_m: float | None = 5.0) -> Place:
    return Place(117.2736, 35.6571 + metres / 111_195, accuracy_m)


TABLE: list[tuple[str, dict[str, Any], dict[str, Any], Radius, str | None]] = [
    ("within the radius", {}, {"place": away(14)}, METRES, "within_radius"),
    ("within the radius and both errors", {}, {"place": away(24)}, METRES, "within_radius"),
    ("beyond them", {}, {"place": away(26)}, METRES, None),
    ("an error counts up to 100 m", {}, {"place": away(119, 900.0)}, METRES, "within_radius"),
    ("and no further", {}, {"place": away(121, 900.0)}, METRES, None),
    ("over the fence of the community", {}, {"community_id": an_id("there")}, METRES, "within_radius"),
    ("without a place", {}, {"place": None}, METRES, None),
    (
        "the same asset at any distance",
        {"asset": "7"},
        {"asset": "7", "place": away(500)},
        METRES,
        "same_asset",
    ),
    (
        "the same asset name elsewhere",
        {"asset": "7"},
        {"asset": "7", "community_id": an_id("there")},
        LIFT,
        None,
    ),
    ("one for the community", {}, {"place": None}, COMMUNITY, "same_community"),
    ("one for another community", {}, {"community_id": an_id("there")}, COMMUNITY, None),
    ("the same lift", {"asset": "lift 1"}, {"asset": "lift 1"}, LIFT, "same_asset"),
    ("another lift in the same hall", {"asset": "lift 1"}, {"asset": "lift 2"}, LIFT, None),
    ("no lift named", {}, {}, LIFT, None),
]


@pytest.mark.parametrize(("why", "one", "other", "radius", "reason"), TABLE, ids=[row[0] for row in TABLE])
def test_two_cases_may_be_one(
    why: str, one: dict[str, Any], other: dict[str, Any], radius: Radius, reason: str | None
) -> None:
    first, second = replace(HERE, **one), replace(HERE, **other)

    for left, right in ((first, second), (second, first)):
        found = near(left, right, radius)
        assert (found.reason if found else None) == reason
