"""Demand from figures: households, rates, counts and cases in, e-bikes out, each explained."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.siting.ground.figures import Figure, Place, figured
from server.siting.rows.books import Rate, Rates

COUNTY = {
    "bikes_per_household": Rate(0.8, "survey"),
    "share_outside": Rate(0.5, "survey"),
    "case_weight": Rate(3.0, "default"),
}


def a_place(name: str, households: float = 20.0, x: float = 0.0, community: str = "c") -> Place:
    return Place(name, community, name, households, x, 0.0, 117.0, 35.0)


def demand(
    places: list[Place],
    counts: dict[str, Any] | None = None,
    cases: list[dict[str, Any]] | None = None,
    own: dict[tuple[str, str], Rate] | None = None,
) -> list[Figure]:
    return figured(places, Rates(COUNTY, own or {}), counts or {}, cases or [])


def a_case(x: float | None) -> dict[str, Any]:
    return {"community_id": "c", "x": x, "y": None if x is None else 0.0}


def test_households_times_rate_times_share() -> None:
    [one] = demand([a_place("1号楼")])

    assert (one.weight, one.bikes_by) == (8, "rate")
    assert one.because() == (
        "20 households × 0.8 e-bikes × 0.5 charging outside = 8",
        "20 户 × 每户 0.8 辆 × 户外充电比例 0.5 = 8 辆",
    )


def test_a_count_takes_the_place_of_the_rate_and_is_shared_by_households() -> None:
    large, small = demand([a_place("1", 30.0), a_place("2", 10.0)], {"c": {"bikes": 60}})

    assert (large.bikes, small.bikes) == (45.0, 15.0)
    assert large.bikes_by == small.bikes_by == "count"
    assert "清点 60 辆" in large.because()[1]


def test_a_building_with_its_own_rate_keeps_it_and_is_taken_off_the_count() -> None:
    own = {("bikes_per_household", "1"): Rate(2.0, "door to door")}

    first, second = demand([a_place("1", 10.0), a_place("2", 10.0)], {"c": {"bikes": 50}}, own=own)

    assert (first.bikes, first.bikes_by) == (20.0, "own_rate")
    assert (second.bikes, second.bikes_by) == (30.0, "count")


def test_a_case_falls_to_the_nearest_building_and_one_without_a_place_to_all() -> None:
    near, far = demand(
        [a_place("1"), a_place("2", x=100.0)], cases=[a_case(10.0), a_case(None), a_case(5000.0)]
    )

    assert (near.cases, far.cases) == (2.0, 1.0)
    assert near.weight == (8 + 2 * 3)


@given(
    st.lists(st.floats(0, 500), min_size=1, max_size=12),
    st.integers(0, 2000),
    st.lists(st.one_of(st.none(), st.floats(-200, 1500)), max_size=10),
)
def test_nothing_of_a_count_or_a_case_is_lost(
    households: list[float], bikes: int, cases: list[float | None]
) -> None:
    places = [a_place(str(at), each, x=100.0 * at) for at, each in enumerate(households)]

    found = demand(places, {"c": {"bikes": bikes}}, [a_case(x) for x in cases])

    assert abs(sum(one.bikes for one in found) - bikes) < 1e-6
    assert abs(sum(one.cases for one in found) - len(cases)) < 1e-6
