"""A coverage plan from beginning to end: a first answer, prices, what they rule out, and the rest exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from geo.siting.certificate import bound as certified
from geo.siting.covering import Covering
from geo.siting.greedy import greedy, swapped
from geo.siting.lagrange import Priced, priced, rounded, still_possible
from geo.siting.reduce import Reduced, reduce
from geo.siting.values import Flags, Floats, Ints

TINY = 1e-6
# Values that are no whole numbers are told apart this finely, relative to their size.
FINE = 1e-8
# All rows take part in the first rounds; what is left of them afterwards costs a fraction of it.
FIRST_ROUNDS = 200
ROUNDS_OF_MENDING = 120
FEW_COLUMNS = 300
# Pairs in reach up to which the relaxation of all columns is a matter of a second or two.
MOST_ENTRIES = 300_000


class _Prices(NamedTuple):
    """The prices of rows, of promises to groups, and of sums."""

    multipliers: Floats
    equity: Floats
    sums: Floats


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop.

    Attributes:
        left_s: returns the seconds left.
        gap: the relative gap that is good enough.
        told: hears value and bound; returns whether to stop.
    """

    left_s: Callable[[], float]
    gap: float
    seed: int
    told: Callable[[float, float], bool]

    def over(self) -> bool:
        """Return whether no time is left."""
        return self.left_s() <= 0


@dataclass(frozen=True, slots=True)
class Covered:
    """The best choice of columns that was found.

    Attributes:
        chosen: (m,) None when no choice is allowed or none was found in time.
        value: what it earns.
        bound: no choice earns more; −inf when none is allowed.
        optimal: nothing earns more, or nothing is allowed.
        certificate: the bound that `multipliers` (n,), `equity` and the prices of `sums` prove by themselves.
        whole: all earnings are whole numbers.
    """

    chosen: Flags | None
    value: float
    bound: float
    optimal: bool
    certificate: float
    multipliers: Floats
    equity: Floats
    sums: Floats
    whole: bool


def best_cover(covering: Covering, limits: Limits) -> Covered:
    """Return the best choice of columns, with the proof as far as it goes."""
    reduced = reduce(covering)
    search = _Search(reduced.covering, limits)
    for stage in (_begin, _price, _search_the_rest):
        stage(search)
        if search.ended():
            break
    chosen = None if search.chosen is None else reduced.restored(search.chosen, len(covering.cost))
    prices = _Prices(_spread(covering, reduced, search.multipliers), search.equity, search.sums)
    certificate, prices = _proof(covering, search, prices)
    return Covered(
        chosen,
        search.value,
        search.bound,
        search.proven(),
        certificate,
        *prices,
        search.whole,
    )


def _proof(covering: Covering, search: _Search, prices: _Prices) -> tuple[float, _Prices]:
    """Return what prices prove of the whole covering; where sums are to be kept, the best prices there are.

    Columns that count alike were left out before the search, and prices found without them may pay each of
    them: the relaxation of all columns has prices that do not.
    """
    found = certified(covering, *prices)
    loose = found - search.bound > (1.0 - TINY if search.whole else FINE * max(1.0, abs(search.bound)))
    small = len(covering.cover.columns) <= MOST_ENTRIES
    if covering.sums is None or not loose or not small or search.limits.over():
        return found, prices
    from geo.siting.relaxed import SolverFault, relax

    try:
        whole = relax(covering, seed=search.limits.seed, time_limit_s=search.limits.left_s())
    except SolverFault:
        return found, prices
    if whole is None:
        return found, prices
    others = _Prices(whole.multipliers, whole.equity, whole.sums)
    return min((found, prices), (certified(covering, *others), others), key=lambda one: one[0])


class _Search:
    """The best choice so far and what is known about better ones."""

    def __init__(self, covering: Covering, limits: Limits) -> None:
        self.covering, self.limits = covering, limits
        self.chosen: Flags | None = None
        self.value = -np.inf
        self.multipliers = covering.first.copy()
        self.equity = np.zeros(len(covering.needs))
        self.sums = np.zeros(0 if covering.sums is None else len(covering.sums.names))
        earnings = np.concatenate([covering.first, covering.second])
        self.whole = bool((earnings == np.rint(earnings)).all())
        self.certificate = certified(covering, self.multipliers)
        self.bound = np.inf
        self.lower(self.certificate)
        everything = np.ones(len(covering.cost), dtype=np.bool_)
        self.exhausted, self.stopped = not covering.fair(everything), False

    def offer(self, chosen: Flags) -> None:
        """Take a choice when it is allowed and better."""
        value = self.covering.value(chosen)
        if value > self.value and self.covering.allowed(chosen):
            self.chosen, self.value = chosen, value
            self.tell()

    def prove(self, multipliers: Floats, equity: Floats, sums: Floats) -> None:
        """Take prices when they prove more."""
        found = certified(self.covering, multipliers, equity, sums)
        if found < self.certificate:
            self.certificate, self.multipliers = found, multipliers
            self.equity, self.sums = equity, sums
        self.lower(found)

    def lower(self, bound: float) -> None:
        """Take a bound when it is lower; never below what is already earned.

        Where all earnings are whole numbers, so is the best value.
        """
        if self.whole and np.isfinite(bound):
            bound = float(np.floor(bound + TINY))
        self.bound = max(min(self.bound, bound), self.value)

    def tell(self) -> None:
        """Let whoever listens know; they may stop the search."""
        self.stopped = self.limits.told(self.value, self.bound) or self.stopped

    @property
    def least(self) -> float:
        """Return what a choice has to earn to be better than the best one."""
        if self.chosen is None:
            return -np.inf
        return self.value + (1.0 - TINY if self.whole else FINE * max(1.0, abs(self.value)))

    def proven(self) -> bool:
        """Return whether nothing can be better."""
        return self.exhausted or self.bound < self.least

    def ended(self) -> bool:
        """Return whether to search no more."""
        near = self.chosen is not None and self.bound - self.value <= self.limits.gap * abs(self.bound)
        return self.proven() or near or self.stopped or self.limits.over()


