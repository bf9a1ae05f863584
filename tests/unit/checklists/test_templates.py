"""Each judging item of each template passes and violates; each other item is taken and malformed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from checklists.catalog import catalog, yields
from checklists.categories import packaged_categories, packaged_pairs
from checklists.judge import Verdict
from checklists.model import Template
from tests.unit.checklists.build import a_value, examined, instances
from tests.unit.checklists.judging_table import JUDGING, NONE, NOT_INSPECTED_JUDGES, OTHERS, Judging, Other


def answers_to(path: str, value: Any, besides: dict[str, Any] | None = None) -> dict[str, Any]:
    near = {code: a_value(other) for code, other in (besides or {}).items()}
    group, _, part = path.partition("/")
    if value is NONE:
        return {group: {"instances": []}}
    if part:
        return {group: instances({part: a_value(value), **near})}
    if isinstance(value, dict) and "type" not in value:
        return {group: instances({code: a_value(inner) for code, inner in value.items()})}
    return {group: a_value(value), **near}


def judged(row: Judging, value: Any) -> Verdict:
    group = row.path.partition("/")[0]
    return examined(
        row.code, answers_to(row.path, value, row.besides), first_seen={(group, 0): date(2026, 11, 1)}
    )


def paths(template: Template, *, judging: bool) -> Iterator[tuple[str, str]]:
    for item in template.items:
        for path, part in ((item.code, item), *((f"{item.code}/{part.code}", part) for part in item.items)):
            if bool(part.judgements) is judging and (judging or not part.items):
                yield template.code, path


@pytest.mark.parametrize("row", JUDGING, ids=lambda row: f"{row.code}:{row.path}:{row.outcome}")
def test_a_judging_item_passes_or_yields_its_outcome(row: Judging) -> None:
    passed, violated = judged(row, row.passes), judged(row, row.violates)

    mine = row.path.rpartition("/")[2]
    assert [finding for finding in passed.findings if finding.item_code == mine] == []
    found = [finding for finding in violated.findings if finding.item_code == mine]
    assert (passed.faults, violated.faults) == ((), ())
    outcomes = [f"{f.category}/{f.severity}" if f.kind == "violation" else f.kind for f in found]
    assert " + ".join(outcomes) == row.outcome
    assert found[0].code if found[0].kind in ("task", "gate") else found[0].code is None
    assert found[0].points if found[0].kind == "deduction" else found[0].points is None


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: f"{row.code}:{row.path}")
def test_an_item_that_does_not_judge_is_accepted_or_malformed(row: Other) -> None:
    took = examined(row.code, answers_to(row.path, row.accepted))
    refused = examined(row.code, answers_to(row.path, row.malformed))

    assert took.faults == ()
    assert [fault.pointer.split("/")[2] for fault in refused.faults] == [row.path.partition("/")[0]]


def test_every_item_of_every_template_has_its_row() -> None:
    judging = {(row.code, row.path) for row in JUDGING}
    others = {(row.code, row.path) for row in OTHERS}
    templates = catalog().current()

    assert {
        path for template in templates for path in paths(template, judging=True)
    } == judging | NOT_INSPECTED_JUDGES
    assert {
        path for template in templates for path in paths(template, judging=False)
    } == others - NOT_INSPECTED_JUDGES


def test_an_unknown_spare_capacity_is_a_query_to_the_utility() -> None:
    known = examined("T15", {"spare_kva": a_value(0)})
    unknown = examined("T15", {"spare_kva": {"not_inspected": "unknown"}})

    assert known.findings == ()
    assert [(finding.kind, finding.code) for finding in unknown.findings] == [("task", "query_utility")]


def test_a_list_of_defects_is_signed_by_both() -> None:
    verdict = examined("T14", {"defect_list_signed": a_value("b" * 64)})

    assert [(warning.type, warning.pointer) for warning in verdict.warnings] == [
        ("odd-value", "/answers/defect_list_signed/value")
    ]


@pytest.mark.parametrize("template", catalog().current(), ids=lambda template: template.code)
def test_whatever_an_item_can_yield_has_a_route_a_limit_and_a_radius(template: Template) -> None:
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


def test_the_set_has_eighteen_templates_and_ninety_numbers_used_once() -> None:
    numbers = [item.number for template in catalog().current() for item in template.items]

    assert [template.code for template in catalog().current()] == [f"T{number}" for number in range(18)]
    assert numbers == list(range(1, 91))
