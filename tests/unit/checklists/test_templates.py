"""Each judging item of each template: an answer that passes and one that violates."""

from typing import Any

import pytest

from checklists.catalog import catalog, yields
from checklists.categories import packaged_categories, packaged_pairs
from tests.unit.checklists.build import PHOTO, a_value, examined, instances, yielded

YES, NO, SEEN = a_value(True), a_value(False), [PHOTO]
LINE = {"type": "LineString", "coordinates": [[117.27, 35.65], [117.28, 35.65]]}


def fly_wires(count: int) -> dict[str, object]:
    return instances({"building_entrance": a_value("E-1"), "floor": a_value(3), "count": a_value(count)})


def finding(category: str, severity: str) -> dict[str, object]:
    return instances({"category": a_value(category), "severity": a_value(severity)})


JUDGING: list[tuple[str, str, dict[str, Any], dict[str, Any], tuple[str, str | None, str | None]]] = [
    ("T0", "finding", {"instances": []}, finding("dog_unlawful", "C"), ("violation", "dog_unlawful", "C")),
    ("T1", "fire_lane_clear", YES, NO, ("violation", "fire_lane_blocked", "A")),
    ("T1", "entrance_clear", YES, NO, ("violation", "entrance_blocked", "A")),
    ("T1", "stairs_and_exits_clear", YES, NO, ("violation", "evacuation_blocked", "A")),
    ("T1", "vehicles_outside_bays", a_value(0), a_value(1), ("violation", "parking_disorderly", "C")),
    ("T1", "ladder_ground_clear", YES, NO, ("violation", "fire_lane_blocked", "A")),
    ("T1", "fire_marking_visible", YES, NO, ("violation", "fire_marking_missing", "C")),
    ("T1", "parking_plan", YES, NO, ("violation", "parking_plan_missing", "C")),
    ("T1", "company_acted", a_value("not"), a_value("refused"), ("refusal", None, None)),
    ("T2", "fly_wires", fly_wires(0), fly_wires(1), ("violation", "private_wiring_charging", "A")),
    ("T2", "charging_in_hall_or_stairs", NO, YES, ("violation", "indoor_charging", "A")),
    ("T2", "batteries_in_rooms", NO, YES, ("violation", "indoor_charging", "A")),
    ("T2", "ports_working", a_value(18), a_value(17), ("violation", "charging_port_broken", "C")),
    ("T2", "cuts_off_when_full", YES, NO, ("violation", "charging_equipment_unsafe", "B")),
    ("T2", "extinguishers_at_site", YES, NO, ("violation", "charging_equipment_unsafe", "B")),
]
OTHERS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("T0", "rest_in_order", YES, a_value("perhaps")),
    ("T0", "panorama", a_value(PHOTO), a_value("panorama.jpg")),
    ("T1", "blocked_segment", a_value(LINE), a_value([[117.27, 35.65], [117.28, 35.65]])),
    ("T1", "clear_width_m", a_value(2.5), a_value("2.5 m")),
    ("T1", "parking_plan_on", a_value("2026-02-28"), a_value("2026-02-30")),
    ("T2", "ebikes_estimate", a_value(140), a_value(-1)),
    ("T2", "ports_total", a_value(20), a_value(19.5)),
    ("T2", "residents_know_the_place", {"na": True}, {"na": "yes"}),
]
CONTEXT = {"T2": {"ports_total": a_value(20)}}


@pytest.mark.parametrize(("code", "item", "passing", "violating", "outcome"), JUDGING)
def test_a_judging_item_passes_or_yields_its_outcome(
    code: str, item: str, passing: Any, violating: Any, outcome: tuple[str, str | None, str | None]
) -> None:
    besides = CONTEXT.get(code, {})

    passed = examined(code, {**besides, item: passing})
    violated = examined(code, {**besides, item: violating})

    assert (passed.faults, passed.findings) == ((), ())
    assert violated.faults == ()
    assert yielded(violated) == [outcome]


@pytest.mark.parametrize(("code", "item", "accepted", "malformed"), OTHERS)
def test_an_item_that_does_not_judge_is_accepted_or_malformed(
    code: str, item: str, accepted: Any, malformed: Any
) -> None:
    took = examined(code, {item: accepted})
    refused = examined(code, {item: malformed})

    assert (took.faults, took.findings) == ((), ())
    assert [fault.pointer.startswith(f"/answers/{item}/") for fault in refused.faults] == [True]


def test_every_item_of_every_template_has_its_row_here() -> None:
    rows = {(code, item) for code, item, *_ in JUDGING} | {(code, item) for code, item, *_ in OTHERS}
    judging = {(code, item) for code, item, *_ in JUDGING}
    items = [(template.code, item) for template in catalog().current() for item in template.items]

    assert {(code, item.code) for code, item in items} == rows
    assert {(code, item.code) for code, item in items if item.judges} == judging


@pytest.mark.parametrize("template", catalog().current(), ids=lambda template: template.code)
def test_whatever_an_item_can_yield_has_a_route_a_limit_and_a_radius(template: Any) -> None:
    for category, severity in yields(template, packaged_pairs()):
        row = packaged_categories()[category]

        assert row.limit(severity).amount > 0
        assert row.first
        assert (row.radius_m or 0) > 0 or row.radius_scope is not None


def test_the_daily_walk_offers_every_category_and_the_fifteen_most_frequent_first() -> None:
    document = catalog().get("T0").document
    choices = document["items"][0]["items"][0]["choices"]

    assert {choice["code"] for choice in choices} == set(packaged_categories())
    assert [choice.get("frequent", False) for choice in choices[:16]] == [True] * 15 + [False]


def test_no_number_of_an_item_is_used_twice_in_the_whole_set() -> None:
    numbers = [item.number for template in catalog().current() for item in template.items]

    assert len(set(numbers)) == len(numbers)
