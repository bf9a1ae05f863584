"""Documents, versions and what lint says of faulty ones."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.catalog import Catalog, catalog, lint, template_from_document, version_of
from checklists.categories import categories_from_document, category, packaged_categories
from checklists.errors import (
    CategoriesFaulty,
    TemplateFaulty,
    UnknownCategory,
    UnknownTemplate,
    UnknownVersion,
)
from tests.unit.checklists.build import a_document, an_item

LABELS = {"label_zh": "甲", "label_en": "One"}
CHOICES = [{"code": "one", **LABELS}, {"code": "two", **LABELS}]
PART = {"code": "part", "type": "num", **LABELS}


def with_items(*items: Any) -> dict[str, Any]:
    return a_document(items=list(items))


def judged(judgement: Any, **changes: Any) -> dict[str, Any]:
    return with_items(an_item(judgements=[judgement], **changes))


VIOLATION = {"category": "fire_lane_blocked", "severity": "A"}
WHEN = "/items/0/judgements/0/when"
FAULTY: list[tuple[str, object, str]] = [
    ("no object", [], ""),
    ("an unknown key", a_document(colour="red"), "/colour"),
    ("no Chinese title", {k: v for k, v in a_document().items() if k != "title_zh"}, "/title_zh"),
    ("a measure beyond the plan", a_document(measures=[21]), "/measures"),
    ("a day that is none", a_document(published_on="2026-02-30"), "/published_on"),
    ("no items", a_document(items=[]), "/items"),
    ("an item that is none", with_items("lane"), "/items/0"),
    ("a code in capitals", with_items(an_item(code="LaneClear")), "/items/0/code"),
    ("an unknown type", with_items(an_item(type="yesno")), "/items/0/type"),
    ("a label with a NUL", with_items(an_item(label_zh="通\0道")), "/items/0/label_zh"),
    ("a label with half a pair", with_items(an_item(label_en="\ud800")), "/items/0/label_en"),
    ("unknown evidence", with_items(an_item(evidence=["video"])), "/items/0/evidence"),
    ("no number", with_items(an_item(number=None)), "/items/0/number"),
    ("a number twice", with_items(an_item(), an_item(code="other")), "/items/1/number"),
    ("a code twice", with_items(an_item(), an_item(number=901)), "/items/1/code"),
    ("a choice without choices", with_items(an_item(type="one", judgements=None)), "/items/0/choices"),
    (
        "choices of a date",
        with_items(an_item(type="date", judgements=None, choices=CHOICES)),
        "/items/0/choices",
    ),
    (
        "a choice twice",
        with_items(an_item(type="one", judgements=None, choices=[CHOICES[0], CHOICES[0]])),
        "/items/0/choices/1/code",
    ),
    ("a group without items", with_items(an_item(type="group", judgements=None)), "/items/0/items"),
    (
        "a group in a group",
        with_items(
            an_item(type="group", judgements=None, items=[{**PART, "type": "group", "items": [PART]}])
        ),
        "/items/0/items/0/type",
    ),
    (
        "a part named as a field of every instance",
        with_items(an_item(type="group", judgements=None, items=[{**PART, "code": "note"}])),
        "/items/0/items/0/code",
    ),
    (
        "a part with a number",
        with_items(an_item(type="group", judgements=None, items=[{**PART, "number": 7}])),
        "/items/0/items/0/number",
    ),
    ("a condition that is none", judged({"when": {}, **VIOLATION}), "/items/0/judgements/0/when"),
    ("an unknown comparison", judged({"when": {"near": 3}, **VIOLATION}), "/items/0/judgements/0/when/near"),
    (
        "a comparison unfit for the type",
        judged({"when": {"gte": 1}, **VIOLATION}),
        "/items/0/judgements/0/when/gte",
    ),
    ("a wrong operand", judged({"when": {"eq": "no"}, **VIOLATION}), "/items/0/judgements/0/when/eq"),
    (
        "a choice that is not offered",
        judged({"when": {"eq": "three"}, **VIOLATION}, type="one", choices=CHOICES),
        "/items/0/judgements/0/when/eq",
    ),
    (
        "a ratio to nothing",
        judged({"when": {"lt": 1, "ratio_to": "total"}, **VIOLATION}, type="num"),
        "/items/0/judgements/0/when/ratio_to",
    ),
    (
        "another item that is not there",
        judged({"when": {"item": "gone", "eq": True}, **VIOLATION}),
        "/items/0/judgements/0/when/item",
    ),
    (
        "a fault deep inside",
        judged({"when": {"and": [{"or": [{"eq": 3}]}]}, **VIOLATION}),
        "/items/0/judgements/0/when/and/0/or/0/eq",
    ),
    (
        "a ratio of words",
        judged({"when": {"eq": False, "ratio_to": "lane_clear"}, **VIOLATION}),
        WHEN + "/ratio_to",
    ),
    ("a condition that asks nothing", judged({"when": {"item": "lane_clear"}, **VIOLATION}), WHEN),
    (
        "one by one of a yes",
        judged({"when": {"eq": False}, "for_each": True, **VIOLATION}),
        "/items/0/judgements/0/for_each",
    ),
    (
        "points from a yes",
        judged({"when": {"eq": False}, "outcome": "deduction", "points": {"from": "lane_clear"}}),
        "/items/0/judgements/0/points/from",
    ),
    (
        "a shape that is none",
        judged({"when": {"eq": False}, "shape": "lane_clear", **VIOLATION}),
        "/items/0/judgements/0/shape",
    ),
    (
        "an unknown outcome",
        judged({"when": {"eq": False}, "outcome": "fine"}),
        "/items/0/judgements/0/outcome",
    ),
    (
        "a violation without severity",
        judged({"when": {"eq": False}, "category": "fire_lane_blocked"}),
        "/items/0/judgements/0/severity",
    ),
    (
        "a deduction without points",
        judged({"when": {"eq": False}, "outcome": "deduction"}),
        "/items/0/judgements/0/points",
    ),
    (
        "a category that is not in the table",
        judged({"when": {"eq": False}, "category": "noise", "severity": "A"}),
        "/items/0/judgements/0/category",
    ),
    (
        "a severity that the category does not have",
        judged({"when": {"eq": False}, "category": "fire_lane_blocked", "severity": "C"}),
        "/items/0/judgements/0/severity",
    ),
    (
        "a category from nowhere",
        judged({"when": {"eq": False}, "category": {"from": "kind"}, "severity": "A"}),
        "/items/0/judgements/0/category/from",
    ),
    (
        "a skip rule on nothing",
        with_items(an_item(show_when={"item": "gone", "eq": True})),
        "/items/0/show_when/item",
    ),
    (
        "a skip rule that asks for the day",
        with_items(
            an_item(show_when={"item": "done_on", "before_today": True}),
            {"number": 901, "code": "done_on", "type": "date", **LABELS},
        ),
        "/items/0/show_when/before_today",
    ),
]


@pytest.mark.parametrize(("document", "pointer"), [row[1:] for row in FAULTY], ids=[row[0] for row in FAULTY])
def test_lint_names_file_item_and_fault(document: object, pointer: str) -> None:
    faults = lint(document, file="T99.json")

    assert [(fault.file, fault.pointer) for fault in faults] == [("T99.json", pointer)]
    assert faults[0].detail
    assert faults[0].detail_zh
    with pytest.raises(TemplateFaulty) as caught:
        template_from_document(document, file="T99.json")
    assert caught.value.errors[0]["pointer"] == pointer


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=6), parts, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    JSON, st.sampled_from(sorted(an_item())), JSON, st.sampled_from(["when", "category", "severity", "shape"])
)
def test_lint_never_raises(value: Any, key: str, other: Any, part: str) -> None:
    judgement = {"when": {"eq": False}, **VIOLATION, part: other}
    for document in (value, with_items(an_item(**{key: value})), judged(judgement), with_items(value)):
        if not lint(document):
            template_from_document(document)


def test_a_document_comes_back_as_it_went_in() -> None:
    for template in catalog().current():
        stored = json.loads(json.dumps(template.as_json()))

        again = template_from_document(stored)

        assert again == template
        assert again.version == version_of(template.document)
        assert "version" not in again.document


def test_a_version_is_a_hash_of_the_content_whatever_the_order_of_keys() -> None:
    document = a_document()
    turned = dict(reversed(document.items()))

    assert version_of(document) == version_of(turned)
    assert version_of(document) != version_of(a_document(title_en="Another trial"))
    assert version_of(document).removeprefix("sha256:").isalnum()


def test_a_document_under_a_version_that_is_not_its_own_is_faulty() -> None:
    with pytest.raises(TemplateFaulty) as caught:
        template_from_document(a_document(version="sha256:00"))

    assert caught.value.errors[0]["pointer"] == "/version"


def test_of_two_versions_the_one_published_last_is_current_and_both_are_found() -> None:
    old = template_from_document(a_document(published_on="2026-01-01"))
    new = template_from_document(a_document(published_on="2026-06-01"))

    kept = Catalog.of([new, old])

    assert kept.current() == (new,)
    assert kept.version(old.version) is old


def test_unknown_codes_and_versions_have_their_own_errors() -> None:
    with pytest.raises(UnknownTemplate):
        catalog().get("T98")
    with pytest.raises(UnknownVersion):
        catalog().version("sha256:00")
    with pytest.raises(UnknownCategory):
        category("noise")
    with pytest.raises(UnknownCategory):
        category("fire_lane_blocked").limit("C")


@pytest.mark.parametrize(
    "changes",
    [
        {"first": "mayor"},
        {"limits": []},
        {"limits": [{"severity": "D", "amount": 1, "unit": "wd"}]},
        {"limits": [{"severity": "A", "amount": 0, "unit": "wd"}]},
        {"radius_scope": "community"},
        {"label_zh": ""},
    ],
)
def test_a_faulty_row_of_categories_is_named(changes: dict[str, Any]) -> None:
    row = {
        "code": "noise",
        "label_zh": "噪声",
        "label_en": "Noise",
        "measures": [9],
        "first": "company",
        "lead": "subdistrict",
        "limits": [{"severity": "A", "amount": 1, "unit": "wd"}],
        "radius_m": 10,
    }
    document = {"valid_from": "2026-01-01", "categories": [{**row, **changes}]}

    with pytest.raises(CategoriesFaulty) as caught:
        categories_from_document(document, file="categories.json")

    assert caught.value.errors[0]["pointer"].startswith("/categories/0/")


def test_only_an_unanswered_complaint_needs_no_photo() -> None:
    assert [row.code for row in packaged_categories().values() if not row.photo] == ["complaint_unanswered"]
    assert all(row.auto_file for row in packaged_categories().values())


UNITS = {
    "housing_bureau",
    "market_bureau",
    "enforcement_bureau",
    "public_security_bureau",
    "emergency_bureau",
    "power_company",
}


def test_departments_and_leads_are_units_of_the_programme() -> None:
    for row in packaged_categories().values():
        assert set(row.departments) <= UNITS
        assert row.lead in UNITS | {"subdistrict"}
        assert set(row.measures) <= set(range(1, 21))
