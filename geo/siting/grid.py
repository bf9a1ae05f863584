"""Who lies near whom, by a grid of squares as wide as the reach: plain numpy, so that nothing big is loaded.

Source: Bentley, Stanat and Williams 1977 (fixed-radius near neighbours by cells).
"""

from __future__ import annotations

import numpy as np

from geo.siting.values import Floats, Ints

# Points compared at a time: memory stays below some 30 MB whatever the problem.
AT_ONCE = 1_000_000


def beside(points: Floats, others: Floats, reach_m: float) -> tuple[Ints, Ints, Floats]:
    """Return the pairs at most `reach_m` apart: positions among points and among others, and their metres."""
    corner = np.minimum(points.min(axis=0), others.min(axis=0))
    # A reach that is tiny beside the extent would make more squares than a number can count.
    extent = float(max(np.ptp(points, axis=0).max(), np.ptp(others, axis=0).max(), 1.0))
    side = max(reach_m, extent / 1e6)
    cell, other_cell = (((xy - corner) // side).astype(np.int64) for xy in (points, others))
    across = int(max(cell[:, 0].max(), other_cell[:, 0].max())) + 3
    key, other_key = (c[:, 1] * across + c[:, 0] + 1 for c in (cell, other_cell))
    order = np.argsort(other_key, kind="stable")
    ordered = other_key[order]
    parts = []
    for row in (-across, 0, across):
        first = np.searchsorted(ordered, key + row - 1, side="left")
        counts = np.searchsorted(ordered, key + row + 1, side="right") - first
        parts += _compared(points, others, order, first, counts, reach_m)
    one, other, metres = (np.concatenate(column) for column in zip(*parts, strict=True))
    return one, other, metres


def _compared(
    points: Floats, others: Floats, order: Ints, first: Ints, counts: Ints, reach_m: float
) -> list[tuple[Ints, Ints, Floats]]:
    """Compare each point with its run of others, some at a time."""
    found: list[tuple[Ints, Ints, Floats]] = []
    borders = np.searchsorted(np.cumsum(counts), np.arange(AT_ONCE, int(counts.sum()) + AT_ONCE, AT_ONCE))
    begin = 0
    for end in [*(borders + 1).tolist(), len(points)]:
        end = min(end, len(points))
        if end <= begin and found:
            continue
        many = counts[begin:end]
        one = np.repeat(np.arange(begin, end), many)
        within = np.arange(len(one)) - np.repeat(np.cumsum(many) - many, many)
        other = order[np.repeat(first[begin:end], many) + within]
        metres = np.hypot(*(points[one] - others[other]).T)
        near = metres <= reach_m
        found.append((one[near], other[near], metres[near]))
        begin = end
    return found


def nearest(points: Floats, others: Floats) -> tuple[Ints, Floats]:
    """Return for each point the position of the nearest other and the metres to it; the first of equals."""
    where, apart = np.zeros(len(points), dtype=np.int64), np.zeros(len(points))
    step = max(AT_ONCE // max(len(others), 1), 1)
    for begin in range(0, len(points), step):
        some = points[begin : begin + step]
        metres = np.hypot(*(some[:, None, :] - others[None, :, :]).transpose(2, 0, 1))
        where[begin : begin + step] = metres.argmin(axis=1)
        apart[begin : begin + step] = metres.min(axis=1)
    return where, apart