def _begin(search: _Search) -> None:
    first = greedy(search.covering)
    search.offer(first)
    search.offer(swapped(search.covering, first, search.limits.over))


def _price(search: _Search) -> None:
    nothing = np.zeros(len(search.covering.cost), dtype=np.bool_)
    start = nothing if search.chosen is None else search.chosen
    found = priced(search.covering, start, search.limits.over, rounds=FIRST_ROUNDS, enough=search.least)
    search.prove(found.multipliers, search.equity, search.sums)
    search.offer(swapped(search.covering, found.chosen, search.limits.over))


def _search_the_rest(search: _Search) -> None:
    """Relax what the prices leave, round it, and branch on what is left then."""
    left = _sifted(search, _left(search, search.multipliers))
    if search.ended():
        return
    smaller = reduce(search.covering.only(left))
    lifted = _relaxed(search, smaller, left)
    if lifted is None or search.ended():
        return
    columns = left[smaller.columns]
    inner = Priced(lifted, search.bound, np.zeros(0, dtype=np.bool_), search.value)
    again = np.flatnonzero(still_possible(smaller.covering, inner, search.least))
    last = reduce(smaller.covering.only(again))
    _branched(search, last, columns[again][last.columns])


def _sifted(search: _Search, left: Ints) -> Ints:
    """Return the columns left after more rounds of prices among them alone."""
    if len(left) <= FEW_COLUMNS or search.chosen is None or len(search.covering.needs):
        return left
    smaller = reduce(search.covering.only(left))
    columns = left[smaller.columns]
    start = search.chosen[columns]
    if not smaller.covering.allowed(start):
        return left
    found = priced(smaller.covering, start, search.limits.over, enough=search.least)
    search.lower(max(found.bound, search.value))
    likely = rounded(smaller.covering, smaller.covering.worth(found.multipliers))
    for choice in (found.chosen, likely):
        mended = swapped(smaller.covering, choice, search.limits.over)
        search.offer(_widened(mended, columns, len(search.covering.cost)))
    inner = Priced(found.multipliers, found.bound, found.chosen, search.value)
    return columns[still_possible(smaller.covering, inner, search.least)]


def _left(search: _Search, multipliers: Floats) -> Ints:
    found = Priced(multipliers, search.certificate, np.zeros(0, dtype=np.bool_), search.value)
    if search.chosen is None or len(search.covering.needs):
        return np.arange(len(search.covering.cost), dtype=np.int64)
    return np.flatnonzero(still_possible(search.covering, found, search.least)).astype(np.int64)


def _relaxed(search: _Search, smaller: Reduced, left: Ints) -> Floats | None:
    """Solve the relaxation of the columns left; return its prices, None when it had no answer."""
    # scipy and HiGHS are loaded with the first question that prices alone leave open.
    from geo.siting.relaxed import SolverFault, relax

    try:
        found = relax(smaller.covering, seed=search.limits.seed, time_limit_s=search.limits.left_s())
    except SolverFault:
        return None
    if found is None:
        search.exhausted = True
        return None
    search.prove(_spread(search.covering, smaller, found.multipliers), found.equity, found.sums)
    kept = rounded(smaller.covering, found.y)
    for choice in (kept, swapped(smaller.covering, kept, search.limits.over)):
        search.offer(_widened(choice, left[smaller.columns], len(search.covering.cost)))
    search.lower(max(found.value, search.value))
    _mend(search)
    return found.multipliers


def _mend(search: _Search) -> None:
    """Let the certificate prove by itself, as far as prices can, what the solver's bound says."""
    if search.chosen is None or search.certificate - search.bound <= TINY * search.bound:
        return
    found = priced(
        search.covering,
        search.chosen,
        search.limits.over,
        search.multipliers,
        rounds=ROUNDS_OF_MENDING,
        enough=search.least,
    )
    search.prove(found.multipliers, search.equity, search.sums)


def _branched(search: _Search, last: Reduced, columns: Ints) -> None:
    from geo.siting.exact import branch

    start = None if search.chosen is None else search.chosen[columns]
    if start is not None and not last.covering.allowed(start):
        start = None

    def heard(value: float, bound: float) -> bool:
        search.lower(bound)
        return search.limits.told(max(value, search.value), search.bound) or search.limits.over()

    end = branch(
        last.covering,
        start,
        seed=search.limits.seed,
        time_limit_s=search.limits.left_s(),
        gap=search.limits.gap,
        heard=heard,
    )
    if end.chosen is not None:
        search.offer(_widened(end.chosen, columns, len(search.covering.cost)))
    search.lower(max(end.bound, search.value))
    search.exhausted = end.ended and search.limits.gap == 0


def _widened(chosen: Flags, columns: Ints, size: int) -> Flags:
    whole = np.zeros(size, dtype=np.bool_)
    whole[columns[chosen]] = True
    return whole


def _spread(covering: Covering, reduced: Reduced, multipliers: Floats) -> Floats:
    """Return the prices of merged rows shared out to the rows they were made of.

    A row that only left-out columns serve keeps its whole price: so it lifts them, not the sum of all rows.
    """
    into, small = reduced.rows, reduced.covering
    inside = into >= 0
    whole = covering.first.copy()
    of = into[inside]
    total = small.first[of]
    part = np.divide(covering.first[inside], total, out=np.zeros(len(of)), where=total > 0)
    whole[inside] = multipliers[of] * part
    return whole
