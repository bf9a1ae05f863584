"""Squares and hexagons over an area: who belongs, who is counted where, who lies beside whom."""

from __future__ import annotations

import gzip
from csv import DictReader
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box, shape

from geo.county_data import county
from geo.hotspots import getis_ord_star
from geo.neighbours import by_name
from geo.study import NoMetres, Study, TooManyPlaces, hexagons, squares

EMPTY = np.array([], dtype=np.float64)
ONE = (np.array([117.27]), np.array([35.66]))


@pytest.mark.parametrize(
    "study",
    [
        squares(*ONE, area=county().outline, metric_srid=4548, size_m=500),
        hexagons(*ONE, area=county().outline, resolution=8),
    ],
    ids=["squares", "hexagons"],
)
def test_every_empty_cell_of_the_county_takes_part_and_the_point_lies_in_its_own(study: Study) -> None:
    [full] = np.flatnonzero(study.counts)
    [outline] = study.outlines([int(full)])

    assert shape(outline).covers(Point(117.27, 35.66))
    assert study.counts.sum() == 1
    covered = sum(shape(one).area for one in study.outlines(range(len(study.ids))))
    assert covered == pytest.approx(county().outline.area, rel=0.03)
    assert len(set(study.ids)) == len(study.ids) == len(study.neighbours)
    assert study.neighbours.counts.max() in (6, 8)


def test_neighbourhood_is_mutual_and_the_same_cell_keeps_its_name() -> None:
    small = squares(*ONE, area=box(117.26, 35.65, 117.28, 35.67), metric_srid=4548, size_m=200)
    large = squares(*ONE, area=box(117.2, 35.6, 117.3, 35.7), metric_srid=4548, size_m=200)

    pairs = {
        (owner, int(other))
        for owner in range(len(small.ids))
        for other in small.neighbours.others[
            small.neighbours.starts[owner] : small.neighbours.starts[owner + 1]
        ]
    }
    assert pairs == {(b, a) for a, b in pairs}
    assert set(small.ids) < set(large.ids)
    assert small.ids[int(small.counts.argmax())] == large.ids[int(large.counts.argmax())]


@given(st.lists(st.booleans(), min_size=8, max_size=8))
def test_neighbours_among_some_are_those_of_a_loop(kept: list[bool]) -> None:
    ring = {i: [(i - 1) % 8, (i + 1) % 8] for i in range(8)}
    chosen = [i for i in range(8) if kept[i]]

    found = by_name(ring, range(8)).among(np.array(kept))

    assert found.starts.tolist() == by_name(ring, chosen).starts.tolist()
    assert found.others.tolist() == by_name(ring, chosen).others.tolist()


def test_cells_too_small_for_the_area_are_refused_before_they_are_made() -> None:
    half_the_world = box(-170, -80, 170, 80)

    with pytest.raises(TooManyPlaces):
        squares(*ONE, area=half_the_world, metric_srid=3857, size_m=100)
    with pytest.raises(TooManyPlaces):
        hexagons(*ONE, area=half_the_world, resolution=10)


def test_a_point_that_the_plane_cannot_show_is_told() -> None:
    with pytest.raises(NoMetres):
        squares(np.array([117.0, -153.0]), np.array([35.0, 0.0]), area=None, metric_srid=4548, size_m=1e6)


def test_no_point_at_all_leaves_empty_cells() -> None:
    study = squares(EMPTY, EMPTY, area=box(117.2, 35.6, 117.3, 35.7), metric_srid=4548, size_m=1000)

    assert len(study.ids) > 80
    assert study.counts.sum() == 0


def test_a_real_year_scores_the_same_as_over_its_bare_lattice(shared_data: Path) -> None:
    with gzip.open(shared_data / "boston_311_2015" / "boston_311_2015.csv.gz", "rt") as rows:
        points = np.array([(float(row["lon"]), float(row["lat"])) for row in DictReader(rows)])

    study = squares(points[:, 0], points[:, 1], area=None, metric_srid=26986, size_m=500, origin=(50, 400))

    assert int((getis_ord_star(study.counts, study.neighbours) > 2.576).sum()) == 22
