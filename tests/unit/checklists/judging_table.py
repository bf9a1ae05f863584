"""Every item of every checklist: of judging ones what passes and what violates, of others what is malformed.

A path `group/part` speaks of an item inside a group; `besides` are answers next to it.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.unit.checklists.build import PHOTO

LINE = {"type": "LineString", "coordinates": [[117.27, 35.65], [117.28, 35.65]]}
RING = [[117.27, 35.65], [117.28, 35.65], [117.28, 35.66], [117.27, 35.65]]
AREA = {"type": "Polygon", "coordinates": [RING]}
DOCUMENTS = [
    "as_built_drawings",
    "equipment_papers",
    "acceptance_papers",
    "warranty_papers",
    "pipe_plans",
    "owner_register",
]
TASK, DEDUCTION, REFUSAL, GATE = "task", "deduction", "refusal", "gate"
LIFT = "lift_maintenance_inadequate"
NONE = object()


@dataclass(frozen=True)
class Judging:
    """An item that judges; `outcome` is `category/severity`, a kind, or several joined by ` + `."""

    code: str
    path: str
    passes: Any
    violates: Any
    outcome: str
    besides: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Other:
    """An item that yields nothing by itself."""

    code: str
    path: str
    accepted: Any
    malformed: Any


PORTS = {"ports_total": 20}
JUDGING = [
    Judging("T0", "finding", NONE, {"category": "dog_unlawful", "severity": "C"}, "dog_unlawful/C"),
    Judging("T1", "fire_lane_clear", True, False, "fire_lane_blocked/A"),
    Judging("T1", "entrance_clear", True, False, "entrance_blocked/A"),
    Judging("T1", "stairs_and_exits_clear", True, False, "evacuation_blocked/A"),
    Judging("T1", "vehicles_outside_bays", 0, 1, "parking_disorderly/C"),
    Judging("T1", "ladder_ground_clear", True, False, "fire_lane_blocked/A"),
    Judging("T1", "fire_marking_visible", True, False, "fire_marking_missing/C"),
    Judging("T1", "parking_plan", True, False, "parking_plan_missing/C"),
    Judging("T1", "company_acted", "not", "refused", REFUSAL),
    Judging("T2", "fly_wires/count", 0, 1, "private_wiring_charging/A"),
    Judging("T2", "charging_in_hall_or_stairs", False, True, "indoor_charging/A"),
    Judging("T2", "batteries_in_rooms", False, True, "indoor_charging/A"),
    Judging("T2", "ports_working", 18, 17, "charging_port_broken/C", PORTS),
    Judging("T2", "cuts_off_when_full", True, False, "charging_equipment_unsafe/B"),
    Judging("T2", "extinguishers_at_site", True, False, "charging_equipment_unsafe/B"),
    Judging("T3", "plots", NONE, {"outline": AREA}, "green_vegetable_plot/B"),
    Judging("T3", "public_area_occupied", NONE, {"occupied_by": "木棚"}, "green_public_area_occupied/B"),
    Judging("T3", "green_destroyed", False, True, "green_destroyed/B"),
    Judging("T3", "dead_or_missing_m2", 5, 5.1, "green_poor_upkeep/C"),
    Judging("T3", "rubbish_in_greenery", False, True, "green_poor_upkeep/C"),
    Judging("T3", "order_seriously_disturbed", False, True, "order_disturbed/A"),
    Judging("T4", "ads", 0, 1, "small_ad_not_cleared/C"),
    Judging("T4", "cleaning_log_shown", True, False, DEDUCTION),
    Judging(
        "T5",
        "posted",
        ["price", "standard", "content"],
        ["price", "content"],
        f"service_not_disclosed/C + {DEDUCTION}",
    ),
    Judging(
        "T5", "complaint_channel_posted", True, False, f"complaint_channel_not_disclosed/C + {DEDUCTION}"
    ),
    Judging("T5", "common_income_posted", True, False, f"common_income_not_disclosed/B + {DEDUCTION}"),
    Judging(
        "T5",
        "statement_covers",
        ["source", "amount", "use", "period"],
        ["source", "amount", "use"],
        f"common_income_disclosure_incomplete/B + {DEDUCTION}",
    ),
    Judging("T5", "posted_on", "2026-05-26", "2026-05-25", "common_income_disclosure_incomplete/B"),
    Judging("T6", "vehicles/in_fire_lane", False, True, "fire_lane_blocked/A"),
    Judging("T6", "vehicles/dust_flat_tyres_long_parked", False, True, "zombie_vehicle/C"),
    Judging("T7", "lifts/use_mark_until", "2026-11-22", "2026-11-21", f"{LIFT}/A"),
    Judging("T7", "lifts/last_maintenance_on", "2026-11-07", "2026-11-06", f"{LIFT}/B"),
    Judging("T7", "lifts/sheet_posted_and_signed", True, False, f"{LIFT}/B"),
    Judging("T7", "lifts/emergency_call_answered", True, False, f"{LIFT}/A"),
    Judging("T7", "lifts/out_of_service_without_notice", False, True, "lift_stopped/B"),
    Judging("T8", "damaged_parts/state", NONE, "damaged", "common_part_damaged/C"),
    Judging("T8", "damaged_parts/state", NONE, "dangerous", "common_part_damaged/A"),
    Judging("T8", "damaged_parts/fenced", True, False, TASK, {"state": "dangerous"}),
    Judging("T8", "equipment_upkeep/adequate", True, False, "equipment_not_maintained/B"),
    Judging("T9", "facilities_missing", [], ["lamp"], "facility_missing/C"),
    Judging("T9", "hydrants_and_extinguishers/in_order", True, False, "fire_facility_substandard/B"),
    Judging("T9", "camera_blind_areas", NONE, {"area": AREA}, "camera_blind_area/C"),
    Judging("T9", "access_control_works", True, False, "access_control_broken/C"),
    Judging("T9", "entrance_doors/closes", True, False, "entrance_door_broken/C"),
    Judging("T9", "water_handed_over", True, False, TASK),
    Judging("T9", "water_upkeep", True, False, "water_equipment_neglected/B"),
    Judging("T9", "power_handed_over", True, False, TASK),
    Judging("T9", "power_upkeep", True, False, "power_equipment_neglected/B"),
    Judging("T10", "keepers/count", 0, 1, "livestock_unlawful/B"),
    Judging("T11", "keepers/faults", [], ["off_lead"], "dog_unlawful/B"),
    Judging("T11", "keepers/fouling", False, True, "dog_unlawful/C"),
    Judging("T12", "board_present", True, False, "notice_board_missing/C"),
    Judging("T12", "contacts_missing", [], ["ecology"], "notice_board_stale/C"),
    Judging("T12", "phones_tried/rings", True, False, "notice_board_stale/C"),
    Judging("T12", "worker_named_is_assigned", True, False, TASK),
    Judging("T12", "register_shown", True, False, DEDUCTION),
    Judging("T12", "oldest_unanswered_on", "2026-11-18", "2026-11-16", "complaint_unanswered/C"),
    Judging("T13", "committee_term_ends_on", "2027-05-22", "2027-05-21", TASK),
    Judging("T13", "company_party_members", 2, 3, TASK, {"company_has_organisation": False}),
    Judging("T13", "committee_party_members", 2, 3, TASK, {"committee_has_organisation": False}),
    Judging("T13", "meetings_this_quarter/held", 1, 0, DEDUCTION),
    Judging("T14", "documents_complete", DOCUMENTS, DOCUMENTS[:-1], GATE),
    Judging("T14", "defects", NONE, {"part": "roof"}, "common_part_damaged/C"),
    Judging("T15", "obstacles", [], ["gas"], GATE),
    Judging("T16", "cleaning/cleaning_points", 0, 3, DEDUCTION),
    Judging("T16", "order/order_points", 0, 3, DEDUCTION),
    Judging("T16", "repairs/repairs_points", 0, 3, DEDUCTION),
    Judging("T16", "service_desk/service_desk_points", 0, 3, DEDUCTION),
    Judging("T16", "greenery/greenery_points", 0, 3, DEDUCTION),
]
OTHERS = [
    Other("T0", "finding/category", "dog_unlawful", "noise"),
    Other("T0", "finding/severity", "B", "D"),
    Other("T0", "rest_in_order", True, "perhaps"),
    Other("T0", "panorama", PHOTO, "panorama.jpg"),
    Other("T1", "blocked_segment", LINE, LINE["coordinates"]),
    Other("T1", "clear_width_m", 2.5, "2.5 m"),
    Other("T1", "parking_plan_on", "2026-02-28", "2026-02-30"),
    Other("T2", "fly_wires/building_entrance", "E-1", 3),
    Other("T2", "fly_wires/floor", -1, 1.5),
    Other("T2", "ebikes_estimate", 140, -1),
    Other("T2", "ports_total", 20, 19.5),
    Other("T2", "residents_know_the_place", True, []),
    Other("T3", "plots/outline", AREA, LINE),
    Other("T3", "public_area_occupied/occupied_by", "木棚", 3),
    Other("T3", "pruned_this_season", False, 0),
    Other("T4", "oldest_ad_over_one_day", True, "1"),
    Other("T4", "advertiser_phone", "138****0000", 13800000000),
    Other("T5", "posting_place", [PHOTO], {"photo": PHOTO}),
    Other("T6", "vehicles/plate", "鲁H·1****", 1),
    Other("T6", "badly_damaged", True, 1),
    Other("T6", "inspection_valid", True, 1),
    Other("T6", "scrapping_age", True, 1),
    Other("T7", "lifts/lift", "L-1", ""),
    Other("T8", "damaged_parts/part", "roof", "cellar"),
    Other("T8", "damaged_parts/cause", "wear", "age"),
    Other("T8", "damaged_parts/in_warranty", True, "2 years"),
    Other("T8", "damaged_parts/utility_owned", True, "water"),
    Other("T8", "damaged_parts/fund_payable", True, 1),
    Other("T8", "damaged_parts/estimate_yuan", 1200.5, "1200"),
    Other("T8", "equipment_upkeep/equipment", "Q-1", 1),
    Other("T9", "hydrants_and_extinguishers/facility", "F-1", 1),
    Other("T9", "camera_blind_areas/area", AREA, RING),
    Other("T9", "entrance_doors/door", "D-1", 1),
    Other("T9", "old_community_needs", ["lift", "insulation"], ["pool"]),
    Other("T9", "residents_consulted", True, "some"),
    Other("T10", "keepers/entrance", "E-1", 1),
    Other("T10", "keepers/kind", "pigeon", "tiger"),
    Other("T10", "keepers/smell_or_waste", True, "bad"),
    Other("T10", "keepers/household", "王**", ["王"]),
    Other("T11", "keepers/entrance", "E-1", 1),
    Other("T11", "keepers/count", 2, -2),
    Other("T11", "keepers/incident", "咬伤一人", 1),
    Other("T11", "keepers/household", "李*", {"name": "李"}),
    Other("T12", "phones_tried/contact", "market", "mayor"),
    Other("T13", "company_has_organisation", True, 3),
    Other("T13", "committee_has_organisation", True, 3),
    Other("T13", "dual_posts_held", ["service_director"], "service_director"),
    Other("T13", "meetings_this_quarter/kind", "joint", "party"),
    Other("T14", "defects/part", "door", "cellar"),
    Other("T14", "defect_list_signed", [PHOTO, "b" * 64], "signed"),
    Other("T14", "filed_on", "2026-11-01", "1 November"),
    Other("T15", "wall_distance_m", 3.2, "near"),
    Other("T15", "exit_distance_m", 6, -6),
    Other("T15", "transformer", "3#", 3),
    Other("T15", "spare_kva", 120, "much"),
    Other("T16", "cleaning/cleaning_fault", "bins_full", "smell"),
    Other("T16", "order/order_fault", "gate_unmanned", "noise"),
    Other("T16", "repairs/repairs_fault", "late", "never"),
    Other("T16", "service_desk/service_desk_fault", "rude", "slow"),
    Other("T16", "greenery/greenery_fault", "dry", "brown"),
    Other("T17", "staff_on_post", 4, "four"),
    Other("T17", "patron_officer_present", True, "late"),
    Other("T17", "duty_log_shown", False, "no log"),
]
NOT_INSPECTED_JUDGES = {("T15", "spare_kva")}
