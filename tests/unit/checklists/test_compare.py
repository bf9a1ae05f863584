"""What a new version of a checklist changes."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from checklists.catalog import catalog
from checklists.compare import Change, compare
from checklists.document import template_from_document

T2 = catalog().get("T2")


def changed(edit: Callable[[dict[str, Any]], object]) -> list[Change]:
    document = deepcopy(T2.document)
    edit(document)
    return compare(T2, template_from_document(document))


def test_a_version_does_not_differ_from_itself() -> None:
    assert compare(T2, template_from_document(T2.document)) == []


def test_a_changed_title_is_named_with_both_values() -> None:
    assert changed(lambda document: document.update(title_en="Charging")) == [
        Change("changed", "/title_en", T2.title_en, "Charging")
    ]


@pytest.mark.parametrize("code", ["ebikes_estimate", "residents_know_the_place", "batteries_in_rooms"])
def test_a_removed_item_is_named_by_its_code(code: str) -> None:
    def without(document: dict[str, Any]) -> None:
        document["items"] = [item for item in document["items"] if item["code"] != code]

    assert [(one.what, one.pointer) for one in changed(without)] == [("removed", f"/{code}")]


def test_an_added_item_is_named_by_its_code() -> None:
    def more(document: dict[str, Any]) -> None:
        document["items"].append(
            {"number": 900, "code": "weather", "type": "text", "label_zh": "天气", "label_en": "Weather"}
        )

    assert [(one.what, one.pointer) for one in changed(more)] == [("added", "/weather")]


def test_a_change_inside_a_group_is_found_at_its_member() -> None:
    def rename(document: dict[str, Any]) -> None:
        group = next(item for item in document["items"] if item["code"] == "fly_wires")
        group["items"][0]["label_en"] = "Door"

    (only,) = changed(rename)

    assert only.what == "changed"
    assert only.pointer.startswith("/fly_wires/")
    assert only.pointer.endswith("/label_en")
