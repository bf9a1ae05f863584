"""Packed facts of days, summed."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.heatmap import COUNTERS
from geo.packed_days import NOWHERE, UNKNOWN, UnknownSpot, sums

FACTS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(1, 4), st.integers(0, 9), st.integers(-9, 9)), max_size=40
)
PLACES = np.array([0, 2, NOWHERE, 1, 2, 0])


def packed(*facts: tuple[int, int, int, int]) -> bytes:
    return b"".join(struct.pack(">ihhi", *fact) for fact in facts)


@given(facts=FACTS, categories=st.none() | st.sets(st.integers(1, 4)))
def test_sums_are_those_of_counting_one_by_one(
    facts: list[tuple[int, int, int, int]], categories: set[int] | None
) -> None:
    counted = np.zeros((3, len(COUNTERS)), dtype=np.int64)
    for spot, category, counter, n in facts:
        if PLACES[spot] != NOWHERE and (categories is None or category in categories):
            counted[PLACES[spot], counter] += n

    found = sums(packed(*facts), PLACES, 3, None if categories is None else np.array(sorted(categories)))

    assert (found == counted).all()


@pytest.mark.parametrize("place_of", [np.array([0]), np.array([0, UNKNOWN])])
def test_a_spot_that_nobody_learnt_is_told(place_of: np.ndarray) -> None:
    with pytest.raises(UnknownSpot):
        sums(packed((1, 1, 0, 1)), place_of, 1)
