"""Places by the rules: exact distances, the rule that rejects, room for a shed; bills and power."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from server.siting.ground.area import Home
from server.siting.rows.books import Price, Rate, Rates, Rule, RuleSet
from server.siting.scenarios.money import (
    Terms,
    Transformer,
    bill_of,
    community_sums,
    fed,
    least_of_each,
    limits_kw,
    power_sums,
)
from server.siting.scenarios.spots import Ground, How, Spot, Spots, Wanted, find_spots, grounds_for

HOME = Home("c", "某小区", "old_estate", "370831001003", 100, shapely.box(0, 0, 100, 100))
WALL = Rule("wall", "building", 3.0, "m", True, "guide")
EXIT = Rule("exit", "entrance", 6.0, "m", False, "guide")
SPACE = Rule("space_m2", "figure", 2.2, "m2", True, "guide")
HOUSE = np.array([shapely.box(40, 40, 60, 60)], dtype=np.object_)
YARD = Ground("g", "c", "yard", shapely.box(0, 0, 100, 100))
RATES = Rates({"port_kw": Rate(0.3, ""), "cable_detour": Rate(1.5, ""), "power_factor": Rate(0.9, "")}, {})


def look(
    grounds: list[Ground] | None = None,
    wanted: tuple[Wanted, ...] = (),
    rules: tuple[Rule, ...] = (WALL, SPACE),
) -> Spots:
    things = {"building": HOUSE, "entrance": np.array([shapely.Point(50, 60)], dtype=np.object_)}
    how = How(step_m=10.0, apart_m=25.0, ports=20)
    return find_spots([HOME], grounds or [YARD], list(wanted), things, RuleSet("s", rules), how)


def by_status(spots: Spots, status: str) -> list[Spot]:
    return [spot for spot in spots.every if spot.status == status]


def test_what_is_rejected_keeps_the_rule_and_what_is_free_keeps_every_distance() -> None:
    spots = look()

    rejected, free = by_status(spots, "rejected"), by_status(spots, "free")
    assert {spot.rejected_by for spot in rejected} == {"wall"}
    assert spots.lost_m2["wall"] == len(rejected) * 100.0
    for spot in free:
        metres = shapely.distance(shapely.Point(spot.x, spot.y), HOUSE[0])
        assert spot.distance_m["wall"] == pytest.approx(metres, abs=0.01)
        assert metres >= 3.0
    assert all(np.hypot(a.x - b.x, a.y - b.y) >= 25.0 for at, a in enumerate(free) for b in free[at + 1 :])


def test_a_soft_rule_only_warns() -> None:
    spots = look(rules=(EXIT,))

    assert by_status(spots, "rejected") == []
    warned = [spot for spot in spots.every if spot.warnings]
    assert {spot.warnings for spot in warned} == {("exit",)}
    assert all(np.hypot(spot.x - 50, spot.y - 60) < 6.0 for spot in warned)


def test_ground_too_small_for_a_shed_is_rejected_unless_a_shed_stands_there() -> None:
    small = shapely.box(0, 0, 6, 6)

    yard = look([Ground("g", "c", "yard", small)])
    shed = look([Ground("g", "c", "bike_shed", small)])

    assert {spot.rejected_by for spot in yard.every} == {"space_m2"}
    [spot] = by_status(shed, "free")
    assert (spot.kind, spot.has_shed) == ("shed", True)


def test_drawn_points_are_held_to_the_rules_and_what_stands_is_not() -> None:
    inside = Wanted("p1", "drawn", "北门", 50.0, 50.0, 30)
    beside = Wanted("p2", "drawn", "南门", 20.0, 20.0, 30)
    stands = Wanted("f1", "existing", "旧棚", 50.0, 38.0, 10, True, "c")

    told = {spot.id: spot for spot in look(wanted=(inside, beside, stands)).every}

    assert (told["p1"].status, told["p1"].rejected_by) == ("rejected", "wall")
    assert (told["p2"].status, told["p2"].ports, told["p2"].community_id) == ("free", 30, "c")
    assert told["f1"].status == "existing"


def test_a_community_without_drawn_ground_is_taken_whole_only_if_wanted() -> None:
    drawn = {"id": "g", "community_id": "d", "kind": "green", "shape": shapely.box(0, 0, 9, 9)}

    assert [one.kind for one in grounds_for([HOME], [drawn], ("yard",), outline=True)] == ["outline"]
    assert grounds_for([HOME], [drawn], ("yard",), outline=False) == []


def a_spot(name: str, status: Any = "free", ports: int = 20, **more: Any) -> Spot:
    return Spot(
        name, "grid", "", 0.0, 0.0, more.pop("community_id", "c"), None, None, ports, False, status, **more
    )


def terms(spare_kva: float | None = 40.0, **paid_by: str) -> Terms:
    prices = {
        "port": Price(300.0, "investor", ""),
        "shed_m2": Price(100.0, "budget", ""),
        "cable_m": Price(10.0, "budget", ""),
        "camera": Price(1000.0, "budget", ""),
    }
    camera = Rule("camera_above_spaces", "figure", 100.0, "spaces", False, "")
    transformer = Transformer("t", "箱变", "c", 30.0, 40.0, spare_kva)
    return Terms(prices, RATES, RuleSet("s", (SPACE, camera)), [transformer], paid_by)


def test_a_bill_counts_what_the_budget_pays_apart() -> None:
    bill = bill_of(a_spot("a"), terms())

    assert bill.items["shed_m2"] == {"quantity": 44.0, "yuan": 4400.0, "paid_by": "budget"}
    assert bill.items["cable_m"]["quantity"] == 75.0
    assert (bill.yuan, bill.budget_yuan) == (6000.0 + 4400.0 + 750.0, 5150.0)
    assert (bill.kw, bill.transformer) == (6.0, "t")
    assert bill_of(a_spot("a"), terms(shed_m2="investor")).budget_yuan == 750.0
    assert "camera" in bill_of(a_spot("a", ports=120), terms()).items
    assert bill_of(a_spot("a", "existing"), terms()).yuan == 0.0


def test_what_a_transformer_cannot_feed_asks_for_no_site() -> None:
    spots = [a_spot("a"), a_spot("b", ports=200), a_spot("e", "existing", community_id="d")]
    bills = {spot.id: bill_of(spot, terms()) for spot in spots}
    limits = limits_kw(terms().transformers, RATES)

    assert [spot.id for spot in fed(spots, bills, limits)] == ["a", "e"]
    [power] = power_sums(spots, bills, limits)
    assert (power["of"], power["most"]) == ({"a": 6.0, "b": 60.0}, 36.0)
    assert [one["of"] for one in community_sums(fed(spots, bills, limits))] == [{"a": 1.0}, {"e": 1.0}]
    assert least_of_each(spots, bills) == (bills["a"].budget_yuan, 1)
    assert limits_kw(terms(None).transformers, RATES) == {}
