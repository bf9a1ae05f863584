"""The rules of merging edits, as a table and as laws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.merge import Change, Disputed, Merged, merge

NAMES = ("name", "households", "kind")
VALUES = st.integers(0, 3)
records = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))
changes = st.builds(Change, VALUES, VALUES)
edits = st.dictionaries(st.sampled_from(NAMES), changes)


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ("seen", Merged("applied", {"name": "mine"})),
        ("mine", Merged("applied")),
        (
            "theirs",
            Merged("merged", {"name": "mine"}, (Disputed("name", "field", "seen", "mine", "theirs"),)),
        ),
    ],
)
def test_a_field_is_applied_or_merged_by_what_stands_now(current: str, expected: Merged) -> None:
    assert merge({"name": Change("seen", "mine")}, {"name": current}) == expected


def test_two_shapes_are_never_merged_and_what_came_with_them_is_kept_too() -> None:
    asked = {"geometry": Change("a", "b"), "households": Change(1, 2)}

    made = merge(asked, {"geometry": "c", "households": 1}, shapes={"geometry"})

    assert made.status == "conflict"
    assert not made.values
    assert [(one.name, one.kind) for one in made.disputed] == [
        ("geometry", "geometry"),
        ("households", "not_done"),
    ]


def test_a_shape_that_nobody_else_moved_is_applied() -> None:
    made = merge({"geometry": Change("a", "b")}, {"geometry": "a"}, shapes={"geometry"})

    assert made == Merged("applied", {"geometry": "b"})


def test_what_was_deleted_is_not_edited() -> None:
    made = merge({"name": Change("a", "b")}, {"name": "a"}, deleted=True)

    assert made.status == "conflict"
    assert made.disputed == (Disputed("name", "deleted", "a", "b", "a"),)


@pytest.mark.parametrize(("moved_on", "status"), [(True, "conflict"), (False, "applied")])
def test_nothing_is_deleted_whose_newest_version_was_not_seen(moved_on: bool, status: str) -> None:
    assert merge({"removed": Change(False, True)}, {"removed": False}, moved_on=moved_on).status == status


@given(records, edits)
def test_an_edit_that_came_twice_changes_and_disputes_nothing_more(
    record: dict[str, int], edit: dict[str, Change]
) -> None:
    once = record | dict(merge(edit, record).values)

    assert merge(edit, once) == Merged("applied")


@given(records, edits, edits)
def test_edits_of_different_fields_commute(
    record: dict[str, int], one: dict[str, Change], other: dict[str, Change]
) -> None:
    other = {name: change for name, change in other.items() if name not in one}

    assert _after(_after(record, one), other) == _after(_after(record, other), one)


@given(records, st.lists(edits, max_size=6), st.sets(st.sampled_from(NAMES)), st.booleans())
def test_no_value_is_lost(
    record: dict[str, int], sent: list[dict[str, Change]], shapes: set[str], deleted: bool
) -> None:
    """Every value sent stands, was replaced by somebody who saw it, or is in the list."""
    for edit in sent:
        made = merge(edit, record, shapes=shapes, deleted=deleted)
        listed = {(one.name, one.sent) for one in made.disputed}
        replaced = {(one.name, one.stood) for one in made.disputed}
        after = record | dict(made.values)
        for name, change in edit.items():
            assert after[name] == change.new or (name, change.new) in listed
            assert (
                after[name] == record[name] or record[name] == change.old or (name, record[name]) in replaced
            )
        record = after


@given(records, edits)
def test_a_conflict_changes_nothing(record: dict[str, int], edit: dict[str, Change]) -> None:
    made = merge(edit, record, shapes=NAMES)

    assert not made.values or made.status == "applied"


def _after(record: Mapping[str, Any], edit: Mapping[str, Change]) -> dict[str, Any]:
    return {**record, **merge(edit, record).values}
