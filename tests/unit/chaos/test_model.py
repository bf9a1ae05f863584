"""The proof must find what it looks for: each case spoils one thing in a sound state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.chaos.fates import Sent
from tests.chaos.model import Record, Tablet, Truth, judge

KEY = ("cell:1", "case", "c1")
RECORD: Record = (1, 3, '{"state":"reported"}')
OTHERS: Record = (2, 4, '{"state":"filed"}')

ITEMS = [
    Sent(1, "m1", "inspection.create", "i1", "applied", "applied"),
    Sent(2, "m2", "case.note", "a mark", "applied", "held"),
    Sent(3, "m3", "case.note", "refused mark", "rejected", "rejected"),
    Sent(4, "m4", "case.report", "c1", "held", "held"),
]
TABLET = Tablet("d1", frozenset({"cell:1"}), ITEMS, {KEY: RECORD}, {"ab": True})
TRUTH = Truth(
    mutations={
        ("d1", 1): [("m1", "applied")],
        ("d1", 2): [("m2", "held")],
        ("d1", 3): [("m3", "rejected")],
        ("d1", 4): [("m4", "held")],
        ("other", 1): [("m9", "applied")],
    },
    effects={"i1": 1, "a mark": 1},
    inspections={"i1": "d1", "i9": "other"},
    records={"cell:1": {KEY: RECORD}, "cell:2": {("cell:2", "case", "c2"): OTHERS}},
)


def test_a_sound_state_is_found_sound() -> None:
    found = judge([TABLET], TRUTH)

    assert found.sound, found.faults
    assert (found.sent, found.acknowledged, found.compared, found.photos_verified) == (4, 4, 1, 1)
    assert dict(found.statuses) == {"applied": 2, "rejected": 1, "held": 1}
    assert dict(found.done) == {"inspection.create": 1, "case.note": 1}


def mutations(**changed: Sequence[tuple[str, str]]) -> Truth:
    told = {("d1", int(seq[1:])): stored for seq, stored in changed.items()}
    return replace(TRUTH, mutations={**TRUTH.mutations, **told})


@pytest.mark.parametrize(
    ("truth", "counts"),
    [
        (mutations(s1=[]), (1, 0, 0)),
        (mutations(s1=[("m1", "rejected")]), (1, 0, 0)),
        (mutations(s1=[("m8", "applied")]), (1, 0, 0)),
        (mutations(s1=[("m1", "applied"), ("m8", "applied")]), (0, 1, 0)),
        (mutations(s5=[("m5", "applied")]), (0, 1, 0)),
        (replace(TRUTH, effects={"a mark": 1}), (1, 0, 0)),
        (replace(TRUTH, effects={"i1": 1, "a mark": 2}), (0, 1, 0)),
        (replace(TRUTH, effects={"i1": 1, "a mark": 1, "refused mark": 1}), (0, 1, 0)),
        (replace(TRUTH, inspections={"i1": "d1", "i2": "d1"}), (0, 1, 0)),
        (replace(TRUTH, records={"cell:1": {KEY: OTHERS}}), (0, 0, 1)),
        (replace(TRUTH, records={}), (0, 0, 1)),
        (replace(TRUTH, stale=["case c1"]), (0, 0, 1)),
        (replace(TRUTH, ledger="a hash is wrong"), (0, 0, 0)),
    ],
)
def test_what_is_wrong_at_the_server_is_found(truth: Truth, counts: tuple[int, int, int]) -> None:
    found = judge([TABLET], truth)

    assert (found.lost, found.doubled, found.missed) == counts
    assert len(found.faults) == 1
    assert not found.sound


@pytest.mark.parametrize(
    ("tablet", "missed"),
    [
        (replace(TABLET, records={}), 1),
        (replace(TABLET, records={KEY: (1, 3, "{}")}), 1),
        (replace(TABLET, records={KEY: RECORD, ("cell:2", "case", "c2"): OTHERS}), 1),
        (replace(TABLET, scope=frozenset({"cell:1", "cell:2"})), 1),
        (replace(TABLET, photos={"ab": False}), 0),
        (replace(TABLET, items=[*ITEMS, Sent(5, "m5", "case.note", "x", None, None)]), 0),
    ],
)
def test_what_is_wrong_on_a_tablet_is_found(tablet: Tablet, missed: int) -> None:
    found = judge([tablet], TRUTH)

    assert (found.lost, found.doubled, found.missed) == (0, 0, missed)
    assert len(found.faults) == 1
    assert not found.sound
