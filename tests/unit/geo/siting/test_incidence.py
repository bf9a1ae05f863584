"""The sparse matrix of ones beside a plain table of numbers, and the columns that reductions drop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.siting.covering import Covering
from geo.siting.incidence import Incidence
from geo.siting.reduce import undominated
from geo.siting.values import Flags

TABLES = st.tuples(
    st.integers(0, 7), st.integers(0, 7), st.integers(0, 2**31), st.sampled_from([0.1, 0.4, 0.9])
).map(lambda drawn: np.random.default_rng(drawn[2]).random(drawn[:2]) < drawn[3])


def of(table: Flags) -> Incidence:
    row, column = np.nonzero(table)
    return Incidence.of(row[::-1], column[::-1], table.shape)


@given(TABLES, st.integers(0, 2**31))
def test_sums_counts_and_parts_are_those_of_the_table(table: Flags, seed: int) -> None:
    random, matrix = np.random.default_rng(seed), of(table)
    rows, columns = table.shape
    values, prices = random.random((columns,)), random.random((rows,))
    some, kept = random.random((rows,)) < 0.5, np.flatnonzero(random.random((columns,)) < 0.5)
    order = random.permutation(rows)

    assert matrix @ values == pytest.approx(table @ values)
    assert matrix.T @ prices == pytest.approx(table.T @ prices)
    assert matrix.counts(some).tolist() == table[some].sum(axis=0).tolist()
    assert (matrix.rows(order) @ values).tolist() == pytest.approx((table[order] @ values).tolist())
    assert (matrix.only(kept).csr().toarray() == table[:, kept]).all()
    assert (matrix.T.T.csr().toarray() == table).all()


@given(TABLES, st.integers(0, 2**31))
def test_columns_are_dropped_only_for_one_that_serves_as_much_for_no_more(table: Flags, seed: int) -> None:
    rows, columns = table.shape
    cost = np.random.default_rng(seed).integers(1, 3, (columns,)).astype(np.float64)
    nothing = np.zeros(rows)
    empty = np.empty((0, 2), dtype=np.int64)
    covering = Covering(of(table), nothing + 1, nothing, cost, None, None, empty, np.full(rows, -1), nothing)

    kept = undominated(covering).tolist()

    for column in range(columns):
        beaten = any(
            other != column
            and cost[other] <= cost[column]
            and bool((table[:, column] <= table[:, other]).all())
            for other in kept
        )
        assert (column in kept) != (beaten or not table[:, column].any())
