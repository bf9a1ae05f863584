"""What another siting rule or rate would mean is told by the rules themselves, before it is set."""

from __future__ import annotations

from typing import Any

import pytest

from server.siting.ground.figures import Figure, Place
from server.siting.rows.books import Rate, Rates, RuleSet
from server.siting.scenarios.foreseeing import demand_lines, lines_of, with_rate, with_rule
from server.siting.scenarios.spots import Wanted
from tests.unit.siting.test_spots import WALL, look

SITE = Wanted("s", "site", "东门", 36.0, 50.0, 20, community_id="c")
WIDER = {"kind": "building", "value": 12, "unit": "m", "hard": True}


def lines(*values: dict[str, Any] | None) -> dict[str, tuple[int, int, int]]:
    held = RuleSet("s", (WALL,))
    sets = [held, with_rule(held, "wall", values[0])]
    now, then = (look(wanted=(SITE,), rules=one.rules) for one in sets)
    return {one["what"]: (one["now"], one["then"], one["of"]) for one in lines_of(now, then)}


def test_a_wider_distance_rejects_sites_and_grid_places() -> None:
    found = lines(WIDER)

    assert found["sites_rejected"] == (0, 1, 1)
    assert found["places_free"][1] < found["places_free"][0] < found["places_free"][2]
    assert found["communities_without_place"] == (0, 0, 1)


def test_a_distance_that_ends_or_only_warns_rejects_nothing() -> None:
    for values in (None, {**WIDER, "hard": False}):
        now, then, of = lines(values)["places_free"]
        assert now < then == of


def test_a_distance_beyond_the_community_leaves_it_without_a_place() -> None:
    assert lines({**WIDER, "value": 500})["communities_without_place"] == (0, 1, 1)


RATES = Rates({"case_weight": Rate(1.0, "")}, {("share_outside", "c"): Rate(0.5, "")})


@pytest.mark.parametrize(
    ("given", "values", "county", "own"),
    [
        ({"name": "case_weight", "place": None}, {"value": 3}, 3.0, 0.5),
        ({"name": "share_outside", "place": "c"}, {"value": 0.9}, 1.0, 0.9),
        ({"name": "share_outside", "place": "c"}, None, 1.0, None),
    ],
)
def test_one_rate_takes_the_place_of_another(
    given: dict[str, Any], values: dict[str, Any] | None, county: float, own: float | None
) -> None:
    found = with_rate(RATES, given, values)

    assert found.of("case_weight") == county
    assert (found.placed["share_outside", "c"].value if found.placed else None) == own


def a_figure(community: str, weight: int) -> Figure:
    place = Place(community, community, "", 10, 0, 0, 0, 0)
    return Figure(place, weight, 1, "rate", 1, "rate", 0, 0, weight, None, ())


def test_demand_is_told_for_the_county_and_for_how_many_communities() -> None:
    now, then = [a_figure("a", 3), a_figure("b", 4)], [a_figure("a", 3), a_figure("b", 9)]

    ebikes, changed = demand_lines(now, then)

    assert (ebikes["now"], ebikes["then"]) == (7, 12)
    assert (changed["then"], changed["of"]) == (1, 2)
