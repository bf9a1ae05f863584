"""Which violations join and which open, and on which terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from checklists.deadlines import china_calendar
from server.communities.queries import CommunityFacts
from server.ledger.clocks import Clock
from server.ledger.findings import FoundViolation, OpenCase, Terms, home_of
from server.ledger.history import Author
from server.ledger.opening import plan
from server.ledger.terms import terms
from server.programme.tables import CategoryRule
from tests.unit.ledger.casting import FILING, NOW, an_id

HERE, THERE = an_id("here"), an_id("there")
CLOCK = Clock(china_calendar())
UNITS = {"370831001": "sihe_subdistrict", "370831001003": "n370831001003"}


def found(name: str = "new", **more: Any) -> FoundViolation:
    made = FoundViolation(
        case_id=an_id(name),
        source="checklist",
        category="private_wiring_charging",
        severity="A",
        community_id=HERE,
        reporter=Author(an_id("worker"), "sihe_subdistrict"),
    )
    return replace(made, **more)


def agreed(scope: str = "distance", *, auto_file: bool = True) -> Terms:
    return Terms(13, True, scope, FILING, auto_file)


def standing(name: str, community: UUID = HERE, asset: str | None = None) -> OpenCase:
    return OpenCase(an_id(name), community, "private_wiring_charging", asset)


HOMES: list[tuple[str, FoundViolation, Terms, str | None]] = [
    ("nothing speaks for it", found(), agreed(), None),
    ("named by the reporter", found(joins=an_id("lift")), agreed(), "lift"),
    ("named but not open", found(joins=an_id("gone")), agreed(), None),
    ("the same asset", found(asset="lift 1"), agreed(), "lift"),
    ("another asset", found(asset="lift 2"), agreed(), None),
    ("the same asset elsewhere", found(asset="lift 1", community_id=THERE), agreed(), "far"),
    ("one for the community", found(), agreed("community"), "lift"),
]


@pytest.mark.parametrize(("why", "violation", "terms", "home"), HOMES, ids=[row[0] for row in HOMES])
def test_a_violation_joins(why: str, violation: FoundViolation, terms: Terms, home: str | None) -> None:
    cases = [standing("lift", asset="lift 1"), standing("far", THERE, "lift 1")]

    assert home_of(violation, terms, cases) == (an_id(home) if home else None)


def test_two_findings_of_one_run_on_one_asset_are_one_case() -> None:
    made = plan(
        [found("a", asset="x"), found("b", asset="x")], [agreed()] * 2, [], {}, NOW, lambda: b"s" * 16
    )

    assert [opened.joined for opened in made.opened] == [False, True]
    assert [row["command"] for row in made.entries] == ["case.report", "case.file", "case.join"]
    assert [row["seq"] for row in made.entries] == [1, 2, 3]


def test_where_the_rule_says_so_a_person_files() -> None:
    made = plan([found()], [agreed(auto_file=False)], [], {}, NOW, lambda: b"s" * 16)

    assert [row["command"] for row in made.entries] == ["case.report"]
    assert "due_at" not in made.cases[0]


def a_rule(**more: Any) -> CategoryRule:
    values: dict[str, Any] = {
        "category": "parking_disorderly",
        "severity": "C",
        "valid_from": date(2019, 6, 10),
        "measures": [12],
        "first_actor": "company",
        "lead": "emergency_bureau",
        "departments": ["public_security_bureau"],
        "own_duty": False,
        "limit_amount": 1,
        "limit_unit": "wd",
        "set_by_dispatcher": False,
        "milestone": None,
        "radius_m": 50,
        "radius_scope": "distance",
        "auto_file": True,
        "photo_required": True,
    }
    return CategoryRule(**{**values, **more})


def a_community(company: str | None = "company_1", warranty: date | None = None) -> CommunityFacts:
    return CommunityFacts(
        HERE, "花园", "commodity", "370831001003", "370831001", (), company, warranty, 100, "demo", True
    )


ROUTES: list[tuple[dict[str, Any], CommunityFacts, str]] = [
    ({}, a_community(), "company_1"),
    ({}, a_community(None), "n370831001003"),
    ({"first_actor": "subdistrict"}, a_community(), "sihe_subdistrict"),
    ({"first_actor": "market_bureau"}, a_community(), "market_bureau"),
    ({"first_actor": "enforcement_bureau"}, a_community(), "enforcement_bureau"),
    ({"first_actor": "public_security_bureau"}, a_community(), "public_security_bureau"),
    ({"first_actor": "lift_maintainer"}, a_community(), "company_1"),
    ({"first_actor": "operator"}, a_community(), "company_1"),
    ({"first_actor": "repairer"}, a_community(), "company_1"),
    # Within the warranty the developer repairs; until one is known the street finds out.
    ({"first_actor": "repairer"}, a_community(warranty=date(2030, 1, 1)), "sihe_subdistrict"),
    ({"first_actor": "repairer"}, a_community(warranty=date(2020, 1, 1)), "company_1"),
]


@pytest.mark.parametrize(("rule", "community", "unit"), ROUTES)
def test_a_case_goes_to_whom_the_rule_names(
    rule: dict[str, Any], community: CommunityFacts, unit: str
) -> None:
    filing = terms(a_rule(**rule), community, UNITS, CLOCK, NOW).filing

    assert filing is not None
    assert filing.unit_code == unit


def test_the_lead_is_the_rules_or_the_street_of_the_place() -> None:
    named = terms(a_rule(), a_community(), UNITS, CLOCK, NOW).filing
    local = terms(a_rule(lead="subdistrict"), a_community(), UNITS, CLOCK, NOW).filing

    assert named is not None
    assert local is not None
    assert (named.lead_unit, local.lead_unit) == ("emergency_bureau", "sihe_subdistrict")


def local_time(*parts: int) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime(*parts, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)  # type: ignore[misc,arg-type]  # parts


DEADLINES = [
    ((2026, 11, 20, 9, 30), 1, "wd", (2026, 11, 23, 17, 30)),
    ((2026, 9, 30, 9, 0), 1, "wd", (2026, 10, 8, 17, 30)),
    ((2026, 2, 13, 9, 0), 1, "wd", (2026, 2, 14, 17, 30)),
    ((2026, 11, 20, 23, 0), 2, "uh", (2026, 11, 21, 1, 0)),
]


@pytest.mark.parametrize(("filed", "amount", "unit", "due"), DEADLINES)
def test_deadlines_know_holidays_and_make_up_days(
    filed: tuple[int, ...], amount: int, unit: str, due: tuple[int, ...]
) -> None:
    now = local_time(*filed)
    filing = terms(a_rule(limit_amount=amount, limit_unit=unit), a_community(), UNITS, CLOCK, now).filing

    assert filing is not None
    assert filing.deadline.due_at == local_time(*due)
    assert now < filing.deadline.yellow_at < filing.deadline.due_at
