"""The grammar of judgements and what a finding carries, also for checklists still to be written."""

from datetime import date
from time import perf_counter
from typing import Any

import pytest

from checklists.catalog import catalog
from checklists.deadlines import china_calendar
from checklists.errors import AnswersFaulty
from checklists.judge import Context, examine, judge, read_answers
from tests.unit.checklists.build import (
    PHOTO,
    TODAY,
    a_template,
    a_value,
    an_item,
    examined,
    instances,
    yielded,
)

LABELS = {"label_zh": "甲", "label_en": "One"}
CHOICES = [{"code": code, **LABELS} for code in ("price", "standard", "content")]
TASK = {"outcome": "task", "code": "look"}
CASE = "0198c0de-0000-7000-8000-000000000001"
OTHER = {"number": 901, "code": "other", "type": "num", **LABELS}


def holds(kind: str, when: dict[str, Any], value: object, **context: Any) -> bool:
    choices = CHOICES if kind in ("one", "many") else None
    item = an_item(code="it", type=kind, choices=choices, judgements=[{"when": when, **TASK}])
    answers = {"it": value if isinstance(value, dict) else {"value": value}, "other": {"value": 20}}
    verdict = examine(a_template(item, OTHER), answers, Context(**{"today": TODAY, **context}))
    assert verdict.faults == ()
    return bool(verdict.findings)


GRAMMAR: list[tuple[str, dict[str, Any], object, bool]] = [
    ("num", {"gte": 3}, 3, True),
    ("num", {"gte": 3}, 2.99, False),
    ("num", {"gt": 5}, 5, False),
    ("num", {"gt": 5}, 5.1, True),
    ("num", {"lt": 5}, 5, False),
    ("num", {"lte": 5}, 5, True),
    ("num", {"eq": 0}, 0, True),
    ("num", {"gte": 1, "lt": 3}, 3, False),
    ("num", {"lt": 0.9, "ratio_to": "other"}, 17, True),
    ("num", {"lt": 0.9, "ratio_to": "other"}, 18, False),
    ("yn", {"eq": False}, False, True),
    ("yn", {"eq": False}, {"na": True}, False),
    ("yn", {"eq": False}, {"not_inspected": "locked"}, False),
    ("yn", {"answered": False}, {"not_inspected": "unknown"}, True),
    ("yn", {"answered": False}, {"na": True}, False),
    ("text", {"eq": "none"}, "none", True),
    ("one", {"any_of": ["price", "content"]}, "content", True),
    ("one", {"any_of": ["price", "content"]}, "standard", False),
    ("many", {"any_of": ["price"]}, ["standard"], False),
    ("many", {"any_of": ["price", "content"]}, ["standard", "price"], True),
    ("many", {"missing_any": ["price", "standard", "content"]}, ["price", "standard"], True),
    ("many", {"missing_any": ["price", "standard"]}, ["content", "standard", "price"], False),
    ("many", {"missing_any": ["price"]}, [], True),
    ("date", {"before_today": True}, "2026-11-21", True),
    ("date", {"before_today": True}, "2026-11-22", False),
    ("date", {"older_than_days": 15}, "2026-11-07", False),
    ("date", {"older_than_days": 15}, "2026-11-06", True),
    ("date", {"older_than_days": {"fact": "interval", "default": 15}}, "2026-11-06", True),
    ("date", {"within_days": 180}, "2027-05-21", True),
    ("date", {"within_days": 180}, "2027-05-22", False),
    ("date", {"within_days": 180}, "2025-01-01", True),
    ("date", {"older_than_work_days": 3}, "2026-11-17", False),
    ("date", {"older_than_work_days": 3}, "2026-11-16", True),
    ("num", {"and": [{"gte": 3}, {"item": "other", "gte": 21}]}, 3, False),
    ("num", {"and": [{"gte": 3}, {"item": "other", "gte": 20}]}, 3, True),
    ("num", {"or": [{"gte": 30}, {"item": "other", "gte": 20}]}, 3, True),
    ("num", {"or": [{"gte": 30}, {"item": "other", "gte": 21}]}, 3, False),
]


