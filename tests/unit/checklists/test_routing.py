"""Who acts first, by category and by what is known of the place."""

from typing import Any

import pytest

from checklists.categories import packaged_categories
from checklists.errors import RouteOpen, UnknownCategory
from checklists.judge import beside
from checklists.routing import Actor, PlaceFacts, ProblemFacts, first_actor, route
from tests.unit.checklists.build import a_value, examined, instances

PLACE = PlaceFacts(
    subdistrict="sihe_subdistrict",
    neighbourhood="n_001",
    company="c_001",
    developer="d_001",
    utility="water_works",
    operator="o_001",
    lift_maintainer="l_001",
)
COMPANY = Actor("property_company", "c_001")
FIRST: list[tuple[str, ProblemFacts, Actor]] = [
    ("fire_lane_blocked", ProblemFacts(), COMPANY),
    ("green_destroyed", ProblemFacts(), COMPANY),
    ("private_wiring_charging", ProblemFacts(), COMPANY),
    ("parking_plan_missing", ProblemFacts(), Actor("subdistrict", "sihe_subdistrict")),
    ("charging_port_broken", ProblemFacts(), Actor("charging_operator", "o_001")),
    ("lift_maintenance_inadequate", ProblemFacts(), Actor("department", "market_bureau")),
    ("lift_stopped", ProblemFacts(), Actor("lift_maintainer", "l_001")),
    ("livestock_unlawful", ProblemFacts(), Actor("department", "enforcement_bureau")),
    ("dog_unlawful", ProblemFacts(), Actor("department", "public_security_bureau")),
    ("common_part_damaged", ProblemFacts(), COMPANY),
    ("common_part_damaged", ProblemFacts(in_warranty=True), Actor("developer", "d_001")),
    (
        "common_part_damaged",
        ProblemFacts(utility_owned=True, in_warranty=True),
        Actor("utility", "water_works"),
    ),
    ("camera_blind_area", ProblemFacts(liability="developer"), Actor("developer", "d_001")),
    ("camera_blind_area", ProblemFacts(liability="fund"), COMPANY),
    ("notice_board_stale", ProblemFacts(), Actor("subdistrict", "sihe_subdistrict")),
]


@pytest.mark.parametrize(("category", "problem", "actor"), FIRST)
def test_the_table_says_who_acts_first(category: str, problem: ProblemFacts, actor: Actor) -> None:
    assert first_actor(packaged_categories()[category], PLACE, problem) == actor


@pytest.mark.parametrize(
    "category", ["fire_lane_blocked", "charging_port_broken", "lift_stopped", "facility_missing"]
)
def test_without_a_company_the_work_unit_or_the_neighbourhood_takes_its_place(category: str) -> None:
    row = packaged_categories()[category]
    bare = PlaceFacts(subdistrict="sihe_subdistrict", neighbourhood="n_001")
    compound = PlaceFacts(subdistrict="sihe_subdistrict", neighbourhood="n_001", work_unit="w_001")

    assert first_actor(row, bare) == Actor("neighbourhood", "n_001")
    assert first_actor(row, compound) == Actor("work_unit", "w_001")


def test_a_place_that_nobody_keeps_is_left_to_the_dispatcher() -> None:
    row = packaged_categories()["common_part_damaged"]
    empty = PlaceFacts(subdistrict="sihe_subdistrict")

    with pytest.raises(RouteOpen):
        first_actor(row, empty)
    with pytest.raises(RouteOpen):
        first_actor(row, empty, ProblemFacts(in_warranty=True))


def test_a_grave_case_is_copied_to_its_departments_at_filing() -> None:
    rows = packaged_categories()

    grave = route(rows["fire_lane_blocked"], "A", PLACE)
    slight = route(rows["small_ad_not_cleared"], "C", PLACE)

    assert grave.copied == grave.departments == ("public_security_bureau", "emergency_bureau")
    assert (grave.joint, grave.own_duty, grave.lead) == (True, True, "emergency_bureau")
    assert (slight.copied, slight.joint, slight.own_duty, slight.lead) == (
        (),
        False,
        False,
        "sihe_subdistrict",
    )


def test_a_missing_facility_is_repaired_by_neighbourhood_and_company_together() -> None:
    found = route(packaged_categories()["facility_missing"], "C", PLACE, ProblemFacts(liability="fund"))

    assert (found.unit_kind, found.unit_code) == ("property_company", "c_001")
    assert found.beside == (Actor("neighbourhood", "n_001"),)


def test_a_route_needs_a_severity_of_the_table() -> None:
    with pytest.raises(UnknownCategory):
        route(packaged_categories()["fire_lane_blocked"], "C", PLACE)


@pytest.mark.parametrize("code", packaged_categories())
def test_every_category_and_severity_has_a_route(code: str) -> None:
    row = packaged_categories()[code]

    for severity in row.severities:
        assert route(row, severity, PLACE).unit_code


@pytest.mark.parametrize(
    ("answered", "actor"),
    [
        ({"in_warranty": True, "cause": "wear"}, Actor("developer", "d_001")),
        ({"in_warranty": False, "cause": "build_defect"}, Actor("developer", "d_001")),
        ({"utility_owned": True}, Actor("utility", "water_works")),
        ({"fund_payable": True, "cause": "build_defect"}, Actor("developer", "d_001")),
        ({"fund_payable": True, "cause": "wear"}, COMPANY),
        ({"cause": "misuse"}, COMPANY),
        ({}, COMPANY),
    ],
)
def test_what_was_answered_beside_a_damage_decides_who_repairs_it(
    answered: dict[str, Any], actor: Actor
) -> None:
    given = {code: a_value(value) for code, value in answered.items()}
    verdict = examined("T8", {"damaged_parts": instances({}, {"state": a_value("damaged"), **given})})

    facts = ProblemFacts.of(beside(verdict.reading, verdict.findings[0]))

    assert first_actor(packaged_categories()["common_part_damaged"], PLACE, facts) == actor
