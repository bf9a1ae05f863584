"""Who reaches what on foot: through open gates, not through shut ones, straight where no footway is near."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from geo.siting.ways import footways_of
from server.siting.ground.ways import Ways
from server.siting.scenarios.walking import Walked, walked

# A street along y = 0, and a path that leads from it through a gate at (100, 10) to a house at (100, 60).
STREET, PATH = [(0, 0), (100, 0), (200, 0)], [(100, 0), (100, 10), (100, 60)]
HOUSE, SHED = np.array([(100.0, 60.0)]), np.array([(150.0, 0.0)])


def a_gate(kind: str) -> dict[str, Any]:
    return {"id": kind, "kind": kind, "x": 100.0, "y": 10.0}


def walk(kind: str = "both", opened: str = "", lines: Any = (STREET, PATH), house: Any = HOUSE) -> Walked:
    shapes = np.array([shapely.LineString(line) for line in lines], dtype=np.object_)
    return walked(house, SHED, Ways(shapes, [a_gate(kind)], frozenset([opened])), 300.0)


def test_a_walk_goes_round_the_corner() -> None:
    found = walk()

    assert (found.by, found.off_demand, found.off_spots) == ("walking", 0, 0)
    assert found.metres.tolist() == [pytest.approx(110.0)]


def test_an_emergency_gate_is_shut_until_somebody_opens_it() -> None:
    assert len(walk("emergency").metres) == 0
    assert walk("emergency", opened="emergency").metres.tolist() == [pytest.approx(110.0)]


def test_a_loose_end_within_a_metre_is_tied_to_the_way_it_nearly_touches() -> None:
    near = [(100, 0.8), (100, 60)]
    far = [(100, 1.5), (100, 60)]

    assert walk(lines=([(0, 0), (200, 0)], near)).metres.tolist() == [pytest.approx(110.0, abs=0.5)]
    assert len(walk(lines=([(0, 0), (200, 0)], far)).metres) == 0


def test_where_no_footway_is_near_the_line_is_straight_and_that_is_said() -> None:
    away = np.array([(150.0, 250.0)])

    off = walk(house=away)
    none = walked(HOUSE, SHED, Ways(np.array([], dtype=np.object_), [], frozenset()), 300.0)

    assert (off.off_demand, off.metres.tolist()) == (1, [250.0])
    assert none.by == "straight"
    assert none.metres.tolist() == [pytest.approx(np.hypot(50, 60))]


def test_lines_meet_where_they_share_a_corner() -> None:
    lines = np.array([shapely.LineString(line) for line in (STREET, PATH)], dtype=np.object_)

    made = footways_of(lines, np.empty((0, 2)))

    assert len(made.xy) == 5
    assert np.bincount(made.ends.ravel()).tolist().count(3) == 1