@pytest.mark.parametrize(("kind", "when", "value", "expected"), GRAMMAR)
def test_a_condition_holds_or_not(kind: str, when: dict[str, Any], value: object, expected: bool) -> None:
    assert holds(kind, when, value) is expected


def test_work_days_follow_the_calendar_where_there_is_one() -> None:
    after_the_holidays = {"today": date(2026, 10, 9), "calendar": china_calendar()}

    assert not holds("date", {"older_than_work_days": 3}, "2026-09-30", **after_the_holidays)
    assert holds("date", {"older_than_work_days": 3}, "2026-09-30", today=date(2026, 10, 9))


def test_a_ratio_to_nothing_is_no_finding() -> None:
    for total in ({"ports_total": a_value(0)}, {}, {"ports_total": {"na": True}}):
        assert examined("T2", {**total, "ports_working": a_value(0)}).findings == ()


def test_each_instance_is_judged_with_its_own_place_photos_and_case() -> None:
    here = {"lon": 117.27, "lat": 35.65, "accuracy_m": 6.5, "datum": "wgs84"}
    wires = instances(
        {"building_entrance": a_value("E-1"), "floor": a_value(1), "count": a_value(0)},
        {
            "building_entrance": a_value("E-2"),
            "floor": a_value(4),
            "count": a_value(3, photos=["a" * 64]),
            "location": here,
            "joins": CASE,
            "note": "西侧",
        },
    )

    [finding] = examined("T2", {"fly_wires": wires}).findings

    assert (finding.item_code, finding.number, finding.instance) == ("count", 15, 1)
    assert finding.pointer == "/answers/fly_wires/instances/1/count"
    assert finding.photos == ("a" * 64, PHOTO)
    assert (finding.location, finding.joins, finding.note, finding.asset) == (here, CASE, "西侧", "E-2")


def test_a_violation_without_its_photo_is_found_and_warned_of() -> None:
    verdict = examined("T1", {"fire_lane_clear": a_value(False)})

    assert [finding.missing for finding in verdict.findings] == [("photo",)]
    assert [(warning.type, warning.pointer) for warning in verdict.warnings] == [
        ("photo-missing", "/answers/fire_lane_clear")
    ]


def test_a_refusal_asks_for_its_paper() -> None:
    verdict = examined("T1", {"company_acted": a_value("refused")})

    assert verdict.findings[0].kind == "refusal"
    assert [warning.type for warning in verdict.warnings] == ["document-missing"]
    assert examined("T1", {"company_acted": a_value("refused", photos=[PHOTO])}).warnings == ()


def test_the_drawn_segment_is_the_shape_of_the_blocked_lane() -> None:
    segment = {"type": "LineString", "coordinates": [[117.27, 35.65], [117.28, 35.65]]}

    verdict = examined("T1", {"fire_lane_clear": a_value(False), "blocked_segment": a_value(segment)})

    assert verdict.findings[0].shape == segment


def test_the_walk_takes_only_pairs_of_the_category_table() -> None:
    verdict = examined(
        "T0", {"finding": instances({"category": a_value("dog_unlawful"), "severity": a_value("A")})}
    )

    assert [fault.pointer for fault in verdict.faults] == ["/answers/finding/instances/0/severity"]
    assert "B, C" in verdict.faults[0].detail


def test_a_blank_severity_is_taken_as_the_gravest_and_a_blank_category_finds_nothing() -> None:
    verdict = examined(
        "T0", {"finding": instances({"category": a_value("dog_unlawful")}, {"severity": a_value("C")})}
    )

    assert yielded(verdict) == [("violation", "dog_unlawful", "B")]
    assert [warning.type for warning in verdict.warnings] == ["blank-item", "blank-item"]


def test_faulty_answers_are_never_judged() -> None:
    template = catalog().get("T2")

    with pytest.raises(AnswersFaulty) as caught:
        judge(template, read_answers(template, {"ports_total": 3}), Context(today=TODAY))

    assert caught.value.errors[0]["pointer"] == "/answers/ports_total"


