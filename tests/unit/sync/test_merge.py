"""The rules of merging edits, as a table and as laws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.merge import Change, Disputed, Merged, merge, told_anew

NAMES = ("name", "households", "kind")
VALUES = st.integers(0, 3)
records = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))
changes = st.builds(Change, VALUES, VALUES)
edits = st.dictionaries(st.sampled_from(NAMES), changes)
known = st.dictionaries(st.sampled_from(NAMES), VALUES)
edits_of_facts = st.builds(lambda change: {"facts": change}, st.builds(Change, known, known))


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


@pytest.mark.parametrize(
    ("old", "new", "stands", "disputed"),
    [
        ({"stops": 9}, {"stops": 11}, {"stops": 11, "operator": "b", "empty": None}, []),
        (
            {"stops": 9, "operator": "a"},
            {"stops": 11, "operator": "a"},
            {"stops": 11, "operator": "b", "empty": None},
            [],
        ),
        ({"stops": 9}, {}, {"operator": "b", "empty": None}, []),
        ({}, {"remark": "x"}, {"stops": 9, "operator": "b", "empty": None, "remark": "x"}, []),
        ({"stops": 8}, {"stops": 11}, {"stops": 11, "operator": "b", "empty": None}, [("stops", 8, 11, 9)]),
        (
            {"operator": "a"},
            {"operator": None},
            {"stops": 9, "empty": None},
            [("operator", "a", None, "b")],
        ),
        (
            "unreadable",
            {"stops": 11},
            {"stops": 11, "operator": "b", "empty": None},
            [("stops", None, 11, 9)],
        ),
        ({"operator": "a"}, {"operator": "b"}, None, []),
        ({"stops": 9, "gone": None}, {"stops": 9}, None, []),
    ],
)
def test_facts_are_merged_one_by_one(
    old: Any, new: dict[str, Any], stands: dict[str, Any] | None, disputed: list[tuple[Any, ...]]
) -> None:
    current = {"attributes": {"stops": 9, "operator": "b", "empty": None}}

    made = merge({"attributes": Change(old, new)}, current, facts={"attributes"})

    assert made.values == ({} if stands is None else {"attributes": stands})
    assert [(one.fact, one.old, one.sent, one.stood) for one in made.disputed] == disputed
    assert made.status == ("merged" if disputed else "applied")


def test_facts_that_came_with_a_moved_shape_are_kept_too() -> None:
    asked = {"geometry": Change("a", "b"), "attributes": Change({}, {"a/b": 1, "c": 2})}

    made = merge(asked, {"geometry": "c", "attributes": {"c": 2}}, shapes={"geometry"}, facts={"attributes"})

    assert made.status == "conflict"
    assert [(one.kind, one.pointer) for one in made.disputed] == [
        ("geometry", "/data/fields/geometry"),
        ("not_done", "/data/fields/attributes/new/a~1b"),
    ]


def test_true_is_no_number() -> None:
    assert merge({"a": Change({"x": 1}, {"x": True})}, {"a": {"x": 1}}, facts={"a"}).values == {
        "a": {"x": True}
    }


@given(known, edits_of_facts, edits_of_facts)
def test_edits_of_different_facts_commute_and_both_hold(
    held: dict[str, int], one: dict[str, Change], other: dict[str, Change]
) -> None:
    mine, theirs = one["facts"], other["facts"]
    asked = {name for name in NAMES if mine.old.get(name) != mine.new.get(name)}
    apart = {
        "facts": Change(
            {name: value for name, value in theirs.old.items() if name not in asked},
            {name: value for name, value in theirs.new.items() if name not in asked},
        )
    }

    first = _after_facts(_after_facts(held, one), apart)

    assert first == _after_facts(_after_facts(held, apart), one)
    assert {name: first.get(name) for name in asked} == {name: mine.new.get(name) for name in asked}


@given(known, st.lists(edits_of_facts, max_size=6), st.booleans())
def test_no_fact_is_lost(held: dict[str, int], sent: list[dict[str, Change]], deleted: bool) -> None:
    """Every fact sent stands or is listed; every fact replaced was seen by who replaced it, or is listed."""
    for edit in sent:
        made = merge(edit, {"facts": held}, facts={"facts"}, deleted=deleted)
        listed = {one.fact for one in made.disputed}
        after, change = made.values.get("facts", held), edit["facts"]
        for name in NAMES:
            old, new = change.old.get(name), change.new.get(name)
            assert after.get(name) == (held.get(name) if old == new else new) or name in listed
            assert after.get(name) == held.get(name) or held.get(name) == old or name in listed
        held = after


@given(known, st.sampled_from(NAMES), st.none() | VALUES)
def test_a_fact_told_anew_leaves_the_others(held: dict[str, int], name: str, value: int | None) -> None:
    after = told_anew(held, name, value)

    assert after.get(name) == value
    assert (name in after) == (value is not None)
    assert {**after, name: None} == {**held, name: None}


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


def _after_facts(held: Mapping[str, Any], edit: Mapping[str, Change]) -> dict[str, Any]:
    return dict(merge(edit, {"facts": held}, facts={"facts"}).values.get("facts", held))
