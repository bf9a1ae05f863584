"""Coverage where a site serves only so many: whom it serves is chosen along with the sites.

Source: Current and Storbeck 1988 (capacitated covering); Pirkul and Schilling 1991.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from geo.siting.cover import Limits
from geo.siting.covering import Covering
from geo.siting.programs import Program, Rows, exclusions, minimised, selection, widened
from geo.siting.relaxed import INFINITE
from geo.siting.stages import spread, told_apart
from geo.siting.values import Flags, Floats, Ints, Later, Stage

TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Shared:
    """Chosen columns, how much weight they serve, a bound on it, and who serves how much.

    Attributes:
        row, column, served: (k,) how much of a row's weight a column serves.
    """

    chosen: Flags | None
    value: float
    bound: float
    ended: bool
    row: Ints
    column: Ints
    served: Floats
    later: tuple[Stage, ...] = ()


def best_share(
    covering: Covering,
    weight: Floats,
    capacity: Floats,
    opened: Flags,
    limits: Limits,
    metres: Floats,
    then: tuple[Later, ...] = (),
) -> Shared:
    """Return the columns and the sharing that serve most weight; of those the best by `then`.

    Args:
        covering: all columns, open ones among them; p and budget as they are left for those not open.
        weight: (n,) e-bikes.
        capacity: (m,) e-bikes a day, inf for no limit.
        opened: (m,) columns that are open and count for neither p nor budget.
        metres: (k,) the walk of each pair of `covering.cover`.
    """
    row, column = covering.cover.row, covering.cover.columns
    program = _program(covering, weight, capacity, opened, row, column)
    answer = minimised(
        program,
        None,
        seed=limits.seed,
        time_limit_s=limits.left_s(),
        gap=limits.gap,
        heard=lambda value, bound: limits.told(-value, -bound) or limits.over(),
    )
    if answer.x is None:
        none = np.empty(0, dtype=np.int64)
        return Shared(None, -np.inf, -answer.bound, answer.ended, none, none, np.empty(0))
    m, size = len(capacity), len(program.cost)
    fresh = np.where(opened, 0.0, covering.cost)
    goals: dict[Later, Floats] = {"cost": spread(fresh, size), "walking": spread(metres, size, m)}
    x, later = told_apart(program, answer, {name: goals[name] for name in then}, limits)
    chosen, served = x[:m] > 0.5, x[m:]
    # What a column serves that is open by a rounding of the solver alone is nothing.
    some = (served > TINY) & chosen[column]
    bound = max(-answer.bound, -answer.value)
    return Shared(chosen, -answer.value, bound, answer.ended, row[some], column[some], served[some], later)


def _program(
    covering: Covering, weight: Floats, capacity: Floats, opened: Flags, row: Ints, column: Ints
) -> Program:
    n, m = covering.cover.shape
    at, size = np.arange(len(row)), m + len(row)
    most = np.minimum(weight[row], capacity[column])
    each = csr_array((np.ones(len(row)), (row, m + at)), shape=(n, size))
    linked = csr_array(
        (np.concatenate([np.ones(len(row)), -most]), (np.tile(at, 2), np.concatenate([m + at, column]))),
        shape=(len(row), size),
    )
    rows = [Rows(each, -INFINITE, weight), Rows(linked, -INFINITE, 0.0)]
    rows += _room(capacity, column, size) + _limits(covering, opened, size) + _fair(covering, row, size)
    rows.append(Rows(csr_array(np.eye(m, size)[opened]), 1.0, 1.0))
    whole = np.zeros(size, dtype=np.bool_)
    whole[:m] = True
    cost = np.concatenate([np.zeros(m), -np.ones(len(row))])
    return Program(cost, np.concatenate([np.ones(m), most]), whole, tuple(rows))


def _room(capacity: Floats, column: Ints, size: int) -> list[Rows]:
    m, bounded = len(capacity), np.flatnonzero(np.isfinite(capacity))
    at = np.arange(len(column))
    used = csr_array((np.ones(len(column)), (column, m + at)), shape=(m, size))[bounded]
    room = csr_array((capacity[bounded], (np.arange(len(bounded)), bounded)), shape=(len(bounded), size))
    return [Rows(csr_array(used - room), -INFINITE, 0.0)] if len(bounded) else []


def _limits(covering: Covering, opened: Flags, size: int) -> list[Rows]:
    rows = []
    fresh = (~opened).astype(np.float64)
    if covering.p is not None:
        rows.append(Rows(selection(fresh, size), -INFINITE, float(covering.p)))
    if covering.budget is not None:
        rows.append(Rows(selection(fresh * covering.cost, size), -INFINITE, covering.budget))
    if len(covering.conflicts):
        rows.append(Rows(exclusions(covering.conflicts, size), -INFINITE, 1.0))
    if covering.sums is not None:
        rows.append(Rows(widened(covering.sums.each, size), covering.sums.least, covering.sums.most))
    return rows


def _fair(covering: Covering, row: Ints, size: int) -> list[Rows]:
    m, rows = covering.cover.shape[1], []
    for number, need in enumerate(covering.needs):
        counted = np.zeros((1, size))
        counted[0, m:] = (covering.rule[row] == number).astype(np.float64)
        rows.append(Rows(csr_array(counted), need, INFINITE))
    return rows