VEHICLES = an_item(
    code="vehicles",
    type="group",
    items=[{"code": "plate", "type": "text", **LABELS}],
    judgements=[{"when": {"seen_before": {"days": 15}}, "category": "zombie_vehicle", "severity": "C"}],
)


@pytest.mark.parametrize(
    ("first", "found"), [(date(2026, 11, 7), True), (date(2026, 11, 8), False), (None, False)]
)
def test_a_thing_seen_before_is_judged_by_the_day_it_was_first_seen(first: date | None, found: bool) -> None:
    seen = {} if first is None else {("vehicles", 1): first}
    answers = {"vehicles": instances({"plate": a_value("鲁H·1")}, {"plate": a_value("鲁H·2")})}

    verdict = examine(a_template(VEHICLES), answers, Context(today=TODAY, first_seen=seen))

    assert [finding.instance for finding in verdict.findings] == ([1] if found else [])


def test_a_known_fact_of_the_asset_replaces_the_default() -> None:
    when = {"older_than_days": {"fact": "interval", "default": 15}}
    lifts = an_item(
        code="lifts",
        type="group",
        judgements=None,
        items=[
            {"code": "lift", "type": "ref", **LABELS},
            {"code": "done_on", "type": "date", **LABELS, "judgements": [{"when": when, **TASK}]},
        ],
    )
    answers = {"lifts": instances({"lift": a_value("L-1"), "done_on": a_value("2026-11-01")})}

    def found(**context: Any) -> int:
        return len(examine(a_template(lifts), answers, Context(today=TODAY, **context)).findings)

    assert (found(), found(facts={("L-1", "interval"): 30}), found(facts={("L-2", "interval"): 30})) == (
        1,
        0,
        1,
    )


def test_a_judgement_for_each_makes_one_finding_of_every_choice() -> None:
    each = {"when": {"answered": True}, "for_each": True, "category": "facility_missing", "severity": "C"}
    item = an_item(type="many", choices=CHOICES, judgements=[each])

    verdict = examine(a_template(item), {"lane_clear": a_value(["price", "content"])}, Context(today=TODAY))

    assert [finding.choice for finding in verdict.findings] == ["price", "content"]


def test_a_deduction_takes_its_points_from_where_it_says() -> None:
    points = {"when": {"gt": 0}, "outcome": "deduction", "points": {"from": "points"}}
    item = an_item(
        type="group",
        judgements=None,
        items=[{"code": "points", "type": "num", **LABELS, "judgements": [points]}],
    )

    verdict = examine(
        a_template(item), {"lane_clear": instances({"points": a_value(2.5)})}, Context(today=TODAY)
    )

    assert [finding.points for finding in verdict.findings] == [2.5]


def test_twenty_five_answers_are_read_and_judged_in_well_under_a_millisecond() -> None:
    wire = {"building_entrance": a_value("E-1"), "floor": a_value(3), "count": a_value(2)}
    plain = {code: a_value(3) for code in ("ebikes_estimate", "ports_total", "ports_working")}
    answers = {**plain, "cuts_off_when_full": a_value(False), "fly_wires": instances(*[wire] * 7)}
    context = Context(today=TODAY)
    template = catalog().get("T2")

    def seconds() -> float:
        start = perf_counter()
        examine(template, answers, context)
        return perf_counter() - start

    assert min(seconds() for _ in range(200)) < 0.001


def test_a_severity_chosen_for_a_fixed_category_is_held_against_the_table_too() -> None:
    grades = [{"code": code, **LABELS} for code in ("A", "B")]
    judgement = {
        "when": {"answered": True},
        "category": "fire_lane_blocked",
        "severity": {"from": "lane_clear"},
    }
    template = a_template(an_item(type="one", choices=grades, judgements=[judgement]))

    grave, slight = (
        examine(template, {"lane_clear": a_value(grade)}, Context(today=TODAY)) for grade in "AB"
    )

    assert yielded(grave) == [("violation", "fire_lane_blocked", "A")]
    assert [fault.pointer for fault in slight.faults] == ["/answers/lane_clear"]
