"""What a tablet may answer: what is taken, what is taken with a warning, what is refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.catalog import catalog
from checklists.judge import Context, examine, read_answers
from tests.unit.checklists.build import PHOTO, TODAY, a_template, a_value, an_item, examined, instances

LABELS = {"label_zh": "甲", "label_en": "One"}
CHOICES = [{"code": "wall", **LABELS}, {"code": "roof", **LABELS}]
POINT = {"type": "Point", "coordinates": [117.27, 35.65]}
RING = [[117.27, 35.65], [117.28, 35.65], [117.28, 35.66], [117.27, 35.65]]


def pg(*rings: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def ln(*positions: object) -> dict[str, object]:
    return {"type": "LineString", "coordinates": list(positions)}


TAKEN: list[tuple[str, object, object]] = [
    ("yn", True, True),
    ("yn", "no", False),
    ("num", 3, 3),
    ("num", -0.5, -0.5),
    ("date", "2028-02-29", "2028-02-29"),
    ("one", "wall", "wall"),
    ("many", [], []),
    ("many", ["roof", "wall", "roof"], ["roof", "wall"]),
    ("text", "三号楼西侧", "三号楼西侧"),
    ("ref", "370831-L-17", "370831-L-17"),
    ("photo", PHOTO, [PHOTO]),
    ("sig", [PHOTO], [PHOTO]),
    ("pt", POINT, POINT),
    ("pt", {"lon": 117.27, "lat": 35.65}, {"lon": 117.27, "lat": 35.65}),
    ("ln", ln([117.27, 35.65], [117.28, 35.65, 70.1]), ln([117.27, 35.65], [117.28, 35.65, 70.1])),
    ("pg", pg(RING), pg(RING)),
]
REFUSED: list[tuple[str, object]] = [
    ("yn", 1),
    ("yn", "maybe"),
    ("num", "3"),
    ("num", True),
    ("num", float("nan")),
    ("num", float("inf")),
    ("num", 10**400),
    ("num", [3]),
    ("date", "2026-02-29"),
    ("date", "22.11.2026"),
    ("date", "0001-01-01"),
    ("date", 20261122),
    ("one", "door"),
    ("one", ["wall"]),
    ("many", "wall"),
    ("many", ["door"]),
    ("many", [["wall"]]),
    ("text", 3),
    ("text", "墙" * 2001),
    ("text", "a\0b"),
    ("text", "\ud800"),
    ("ref", ""),
    ("ref", {"id": 3}),
    ("photo", "9F" * 32),
    ("photo", []),
    ("sig", {"name": "王"}),
    ("pt", [117.27, 35.65]),
    ("pt", {"lon": 35.65, "lat": 117.27}),
    ("pt", {"type": "Point", "coordinates": [200, 35.65]}),
    ("pt", {"type": "Point", "coordinates": "117,35"}),
    ("ln", ln([117.27, 35.65])),
    ("ln", {"type": "Polygon", "coordinates": [RING]}),
    ("pg", pg()),
    ("pg", pg(RING[:3])),
    ("pg", pg([*RING[:3], [117.29, 35.66]])),
    ("pg", {"type": "Polygon", "coordinates": {"0": RING}}),
]


def template_of(kind: str) -> Any:
    choices = CHOICES if kind in ("one", "many") else None
    return a_template(an_item(code="it", type=kind, judgements=None, choices=choices))


@pytest.mark.parametrize(("kind", "raw", "value"), TAKEN)
def test_a_value_that_fits_its_type_is_taken(kind: str, raw: object, value: object) -> None:
    reading = read_answers(template_of(kind), {"it": {"value": raw}})

    assert (reading.faults, reading.warnings) == ((), ())
    assert reading.answers["it"].value == value


@pytest.mark.parametrize(("kind", "raw"), REFUSED)
def test_a_value_that_does_not_fit_is_a_fault_at_its_place(kind: str, raw: object) -> None:
    reading = read_answers(template_of(kind), {"it": {"value": raw}})

    assert reading.faults
    assert all(fault.pointer.startswith("/answers/it/value") for fault in reading.faults)
    assert all(fault.detail and fault.detail_zh for fault in reading.faults)


MALFORMED: list[tuple[str, object, str]] = [
    ("answers that are a list", [], "/answers"),
    ("answers that are nothing", None, "/answers"),
    ("a bare value", {"ebikes_estimate": 140}, "/answers/ebikes_estimate"),
    ("neither value nor na nor not_inspected", {"ebikes_estimate": {"valu": 1}}, "/answers/ebikes_estimate"),
    ("value and na", {"ebikes_estimate": {"value": 1, "na": True}}, "/answers/ebikes_estimate"),
    ("na that is a word", {"ebikes_estimate": {"na": "yes"}}, "/answers/ebikes_estimate/na"),
    ("no reason", {"ebikes_estimate": {"not_inspected": " "}}, "/answers/ebikes_estimate/not_inspected"),
    (
        "a reason that is true",
        {"ebikes_estimate": {"not_inspected": True}},
        "/answers/ebikes_estimate/not_inspected",
    ),
    ("a group with a value", {"fly_wires": {"value": 3}}, "/answers/fly_wires/value"),
    ("instances of a number", {"ebikes_estimate": {"instances": []}}, "/answers/ebikes_estimate/instances"),
    ("instances as an object", {"fly_wires": {"instances": {"0": {}}}}, "/answers/fly_wires/instances"),
    ("an instance that is none", {"fly_wires": {"instances": [3]}}, "/answers/fly_wires/instances/0"),
    ("too many instances", {"fly_wires": {"instances": [{}] * 501}}, "/answers/fly_wires/instances"),
    (
        "a fault in the second instance",
        {"fly_wires": {"instances": [{}, {"count": {"value": "three"}}]}},
        "/answers/fly_wires/instances/1/count/value",
    ),
    (
        "photos that are no digests",
        {"fly_wires": instances({"photos": ["a.jpg"]})},
        "/answers/fly_wires/instances/0/photos",
    ),
    (
        "swapped axes",
        {"fly_wires": instances({"location": {"lon": 35.65, "lat": 117.27}})},
        "/answers/fly_wires/instances/0/location",
    ),
    ("a NUL in a note", {"ebikes_estimate": {"value": 1, "note": "a\0"}}, "/answers/ebikes_estimate/note"),
    ("a NUL in an unknown key", {"a\0b": {"value": 1}}, "/answers/a?b"),
    ("a key that is no text", {3: {"value": 1}}, "/answers/int"),
    ("a slash in a pointer", {"a/b~c": {"value": "\0"}}, "/answers/a~1b~0c/value"),
    ("very long text anywhere", {"other": "x" * 10_001}, "/answers/other"),
    ("no JSON at all", {"other": {1, 2}}, "/answers/other"),
]


@pytest.mark.parametrize(
    ("answers", "pointer"), [row[1:] for row in MALFORMED], ids=[row[0] for row in MALFORMED]
)
def test_malformed_answers_are_faults_with_their_pointer(answers: object, pointer: str) -> None:
    verdict = examined("T2", answers)

    assert pointer in [fault.pointer for fault in verdict.faults]
    assert verdict.findings == ()


ODD: list[tuple[str, dict[str, Any], str, str]] = [
    ("an unknown item", {"colour": {"value": "red"}}, "unknown-field", "/answers/colour"),
    (
        "an unknown field",
        {"ebikes_estimate": {"value": 1, "unit": "x"}},
        "unknown-field",
        "/answers/ebikes_estimate/unit",
    ),
    ("an explicit blank", {"ebikes_estimate": None}, "blank-item", "/answers/ebikes_estimate"),
    ("an empty value", {"ebikes_estimate": {"value": None}}, "blank-item", "/answers/ebikes_estimate"),
    (
        "an odd note",
        {"ebikes_estimate": {"value": 1, "note": 3}},
        "odd-value",
        "/answers/ebikes_estimate/note",
    ),
    (
        "an odd place",
        {"ebikes_estimate": {"value": 1, "location": "here"}},
        "odd-value",
        "/answers/ebikes_estimate/location",
    ),
    (
        "an unknown datum",
        {"ebikes_estimate": {"value": 1, "location": {"lon": 117, "lat": 35, "datum": ["mars"]}}},
        "odd-value",
        "/answers/ebikes_estimate/location/datum",
    ),
    (
        "an odd accuracy",
        {"ebikes_estimate": {"value": 1, "location": {"lon": 117, "lat": 35, "accuracy_m": -1}}},
        "odd-value",
        "/answers/ebikes_estimate/location/accuracy_m",
    ),
    (
        "a case that is no id",
        {"ebikes_estimate": {"value": 1, "joins": "the old one"}},
        "odd-value",
        "/answers/ebikes_estimate/joins",
    ),
    (
        "an item that others skip",
        {"ports_total": {"value": 0}, "cuts_off_when_full": {"value": True}},
        "skipped-item",
        "/answers/cuts_off_when_full",
    ),
]


@pytest.mark.parametrize(
    ("answers", "kind", "pointer"), [row[1:] for row in ODD], ids=[row[0] for row in ODD]
)
def test_what_is_odd_is_taken_with_a_warning(answers: dict[str, Any], kind: str, pointer: str) -> None:
    verdict = examined("T2", answers)

    assert verdict.faults == ()
    assert [(warning.type, warning.pointer) for warning in verdict.warnings] == [(kind, pointer)]


def test_a_blank_item_inside_an_instance_is_a_warning() -> None:
    wires = {"count": a_value(3), "floor": a_value(4), "location": {}, "joins": None, "note": "西侧"}

    verdict = examined("T2", {"fly_wires": instances(wires)})

    assert verdict.faults == ()
    assert [warning.pointer for warning in verdict.warnings] == [
        "/answers/fly_wires/instances/0/building_entrance"
    ]
    assert verdict.findings[0].note == "西侧"


def test_not_applicable_and_not_inspected_are_chosen_and_a_blank_is_neither() -> None:
    answers = {
        "ebikes_estimate": {"value": 140},
        "cuts_off_when_full": {"not_inspected": "locked"},
        "residents_know_the_place": {"na": True},
        "fly_wires": {"na": True},
    }

    reading = read_answers(catalog().get("T2"), answers)

    assert reading.tally() == {"inspected": 1, "na": 2, "not_inspected": 1}
    assert reading.answers["cuts_off_when_full"].reason == "locked"


def test_a_photo_item_is_answered_by_its_photos() -> None:
    reading = read_answers(catalog().get("T0"), {"panorama": {"photos": [PHOTO]}})

    assert reading.answers["panorama"].value == [PHOTO]


def test_deep_nesting_is_a_fault_and_not_a_crash() -> None:
    deep: Any = "bottom"
    for _ in range(100_000):
        deep = [deep]

    reading = read_answers(catalog().get("T2"), {"other": deep})

    assert [fault.detail for fault in reading.faults] == ["This is nested too deeply."]
    while isinstance(deep, list):
        deep = deep.pop()


def test_a_thousand_faults_are_reported_as_a_hundred() -> None:
    answers = {"fly_wires": {"instances": [{"count": {"value": "x"}, "floor": {"value": "y"}}] * 500}}

    assert len(read_answers(catalog().get("T2"), answers).faults) == 100


KEYS = st.sampled_from(
    [
        "fly_wires",
        "ebikes_estimate",
        "ports_working",
        "value",
        "na",
        "not_inspected",
        "instances",
        "photos",
        "location",
        "note",
        "joins",
        "lon",
        "lat",
        "count",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(PHOTO),
    lambda parts: (
        st.lists(parts, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), parts, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON, st.sampled_from([template.code for template in catalog().current()]))
def test_whatever_comes_there_is_an_answer_and_no_exception(answers: Any, code: str) -> None:
    verdict = examined(code, answers)

    assert not (verdict.faults and verdict.findings)


@settings(deadline=None)
@given(st.data())
def test_hostile_values_in_every_item_are_faults_or_warnings(data: Any) -> None:
    template = catalog().get(data.draw(st.sampled_from([template.code for template in catalog().current()])))
    answers: dict[str, Any] = {}
    for item in template.items:
        inner = {code: {"value": data.draw(JSON)} for code in item.fields}
        answers[item.code] = {"instances": [inner]} if inner else {"value": data.draw(JSON)}

    examined(template.code, answers)


def test_pointers_start_where_the_caller_says() -> None:
    verdict = examine(
        catalog().get("T2"),
        {"ports_total": {"value": "x"}},
        Context(today=TODAY),
        base="/mutations/3/data/answers",
    )

    assert verdict.faults[0].pointer == "/mutations/3/data/answers/ports_total/value"
