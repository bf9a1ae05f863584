from __future__ import annotations

from typing import Any

import pytest

from server.units.rules import differences, fault


def a_unit(**more: Any) -> dict[str, Any]:
    given = {"code": "new_one", "name_zh": "新单位", "name_en": "New one", "kind": "department"}
    return {**given, "division_code": None, "parent": None, "contact": "", "phone": "", "duty": "", **more}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, None),
        ({"kind": "subdistrict", "division_code": "370831001"}, None),
        ({"kind": "subdistrict", "division_code": "370831001001"}, "division_code"),
        ({"kind": "neighbourhood", "division_code": "３７０８３１００１００１"}, "division_code"),
        ({"division_code": "370831001"}, "division_code"),
        ({"kind": "kingdom"}, "kind"),
        ({"name_zh": "  "}, "name_zh"),
        ({"parent": "new_one"}, "parent"),
        ({"phone": "call me"}, "phone"),
    ],
)
def test_a_unit_is_refused_by_the_field_that_does_not_fit(more: dict[str, Any], field: str | None) -> None:
    found = fault(a_unit(**more))

    assert (found[0] if found else None) == field


def test_a_change_is_what_differs_and_only_that() -> None:
    assert differences(a_unit(), {"name_zh": "新单位", "phone": "0537-1"}) == {"phone": ["", "0537-1"]}
