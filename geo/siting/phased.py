"""Plans in phases: what is built stays, money comes by and by, and early coverage counts as it is weighted.

Source: Chung, Schilling and Carbone 1983 (multiperiod covering); nested choices y_jt ≥ y_j,t−1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack, identity, kron

from geo.siting.cover import Limits
from geo.siting.covering import Covering
from geo.siting.programs import Program, Rows, minimised, widened
from geo.siting.reduce import reduce
from geo.siting.relaxed import INFINITE
from geo.siting.stages import spread, told_apart
from geo.siting.values import Flags, Floats, Ints, Later, Phase, Stage


@dataclass(frozen=True, slots=True)
class Phased:
    """When each column opens (from 1; 0 for never), the weighted coverage, and a bound on it.

    `opened_in` is None when nothing is allowed or nothing was found in time.
    """

    opened_in: Ints | None
    value: float
    bound: float
    ended: bool
    later: tuple[Stage, ...] = ()


def best_phases(
    covering: Covering, phases: tuple[Phase, ...], limits: Limits, then: tuple[Later, ...] = ()
) -> Phased:
    """Return the nested choices with the most coverage, each phase's counted by its weight.

    Of those that earn as much it is the cheapest, where `then` asks for that.

    Args:
        covering: its own p and budget hold in every phase; equity and sums have to be kept in the last one.
    """
    reduced = reduce(covering)
    small = reduced.covering
    nothing = np.zeros(len(covering.cost), dtype=np.int64)
    if not small.cover.shape[0] and small.sums is None:
        fair = covering.fair(nothing > 0)
        return Phased(nothing if fair else None, 0.0, 0.0, True)
    program = _program(small, phases)
    answer = minimised(
        program,
        None,
        seed=limits.seed,
        time_limit_s=limits.left_s(),
        gap=limits.gap,
        heard=lambda value, bound: limits.told(-value, -bound) or limits.over(),
    )
    if answer.x is None:
        return Phased(None, -np.inf, -answer.bound, answer.ended)
    m = len(small.cost)
    cost = spread(small.cost, len(program.cost), (len(phases) - 1) * m)
    x, later = told_apart(program, answer, {"cost": cost} if "cost" in then else {}, limits)
    opened = nothing
    opened[reduced.columns] = _opened(x, m, len(phases))
    value = weighted(covering, opened, phases)
    return Phased(opened, value, max(-answer.bound, value), answer.ended, later)


def weighted(covering: Covering, opened_in: Ints, phases: tuple[Phase, ...]) -> float:
    """Return the coverage of all phases, each counted by its weight."""
    return sum(
        phase.weight * covering.value(_by(opened_in, number)) for number, phase in enumerate(phases, start=1)
    )


def _by(opened_in: Ints, phase: int) -> Flags:
    """Return the columns that are open in a phase."""
    found: Flags = (opened_in > 0) & (opened_in <= phase)
    return found


def _opened(x: Floats, columns: int, phases: int) -> Ints:
    open_in = x[: columns * phases].reshape(phases, columns) > 0.5
    first = np.argmax(open_in, axis=0) + 1
    return np.where(open_in.any(axis=0), first, 0).astype(np.int64)


def _program(covering: Covering, phases: tuple[Phase, ...]) -> Program:
    """Lay out y of all phases, then z of all phases, then u of all phases."""
    n, m = covering.cover.shape
    count = len(phases)
    weights = np.array([phase.weight for phase in phases])
    size = count * (m + 2 * n)
    cost = np.concatenate(
        [np.zeros(count * m), -np.kron(weights, covering.first), -np.kron(weights, covering.second)]
    )
    whole = np.zeros(size, dtype=np.bool_)
    whole[: count * m] = True
    rows = [_served(covering, count), *_nested(m, count, size), *_limits(covering, phases, size)]
    return Program(cost, np.ones(size), whole, tuple(rows))


def _served(covering: Covering, count: int) -> Rows:
    n = covering.cover.shape[0]
    each = identity(count, format="csr")
    one = identity(count * n, format="csr")
    matrix = hstack([kron(each, -covering.cover.csr(), format="csr"), one, one], format="csr")
    return Rows(csr_array(matrix), -INFINITE, 0.0)


def _nested(m: int, count: int, size: int) -> list[Rows]:
    """What is open stays open."""
    if count < 2 or not m:
        return []
    at = np.arange((count - 1) * m)
    entries = (np.repeat([1.0, -1.0], len(at)), (np.tile(at, 2), np.concatenate([at, at + m])))
    return [Rows(csr_array(entries, shape=(len(at), size)), -INFINITE, 0.0)]


def _limits(covering: Covering, phases: tuple[Phase, ...], size: int) -> list[Rows]:
    m, n = len(covering.cost), covering.cover.shape[0]
    rows = []
    for number, phase in enumerate(phases):
        first = number * m
        for most, each in (
            (_least(phase.p, covering.p), np.ones(m)),
            (_least(phase.budget, covering.budget), covering.cost),
        ):
            if most is not None:
                rows.append(Rows(_row(each, first, size), -INFINITE, most))
    last = (len(phases) - 1) * m
    for rule, need in enumerate(covering.needs):
        share = np.where(covering.rule == rule, covering.share_of, 0.0)
        rows.append(Rows(_row(share, len(phases) * m + (len(phases) - 1) * n, size), need, INFINITE))
    if len(covering.conflicts):
        pairs = len(covering.conflicts)
        at = np.repeat(np.arange(pairs), 2)
        entries = (np.ones(2 * pairs), (at, last + covering.conflicts.ravel()))
        rows.append(Rows(csr_array(entries, shape=(pairs, size)), -INFINITE, 1.0))
    if covering.sums is not None:
        rows.append(Rows(widened(covering.sums.each, size, last), covering.sums.least, covering.sums.most))
    return rows


def _least(one: float | None, other: float | None) -> float | None:
    given = [float(most) for most in (one, other) if most is not None]
    return min(given) if given else None


def _row(values: Floats, first: int, size: int) -> csr_array:
    row = np.zeros((1, size))
    row[0, first : first + len(values)] = values
    return csr_array(row)
