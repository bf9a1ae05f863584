"""Who may do what: the table of rights, read row by row."""

from __future__ import annotations

from uuid import UUID

import pytest

from server.auth import rules
from server.auth.actor import Actor
from server.auth.rules import Reach
from server.problems import NotYours

STREET = {"unit_code": "sihe_subdistrict", "unit_kind": "subdistrict", "division_code": "370831001"}
QUARTER = {"unit_code": "n370831001003", "unit_kind": "neighbourhood", "division_code": "370831001003"}
COUNTY = {"unit_code": "construction_hq", "unit_kind": "coordinating_body", "division_code": None}
COMPANY = {"unit_code": "demo_company_01", "unit_kind": "property_company", "division_code": None}
BUREAU = {"unit_code": "market_bureau", "unit_kind": "department", "division_code": None}


def _actor(role: str, unit: dict[str, str | None]) -> Actor:
    return Actor(UUID(int=1), role, role, role, **unit)  # type: ignore[arg-type]  # keywords from a table


def test_the_roles_are_the_sixteen_of_the_county() -> None:
    assert len(set(rules.ROLES)) == 16


def test_every_row_names_known_roles_only() -> None:
    assert {role for row in rules.REACH.values() for role in row} <= set(rules.ROLES)


@pytest.mark.parametrize(
    ("role", "unit", "action", "reach"),
    [
        ("grid_worker", STREET, "case.report", Reach.CELLS),
        ("grid_worker", STREET, "case.check", Reach.CELLS),
        ("grid_worker", STREET, "sync.push", Reach.CELLS),
        ("dispatcher", STREET, "case.dispatch", Reach.SUBDISTRICT),
        ("dispatcher", COUNTY, "case.dispatch", Reach.COUNTY),
        ("shift_leader", STREET, "case.file", Reach.SUBDISTRICT),
        ("shift_leader", STREET, "case.close", Reach.SUBDISTRICT),
        ("headquarters", COUNTY, "case.close", Reach.COUNTY),
        ("property_company", COMPANY, "case.accept", Reach.UNIT),
        ("property_company", COMPANY, "cases.list", Reach.UNIT),
        ("department", BUREAU, "case.claim_fixed", Reach.UNIT),
        ("neighbourhood", QUARTER, "cases.list", Reach.NEIGHBOURHOOD),
        ("neighbourhood", BUREAU, "cases.list", Reach.UNIT),
        ("subdistrict", STREET, "cases.list", Reach.SUBDISTRICT),
        ("headquarters", COUNTY, "cases.list", Reach.COUNTY),
        ("admin", COUNTY, "user.create", Reach.COUNTY),
        ("department", BUREAU, "communities.list", Reach.COUNTY),
        ("planner", BUREAU, "units.list", Reach.COUNTY),
    ],
)
def test_a_right_reaches_as_far_as_the_unit(
    role: str, unit: dict[str, str | None], action: str, reach: Reach
) -> None:
    assert rules.reach(_actor(role, unit), action) is reach


@pytest.mark.parametrize(
    ("role", "unit", "action"),
    [
        ("grid_worker", STREET, "case.dispatch"),
        ("grid_worker", STREET, "case.close"),
        ("dispatcher", STREET, "case.close"),
        ("dispatcher", STREET, "user.create"),
        ("shift_leader", STREET, "case.accept"),
        ("property_company", COMPANY, "case.check"),
        ("property_company", COMPANY, "case.close"),
        ("admin", COUNTY, "case.close"),
        ("planner", BUREAU, "cases.list"),
        ("headquarters", COUNTY, "user.create"),
        ("admin", COUNTY, "no.such.action"),
    ],
)
def test_what_stands_in_no_row_is_nobody_s_right(role: str, unit: dict[str, str | None], action: str) -> None:
    with pytest.raises(NotYours, match=role):
        rules.reach(_actor(role, unit), action)


@pytest.mark.parametrize("role", ["patron_officer"])
def test_a_role_without_work_yet_is_known_as_such(role: str) -> None:
    assert not rules.has_work(role)
    assert set(rules.rights(_actor(role, BUREAU))) == {
        "neighbourhoods.list",
        "units.list",
        "checklists.list",
        "rules.list",
        "ledger_roots.list",
    }


@pytest.mark.parametrize("role", sorted(set(rules.ROLES) - {"planner", "patron_officer"}))
def test_every_other_role_has_work(role: str) -> None:
    assert rules.has_work(role)


@pytest.mark.parametrize(
    ("name", "usable"),
    [
        ("王伟", True),
        ("a.b-c_d@e", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("", False),
        ("a b", False),
        ("a'b", False),
    ],
)
def test_user_names_have_letters_digits_and_four_signs(name: str, usable: bool) -> None:
    assert rules.usable_name(name) is usable


@pytest.mark.parametrize(
    ("password", "strong"),
    [
        ("12345678", True),
        ("1234567", False),
        ("Username", False),
        ("x" * 257, False),
        ("口令口令口令口令", True),
    ],
)
def test_a_password_is_long_and_not_the_user_name(password: str, strong: bool) -> None:
    assert rules.strong_enough("username", password) is strong
