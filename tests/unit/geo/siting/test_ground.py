"""Candidates on open ground: exact distances, the reason kept for every rejected place."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, Polygon, box

from geo.siting.ground import DistanceRule, area_lost_m2, grid_on, judged, thinned

WALL = DistanceRule("outer wall", "building", 3.0, True, "Fuzhou trial guide 2025-02")
EXIT = DistanceRule("exit", "exit", 6.0, True, "Fuzhou trial guide 2025-02")
LANE = DistanceRule("fire lane", "fire_lane", 0.0, True, "Shandong rules of 2022-05-01")
SCHOOL = DistanceRule("beside a school", "school", 20.0, False, "Anhui guide")
RULES = (WALL, EXIT, LANE, SCHOOL)


def shapes(*geometries: shapely.Geometry) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array(geometries, dtype=np.object_)


def test_a_grid_lies_on_whole_multiples_whatever_else_is_planned() -> None:
    here, there = box(3, 4, 33, 24), box(103, 104, 113, 114)

    alone, _ = grid_on(shapes(here), 5.0)
    both, ground = grid_on(shapes(here, there), 5.0)

    assert set(map(tuple, alone.tolist())) == set(map(tuple, both[ground == 0].tolist()))
    assert (both % 5 == 0).all()


def test_ground_too_narrow_for_the_grid_still_gives_a_place() -> None:
    strip = box(1, 1, 2, 4)

    xy, _ = grid_on(shapes(strip), 10.0)

    [place] = xy.tolist()
    assert strip.covers(Point(place))


@pytest.mark.parametrize(
    ("metres", "rejected"), [(5.885, True), (5.999999, True), (6.0, False), (6.000001, False)]
)
def test_the_distance_is_exact_where_a_buffer_would_let_it_pass(metres: float, rejected: bool) -> None:
    angle = np.pi / 8
    place = np.array([[metres * np.cos(angle), metres * np.sin(angle)]])
    assert not Point(0, 0).buffer(6, quad_segs=2).covers(Point(5.885 * np.cos(angle), 5.885 * np.sin(angle)))

    found = judged(place, np.zeros(1, np.int64), [EXIT], {"exit": shapes(Point(0, 0))})

    assert bool(found.rejected_by[0] == 0) is rejected
    assert found.distance_m[0, 0] == pytest.approx(metres)


def test_every_rejected_place_keeps_its_rule_and_soft_rules_only_warn() -> None:
    xy = np.array([[0.0, 0.0], [20.0, 1.0], [50.0, 50.0], [80.0, 80.0], [200.0, 200.0]])
    things = {
        "building": shapes(box(-5, -5, -1, 5)),
        "exit": shapes(Point(20, 5)),
        "fire_lane": shapes(box(45, 45, 55, 55)),
        "school": shapes(box(90, 80, 99, 99)),
    }

    found = judged(xy, np.zeros(5, np.int64), RULES, things)

    assert [RULES[k].name if k >= 0 else None for k in found.rejected_by.tolist()] == [
        "outer wall",
        "exit",
        "fire lane",
        None,
        None,
    ]
    assert found.warned[3].tolist() == [False, False, False, True, False]


def test_what_rules_cost_is_told_in_square_metres() -> None:
    xy, ground = grid_on(shapes(box(0, 0, 100, 100)), 5.0)

    found = judged(xy, ground, RULES, {"building": shapes(box(-10, -10, 0, 110))})

    lost = area_lost_m2(found, RULES, 5.0)
    assert lost["outer wall"] == 0
    near = judged(xy - [4.0, 0], ground, RULES, {"building": shapes(box(-10, -10, 0, 110))})
    assert area_lost_m2(near, RULES, 5.0)["outer wall"] == 19 * 25


def test_no_place_of_a_random_compound_breaks_a_rule() -> None:
    random = np.random.default_rng(14)
    buildings = shapes(*(box(x, y, x + 40, y + 12) for x, y in random.uniform(0, 300, (12, 2))))
    exits = shapes(*(Point(p) for p in random.uniform(0, 340, (30, 2))))
    xy, ground = grid_on(shapes(Polygon([(0, 0), (340, 10), (300, 330), (20, 310)])), 7.0)

    found = judged(xy, ground, (WALL, EXIT), {"building": buildings, "exit": exits})

    for place in found.xy[found.free]:
        assert min(shapely.distance(Point(place), buildings)) >= 3.0
        assert min(shapely.distance(Point(place), exits)) >= 6.0
    for place, rule in zip(found.xy[~found.free], found.rejected_by[~found.free], strict=True):
        assert min(shapely.distance(Point(place), (buildings, exits)[rule])) < (3.0, 6.0)[rule]


def test_thinned_places_keep_their_distance() -> None:
    xy, ground = grid_on(shapes(box(0, 0, 60, 60)), 5.0)
    found = judged(xy, ground, RULES, {})

    kept = xy[thinned(found, 15.0)]

    apart = np.hypot(*(kept[:, None] - kept[None]).T)
    assert apart[~np.eye(len(kept), dtype=bool)].min() >= 15.0
    assert all(np.hypot(*(kept - place).T).min() < 15.0 for place in xy)
