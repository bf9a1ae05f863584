"""Figures of heat as values: what each metric makes of counts, and what is never told."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.heatmap import COUNTERS, STANDINGS, Asked, Counts, Metric, figures, whole_months
from geo.hexagons import RESOLUTIONS, hexagon_at, hexagon_ring, hexagons, hexagons_in

EVERY = ("a", "b", "c")
SOME = Counts(open_a=1, open_c=2, closed_b=3, ended_c=4, inspections=5)
AT = (117.2736, 35.6571)


def _asked(metric: Metric, severities: tuple[str, ...] = EVERY) -> Asked:
    return Asked(metric, severities, STANDINGS)


@pytest.mark.parametrize(
    ("metric", "severities", "value"),
    [
        ("count", EVERY, 10),
        ("count", ("b",), 3),
        ("open", EVERY, 3),
        ("severity_weighted", EVERY, 1 * 5 + 3 * 3 + 6 * 1),
        ("per_100_households", EVERY, 100 * 10 / 250),
        ("per_inspection", EVERY, 10 / 5),
    ],
)
def test_each_metric_makes_its_figure(metric: Metric, severities: tuple[str, ...], value: float) -> None:
    told = figures({"here": SOME}, _asked(metric, severities), {"here": 250.0})

    assert told["here"].value == pytest.approx(value)


def test_a_place_without_cases_and_visits_has_no_figure_and_is_never_zero() -> None:
    told = figures({"grey": Counts(), "clean": Counts(inspections=1)}, _asked("count"), None)

    assert (told["grey"].status, told["grey"].value) == ("not_visited", None)
    assert (told["clean"].status, told["clean"].value) == ("visited", 0)


def test_a_rate_upon_nothing_is_no_rate() -> None:
    told = figures({"here": Counts(open_a=1)}, _asked("per_inspection"), None)

    assert (told["here"].count, told["here"].value, told["here"].smoothed) == (1, None, None)


def test_a_small_place_is_drawn_towards_all_and_its_raw_figure_stays() -> None:
    counts = {"small": Counts(open_c=1), "large": Counts(open_c=20), "other": Counts(open_c=80)}

    told = figures(counts, _asked("per_100_households"), {"small": 2.0, "large": 1000.0, "other": 1000.0})

    small = told["small"]
    assert small.value == 50
    assert small.smoothed is not None
    assert 5 <= small.smoothed < 10


@given(st.lists(st.builds(Counts, **{name: st.integers(0, 99) for name in COUNTERS}), max_size=6))
def test_counts_of_places_add_up(counts: list[Counts]) -> None:
    whole = sum(counts, Counts())

    assert whole.cases(EVERY) == sum(one.cases(EVERY) for one in counts)


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        (None, None, True),
        (date(2026, 11, 1), date(2026, 11, 30), True),
        (date(2026, 2, 1), date(2028, 2, 29), True),
        (None, date(2026, 12, 31), True),
        (date(2026, 11, 2), None, False),
        (None, date(2028, 2, 28), False),
    ],
)
def test_whole_months_are_known(first: date | None, last: date | None, whole: bool) -> None:
    assert whole_months(first, last) is whole


def test_a_position_has_the_same_hexagon_as_number_and_as_text() -> None:
    columns = hexagons(*AT)

    assert {name: f"{cell:x}" for name, cell in columns.items() if cell is not None} == {
        f"h3_{resolution}": hexagon_at(*AT, resolution) for resolution in RESOLUTIONS
    }
    assert set(hexagons(None, None).values()) == {None}


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_a_window_finds_the_hexagon_of_every_position_in_it(resolution: int) -> None:
    found = hexagons_in(AT[0] - 0.01, AT[1] - 0.01, AT[0] + 0.01, AT[1] + 0.01, resolution)

    assert {
        hexagon_at(AT[0] + east, AT[1] + north, resolution)
        for east in (-0.01, 0, 0.01)
        for north in (-0.01, 0, 0.01)
    } <= set(found)
    ring = hexagon_ring(found[0])
    assert ring[0] == ring[-1]
    assert len(ring) in (6, 7, 8)
