"""What if a site is pinned, forbidden or moved: the old plan mended, the old proof moved along, in a moment.

Prices of the last plan still prove something of the changed problem, and the last choice is nearly right:
a few rounds on both replace the solver. `solving.solve` gives the last word.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from geo.siting.certificate import bound as certified
from geo.siting.covering import Covering
from geo.siting.errors import BadProblem
from geo.siting.greedy import Choice, filled, pledged, pruned, swapped
from geo.siting.lagrange import priced
from geo.siting.pairs import SLACK_M, Pairs
from geo.siting.settling import Settled, settle
from geo.siting.values import Flags, Floats, Problem, Solution

ROUNDS = 80
SECONDS = 1.0
TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be otherwise; a site that is named loses what it was before.

    Attributes:
        pinned, forbidden, released: names of candidates; a released one is neither any more.
        moved: where candidates stand now, metres.
        p, budget, radius_m: None where nothing changes.
    """

    pinned: Collection[str] = ()
    forbidden: Collection[str] = ()
    released: Collection[str] = ()
    moved: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    p: int | None = None
    budget: float | None = None
    radius_m: float | None = None


def changed(problem: Problem, changes: Changes) -> Problem:
    """Return the problem with the changes made.

    Raises:
        BadProblem: a name is unknown, or listed distances would not fit a moved site or a wider radius.
    """
    place = {name: at for at, name in enumerate(problem.candidates.ids)}
    _usable(problem, place, changes)
    sites = problem.candidates
    forced, shut, xy = sites.forced.copy(), sites.forbidden.copy(), sites.xy.copy()
    for name in (*changes.pinned, *changes.forbidden, *changes.released):
        forced[place[name]] = name in changes.pinned
        shut[place[name]] = name in changes.forbidden
    for name, there in changes.moved.items():
        xy[place[name]] = there
    return replace(
        problem,
        candidates=replace(sites, forced=forced, forbidden=shut, xy=xy),
        p=problem.p if changes.p is None else changes.p,
        budget=problem.budget if changes.budget is None else changes.budget,
        radius_m=problem.radius_m if changes.radius_m is None else changes.radius_m,
    )


def _usable(problem: Problem, place: Mapping[str, int], changes: Changes) -> None:
    """Hold that the changes fit the problem."""
    faults = [
        (f"/{field_name}", f"no candidate is called {name!r}", f"没有名为 {name!r} 的候选点")
        for field_name in ("pinned", "forbidden", "released", "moved")
        for name in getattr(changes, field_name)
        if name not in place
    ]
    if problem.distances is not None and changes.moved:
        faults.append(
            (
                "/moved",
                "listed distances cannot follow a moved site: pin another candidate instead",
                "步行距离无法随点位移动，请改为必设另一个候选点",
            )
        )
    if too_wide(problem, changes.radius_m):
        faults.append(
            (
                "/radius_m",
                f"listed distances end at {problem.radius_m:g} m: ask for a new scenario with that radius",
                f"步行距离只列到 {problem.radius_m:g} 米，请按新半径重新求解",
            )
        )
    if faults:
        raise BadProblem(faults)


def too_wide(problem: Problem, radius_m: float | None) -> bool:
    """Return whether a radius asks for distances that were never listed."""
    listed = problem.distances
    if listed is None or radius_m is None or radius_m <= problem.radius_m:
        return False
    return float(listed.metres.max(initial=0.0)) <= problem.radius_m + SLACK_M


def again(problem: Problem, near: Pairs, last: Solution, seconds: float = SECONDS) -> Solution:
    """Return a plan for a slightly changed coverage problem, with a bound, in about a second.

    Args:
        near: the pairs within the radius of the changed problem.
        last: the plan of the problem before, by `solving.solve` or by this.
        seconds: when to stop mending.

    Raises:
        Conflict, NoCandidates, Impossible: see `settling.settle`.
    """
    settled = settle(problem, near)
    covering = settled.covering
    end = time.monotonic() + seconds
    prices = _prices(covering, last)
    chosen = _mended(settled, last, end)
    found = priced(covering, chosen, lambda: time.monotonic() > end, prices, rounds=ROUNDS)
    if covering.allowed(found.chosen) and found.value > covering.value(chosen):
        chosen = found.chosen
    chosen = pruned(covering, chosen)
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
    pledged(choice, choice.gains())
    return swapped(settled.covering, filled(choice, by_price=False).chosen, lambda: time.monotonic() > end)
