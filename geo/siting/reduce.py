"""Exact reductions of a covering: what is left has an optimum of the same value.

Source: Toregas and ReVelle 1973 for dominated columns and rows; rows are merged by their cover sets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geo.siting.covering import Covering
from geo.siting.incidence import Incidence
from geo.siting.values import Flags, Floats, Ints

# Two random 64-bit words a column: the sums of two different cover sets agree by chance once in 2^128.
_WORDS = 2


@dataclass(frozen=True, slots=True)
class Reduced:
    """A smaller covering and the way back.

    Attributes:
        covering: the smaller one.
        columns: (m',) the original positions of its columns.
        rows: (n,) the row of the smaller one that an original row went into, −1 for none.
    """

    covering: Covering
    columns: Ints
    rows: Ints

    def restored(self, chosen: Flags, size: int) -> Flags:
        """Return chosen columns among the original `size` ones."""
        whole = np.zeros(size, dtype=np.bool_)
        whole[self.columns[chosen]] = True
        return whole


def reduce(covering: Covering) -> Reduced:
    """Merge rows with equal cover sets, drop dominated columns, merge again."""
    merged, rows = merge_rows(covering)
    kept = undominated(merged)
    if len(kept) == len(merged.cost):
        return Reduced(merged, kept, rows)
    again, rows_again = merge_rows(merged.only(kept))
    through = rows.copy()
    through[rows >= 0] = rows_again[rows[rows >= 0]]
    return Reduced(again, kept, through)


def merge_rows(covering: Covering) -> tuple[Covering, Ints]:
    """Return the covering with one row for each cover set (and rule of equity), and where each row went.

    Rows that nothing serves or that earn nothing and count for no rule are left out.
    """
    cover = covering.cover
    counted = (covering.first > 0) | (covering.second > 0) | (covering.rule >= 0)
    useful = np.flatnonzero((cover.sizes > 0) & counted)
    rows = np.full(cover.shape[0], -1, dtype=np.int64)
    if len(useful) == 0:
        return _taken(covering, useful, useful, 0), rows
    keys = np.column_stack([_digests(cover)[useful], covering.rule[useful].astype(np.uint64)])
    _, where, into = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(where, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    rows[useful] = rank[into.ravel()]
    return _taken(covering, useful[np.sort(where)], rows[useful], len(order), useful), rows


def _taken(covering: Covering, first: Ints, into: Ints, size: int, members: Ints | None = None) -> Covering:
    """Return the covering of the rows `first`, earning what all their `members` earn."""
    of = first if members is None else members

    def summed(values: Floats) -> Floats:
        return np.bincount(into, weights=values[of], minlength=size).astype(np.float64)

    return replace(
        covering,
        cover=covering.cover.rows(first),
        first=summed(covering.first),
        second=summed(covering.second),
        share_of=summed(covering.share_of),
        rule=covering.rule[first],
    )


def _digests(cover: Incidence) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    """Return (n, 2) a digest of each row's set of columns."""
    words = _scrambled(cover.shape[1])
    sums = np.zeros((cover.shape[0], _WORDS), dtype=np.uint64)
    filled = np.flatnonzero(cover.sizes > 0)
    if len(filled):
        sums[filled] = np.add.reduceat(words[cover.columns], cover.starts[:-1][filled], axis=0)
    return sums


def _scrambled(columns: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    """Return (columns, words) numbers that look random and are the same everywhere.

    Source: Steele, Lea and Flood 2014 (SplitMix64).
    """
    step, first, second = (
        np.uint64(word) for word in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
    )
    mixed = np.arange(1, columns * _WORDS + 1, dtype=np.uint64) * step
    mixed = (mixed ^ (mixed >> np.uint64(30))) * first
    mixed = (mixed ^ (mixed >> np.uint64(27))) * second
    return (mixed ^ (mixed >> np.uint64(31))).reshape(columns, _WORDS)


def undominated(covering: Covering) -> Ints:
    """Return the columns worth keeping.

    A column is dropped when another serves all its rows for no more money. That is exact only where no row
    pays for a second site and neither a separation nor a sum tells the two apart.
    """
    every = np.arange(len(covering.cost), dtype=np.int64)
    if len(covering.conflicts) or bool((covering.second > 0).any()):
        return every
    sizes, cost = covering.cover.T.sizes, covering.cost
    a, b = _beside(covering.cover)
    perhaps = (a != b) & (sizes[b] >= sizes[a]) & (cost[b] <= cost[a])
    perhaps &= (sizes[b] > sizes[a]) | (cost[b] < cost[a]) | (b < a)
    useful = sizes > 0
    if covering.sums is not None:
        kinds = covering.sums.kinds()
        perhaps &= kinds[a] == kinds[b]
        # A column that serves nobody may still be what a least sum asks for.
        useful |= _asked_for(covering)
    dropped = np.zeros(len(every), dtype=np.bool_)
    dropped[_inside(covering.cover, a[perhaps], b[perhaps])] = True
    kept: Ints = every[~dropped & useful]
    return kept


def _beside(cover: Incidence) -> tuple[Ints, Ints]:
    """Return for each column that serves somebody the columns beside it in its emptiest row, as pairs."""
    row, column = cover.row, cover.columns
    order = np.lexsort((cover.sizes[row], column))
    first = order[np.unique(column[order], return_index=True)[1]]
    emptiest = cover.rows(row[first])
    return np.repeat(column[first], emptiest.sizes), emptiest.columns


def _inside(cover: Incidence, a: Ints, b: Ints) -> Ints:
    """Return the columns a all of whose rows the column b beside it serves, too.

    Row after row, the emptiest first, those pairs go of which b is not in a's row; hardly any last long.
    """
    row, column = cover.row, cover.columns
    by_size = np.lexsort((cover.sizes[row], column))
    rows, starts, sizes = row[by_size], cover.T.starts, cover.T.sizes
    # One number a place, ascending, so that a place is looked up by halving.
    places = row * cover.shape[1] + column
    found = []
    for turn in range(1, int(sizes[a].max(initial=0)) + 1):
        ended = sizes[a] <= turn
        found.append(a[ended])
        a, b = a[~ended], b[~ended]
        wanted = rows[starts[a] + turn] * cover.shape[1] + b
        there = places.take(np.searchsorted(places, wanted), mode="clip") == wanted
        a, b = a[there], b[there]
    return np.concatenate([*found, np.empty(0, dtype=np.int64)])


def _asked_for(covering: Covering) -> Flags:
    """Return (m,) the columns that count for a least sum."""
    assert covering.sums is not None
    asked = np.flatnonzero(covering.sums.least > 0)
    found: Flags = np.asarray(covering.sums.each[asked].sum(axis=0)).ravel() > 0
    return found
