"""What if a site is pinned, forbidden or moved: the old plan mended, the old proof moved along, in a moment.

Prices of the last plan still prove something of the changed problem, and the last choice is nearly right:
a few rounds on both replace the solver. `solving.solve` gives the last word.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from geo.siting.certificate import bound as certified
from geo.siting.covering import Covering
from geo.siting.errors import BadProblem
from geo.siting.greedy import Choice, filled, swapped
from geo.siting.lagrange import priced
from geo.siting.pairs import Pairs
from geo.siting.settling import Settled, settle
from geo.siting.values import Flags, Floats, Problem, Solution

ROUNDS = 80
SECONDS = 1.0
TINY = 1e-6


def changed(
    problem: Problem,
    *,
    pinned: Iterable[str] = (),
    forbidden: Iterable[str] = (),
    moved: dict[str, tuple[float, float]] | None = None,
) -> Problem:
    """Return the problem with sites pinned, forbidden or moved (metres); each loses what it was before.

    Raises:
        BadProblem: a name is unknown, or listed distances would not fit a moved site.
    """
    place = {name: at for at, name in enumerate(problem.candidates.ids)}
    pinned, forbidden, moved = tuple(pinned), tuple(forbidden), moved or {}
    _known(place, (*pinned, *forbidden, *moved), problem.distances is not None and bool(moved))
    sites = problem.candidates
    forced, shut, xy = sites.forced.copy(), sites.forbidden.copy(), sites.xy.copy()
    for name in pinned:
        forced[place[name]], shut[place[name]] = True, False
    for name in forbidden:
        forced[place[name]], shut[place[name]] = False, True
    for name, there in moved.items():
        xy[place[name]] = there
    return replace(problem, candidates=replace(sites, forced=forced, forbidden=shut, xy=xy))


def _known(place: dict[str, int], names: tuple[str, ...], stuck: bool) -> None:
    faults = [
        ("/candidates", f"no candidate is called {name!r}", f"没有名为 {name!r} 的候选点")
        for name in names
        if name not in place
    ]
    if stuck:
        faults.append(
            ("/distances", "listed distances cannot follow a moved site", "移动点位后须重新计算距离")
        )
    if faults:
        raise BadProblem(faults)


def again(problem: Problem, near: Pairs, last: Solution) -> Solution:
    """Return a plan for a slightly changed coverage problem, with a bound, in about a second.

    Args:
        near: the pairs within the radius of the changed problem.
        last: the plan of the problem before, by `solving.solve` or by this.

    Raises:
        Conflict, NoCandidates, Impossible: see `settling.settle`.
    """
    settled = settle(problem, near)
    covering = settled.covering
    end = time.monotonic() + SECONDS
    prices = _prices(covering, last)
    chosen = _mended(settled, last, end)
    found = priced(covering, chosen, lambda: time.monotonic() > end, prices, rounds=ROUNDS)
    if covering.allowed(found.chosen) and found.value > covering.value(chosen):
        chosen = found.chosen
    value = covering.value(chosen)
    proved = min(certified(covering, found.multipliers), certified(covering, prices))
    whole = bool((covering.first == np.rint(covering.first)).all()) and not bool((covering.second % 1).any())
    bound = float(np.floor(proved + TINY)) if whole else proved
    fair = covering.allowed(chosen)
    return Solution(
        chosen=settled.opened(chosen, problem),
        value=settled.earned + value,
        bound=settled.earned + max(bound, value),
        bound_by="certificate",
        optimal=fair and bound - value <= TINY * max(1.0, value),
        multipliers=found.multipliers,
        equity_multipliers=tuple(0.0 for _ in covering.needs),
        certificate=settled.earned + certified(covering, found.multipliers),
        keeps_equity=fair,
    )


def _prices(covering: Covering, last: Solution) -> Floats:
    """Return the last prices, no row priced above what it pays now."""
    if last.multipliers is None or len(last.multipliers) != len(covering.first):
        return 0.5 * covering.first
    return np.minimum(last.multipliers, covering.first)


def _mended(settled: Settled, last: Solution, end: float) -> Flags:
    """Return the last choice without what is forbidden or too much, filled up and exchanged."""
    choice = Choice(settled.covering)
    before = np.flatnonzero(last.chosen[settled.columns]).tolist()
    for column in sorted(before, key=lambda at: -choice.gain(at)):
        if choice.fits(column):
            choice.add(column)
    return swapped(settled.covering, filled(choice, by_price=False).chosen, lambda: time.monotonic() > end)
