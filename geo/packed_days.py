"""Facts of days, packed: what stood where, twelve bytes each, summed over any set of places at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.heatmap import COUNTERS

FACT = np.dtype([("spot", ">i4"), ("category", ">i2"), ("counter", ">i2"), ("n", ">i4")])
"""`n` is negative where something no longer is as it was told before.

`counter`: 0 to 8 cases (open, closed, ended by severities A, B, C), 9 inspections, then violations by
severities: 10 to 12 of no case, 13 to 21 of cases that are open, closed, ended.
"""

NOWHERE = -1
UNKNOWN = -2
OF_CASES = np.array([*range(10), *[NOWHERE] * 12])
"""The index of COUNTERS in which each packed counter counts where cases are asked for; NOWHERE for none."""
OF_VIOLATIONS = np.array([*[NOWHERE] * 9, 9, 10, 11, 12, *range(9)])
"""The same where violations are asked for: they stand as their cases do."""


class UnknownSpot(Exception):
    """Facts name a spot that the caller has not learnt yet."""


def sums(
    facts: bytes,
    place_of: NDArray[np.int64],
    places: int,
    counted: NDArray[np.int64],
    categories: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Return (places, COUNTERS) how many there are of each.

    Args:
        place_of: for each number of a spot the number of its place, NOWHERE where it does not count.
        counted: OF_CASES or OF_VIOLATIONS.
        categories: the only ones that count.

    Raises:
        UnknownSpot: a spot lies beyond `place_of`, or is UNKNOWN there.
    """
    rows = np.frombuffer(facts, dtype=FACT)
    spot, counter, n = rows["spot"].astype(np.int64), counted[rows["counter"].astype(np.int64)], rows["n"]
    if len(spot) and spot.max() >= len(place_of):
        raise UnknownSpot
    place = place_of[spot]
    if (place == UNKNOWN).any():
        raise UnknownSpot
    counts = (place != NOWHERE) & (counter != NOWHERE)
    if categories is not None:
        counts &= np.isin(rows["category"], categories)
    width = len(COUNTERS)
    if not counts.all():
        place, counter, n = place[counts], counter[counts], n[counts]
    summed = np.bincount(place * width + counter, weights=n, minlength=places * width)
    return summed.astype(np.int64).reshape(places, width)
