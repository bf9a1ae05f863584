"""The duties of all 20 measures as routes: who acts first, urges and investigates, who is told at once."""

import json
from pathlib import Path

import pytest

from checklists.categories import packaged_categories
from checklists.routing import PlaceFacts, ProblemFacts, measure_of, route

PLAN = Path(__file__).parents[3] / "server" / "programme" / "data" / "programme_sishui.json"
PLACE = PlaceFacts(
    subdistrict="sihe",
    neighbourhood="n_1",
    company="company",
    developer="developer",
    utility="water",
    operator="operator",
    lift_maintainer="lifts",
)
SAFE, POLICE, BUILDING = "emergency_bureau", "public_security_bureau", "housing_bureau"
MARKET, CITY = "market_bureau", "enforcement_bureau"
WARRANTY, UTILITY = ProblemFacts(in_warranty=True), ProblemFacts(utility_owned=True)
DEFECT, FUND = ProblemFacts(liability="developer"), ProblemFacts(liability="fund")
KNOWN_NOTHING = ProblemFacts()
# Measures whose work is no case of the ledger: pilots, stars, hand-over, committees, exit (see the plan).
WITHOUT_CASES = {1, 4, 5, 6, 8}

# measure, category, severity, problem: who acts first, who urges, who investigates, who acts by law at once,
# who is told at filing
Row = tuple[int, str, str, ProblemFacts, str, str, tuple[str, ...], bool, tuple[str, ...]]
NOTHING = KNOWN_NOTHING
DUTIES: list[Row] = [
    (2, "service_not_disclosed", "C", NOTHING, "company", "n_1", (MARKET, BUILDING), False, ()),
    (3, "notice_board_missing", "C", NOTHING, "sihe", "construction_hq", (), False, ()),
    (3, "complaint_unanswered", "C", NOTHING, "sihe", "construction_hq", (), False, ()),
    (7, "facility_missing", "C", NOTHING, "company", "n_1", (BUILDING,), False, ()),
    (7, "camera_blind_area", "B", DEFECT, "developer", BUILDING, (BUILDING, POLICE), False, ()),
    (7, "fire_facility_substandard", "B", FUND, "company", "n_1", (BUILDING, SAFE), False, ()),
    (7, "power_equipment_neglected", "C", UTILITY, "water", "sihe", (BUILDING, "power_company"), False, ()),
    (9, "green_destroyed", "B", NOTHING, "company", "n_1", (CITY,), True, ()),
    (9, "green_vegetable_plot", "B", NOTHING, "company", "n_1", (CITY,), True, ()),
    (9, "green_poor_upkeep", "C", NOTHING, "company", "n_1", (BUILDING,), False, ()),
    (9, "order_disturbed", "A", NOTHING, "company", "n_1", (POLICE,), True, (POLICE,)),
    (10, "small_ad_not_cleared", "C", NOTHING, "company", "n_1", (CITY,), False, ()),
    (11, "common_income_not_disclosed", "B", NOTHING, "company", "n_1", (MARKET,), True, ()),
    (12, "fire_lane_blocked", "A", NOTHING, "company", "n_1", (POLICE, SAFE), True, (POLICE, SAFE)),
    (12, "parking_disorderly", "C", NOTHING, "company", "n_1", (POLICE,), False, ()),
    (12, "parking_plan_missing", "C", NOTHING, "sihe", SAFE, (), False, ()),
    (13, "private_wiring_charging", "A", NOTHING, "company", "n_1", (SAFE, POLICE), False, (SAFE, POLICE)),
    (14, "charging_port_broken", "C", NOTHING, "operator", "n_1", (), False, ()),
    (15, "lift_maintenance_inadequate", "A", NOTHING, MARKET, "sihe", (MARKET,), False, ()),
    (15, "lift_stopped", "A", NOTHING, "lifts", "n_1", (MARKET,), False, (MARKET,)),
    (16, "entrance_door_broken", "C", WARRANTY, "developer", BUILDING, (BUILDING,), False, ()),
    (17, "zombie_vehicle", "C", NOTHING, "company", "n_1", (POLICE,), True, ()),
    (18, "common_part_damaged", "A", NOTHING, "company", "n_1", (BUILDING,), False, (BUILDING,)),
    (18, "common_part_damaged", "C", WARRANTY, "developer", BUILDING, (BUILDING,), False, ()),
    (18, "equipment_not_maintained", "C", UTILITY, "water", "sihe", (BUILDING,), False, ()),
    (19, "livestock_unlawful", "B", NOTHING, CITY, "sihe", (CITY,), False, ()),
    (20, "dog_unlawful", "B", NOTHING, POLICE, "sihe", (POLICE,), False, ()),
]


@pytest.mark.parametrize("row", DUTIES, ids=lambda row: f"{row[0]}-{row[1]}-{row[4]}")
def test_a_case_goes_where_the_duties_of_its_measure_say(row: Row) -> None:
    measure, code, severity, problem, first, urging, departments, by_law, told = row
    category = packaged_categories()[code]

    found = route(category, severity, PLACE, problem)

    assert measure in category.measures
    assert (found.unit_code, found.urging) == (first, urging)
    assert (found.departments, found.own_duty, found.copied) == (departments, by_law, told)


def test_every_measure_with_cases_has_a_row() -> None:
    held = {measure for row in packaged_categories().values() for measure in row.measures}

    assert {row[0] for row in DUTIES} == held == set(range(1, 21)) - WITHOUT_CASES


def test_a_unit_leads_that_the_plan_names_for_one_of_the_measures() -> None:
    plan = {one["seq"]: one["lead_units"] for one in json.loads(PLAN.read_text(encoding="utf-8"))["measures"]}

    for category in packaged_categories().values():
        leads = {unit for measure in category.measures for unit in plan[measure]}
        wanted = "sihe_subdistrict" if category.lead == "subdistrict" else category.lead
        assert wanted in leads, category.code


KINDS: list[tuple[tuple[int, ...], str, int]] = [
    ((7, 16), "commodity", 7),
    ((7, 16), "old_estate", 16),
    ((7, 16), "work_unit_compound", 16),
    ((13, 14), "old_estate", 13),
    ((18,), "work_unit_compound", 18),
]


@pytest.mark.parametrize(("measures", "kind", "counts"), KINDS)
def test_defects_of_old_communities_count_under_their_own_measure(
    measures: tuple[int, ...], kind: str, counts: int
) -> None:
    assert measure_of(measures, kind) == counts


def test_nobody_urges_himself() -> None:
    for place in (
        PLACE,
        PlaceFacts(subdistrict="sihe", neighbourhood="n_1"),
        PlaceFacts(subdistrict="sihe", company="c"),
    ):
        for category in packaged_categories().values():
            for severity in category.severities:
                found = route(category, severity, place)
                assert found.urging != found.unit_code
