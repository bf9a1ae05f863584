"""Packed facts of days, summed."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.heatmap import COUNTERS
from geo.packed_days import NOWHERE, OF_CASES, OF_VIOLATIONS, UNKNOWN, UnknownSpot, sums

FACTS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(1, 4), st.integers(0, 21), st.integers(-9, 9)), max_size=40
)
PLACES = np.array([0, 2, NOWHERE, 1, 2, 0])


def packed(*facts: tuple[int, int, int, int]) -> bytes:
    return b"".join(struct.pack(">ihhi", *fact) for fact in facts)


# What each packed counter says, and where it counts of cases and of violations.
SAYS = [
    *((f"{standing}_{severity}", None) for standing in ("open", "closed", "ended") for severity in "abc"),
    ("inspections", "inspections"),
    *(
        (None, f"{standing}_{severity}")
        for standing in ("found", "open", "closed", "ended")
        for severity in "abc"
    ),
]


@pytest.mark.parametrize(
    ("what", "counted"), [(0, OF_CASES), (1, OF_VIOLATIONS)], ids=["cases", "violations"]
)
@given(facts=FACTS, categories=st.none() | st.sets(st.integers(1, 4)))
def test_sums_are_those_of_counting_one_by_one(
    what: int, counted: np.ndarray, facts: list[tuple[int, int, int, int]], categories: set[int] | None
) -> None:
    expected = np.zeros((3, len(COUNTERS)), dtype=np.int64)
    for spot, category, counter, n in facts:
        name = SAYS[counter][what]
        if name and PLACES[spot] != NOWHERE and (categories is None or category in categories):
            expected[PLACES[spot], COUNTERS.index(name)] += n

    chosen = None if categories is None else np.array(sorted(categories))
    found = sums(packed(*facts), PLACES, 3, counted, chosen)

    assert (found == expected).all()


@pytest.mark.parametrize("place_of", [np.array([0]), np.array([0, UNKNOWN])])
def test_a_spot_that_nobody_learnt_is_told(place_of: np.ndarray) -> None:
    with pytest.raises(UnknownSpot):
        sums(packed((1, 1, 0, 1)), place_of, 1, OF_CASES)
