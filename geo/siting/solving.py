"""One door to all objectives: a problem in, a solution with its bound out.

Each objective loads what it needs when it is asked for: a plain coverage plan needs neither scipy nor HiGHS.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.siting.cover import Limits, best_cover
from geo.siting.covering import Covering
from geo.siting.errors import Impossible
from geo.siting.pairs import Pairs, pairs_of
from geo.siting.settling import Settled, settle
from geo.siting.sums import Sums, sums_of
from geo.siting.values import Flags, Ints, Phase, Problem, Solution, Stage
from geo.siting.walked import Walks

if TYPE_CHECKING:
    from geo.siting.centre import Reach
    from geo.siting.ties import Tied

Told = Callable[[float, float], bool]


def solve(problem: Problem, told: Told = lambda value, bound: False) -> Solution:
    """Return the best plan found within the problem's time, with a bound on every other.

    Args:
        told: hears value and bound as they get better; returns whether to stop.

    Raises:
        Conflict, NoCandidates: see `settling.settle`.
        Impossible: no plan keeps what is asked; `extra` says what would be enough.
    """
    end = time.monotonic() + problem.time_limit_s
    limits = Limits(lambda: end - time.monotonic(), problem.gap, problem.seed, told)
    return _SOLVERS[problem.objective](problem, limits)


def _cover(problem: Problem, limits: Limits) -> Solution:
    near = pairs_of(problem, problem.radius_m)
    settled = settle(problem, near)
    if problem.phases:
        return _phased(problem, settled, limits)
    heard = replace(limits, told=lambda v, b: limits.told(v + settled.earned, b + settled.earned))
    found = best_cover(settled.covering, heard)
    if found.chosen is None:
        raise _nothing(problem, ended=found.optimal)
    bound = found.bound + settled.earned
    proved = found.certificate + settled.earned
    # Whole weights: what lies less than one above the bound proves the same.
    by_certificate = proved - bound < (1.0 - 1e-6 if found.whole else 1e-6 * max(1.0, abs(bound)))
    chosen, later = found.chosen, tuple[Stage, ...]()
    if problem.then:
        from geo.siting.ties import Tied

        tied = Tied(settled.covering, found.chosen, found.value, found.multipliers, found.certificate)
        told = replace(limits, told=lambda v, b: heard.told(found.value, found.bound))
        chosen, later = _untied(problem, near, settled, tied, told)
    return Solution(
        chosen=settled.opened(chosen, problem),
        later=later,
        value=found.value + settled.earned,
        bound=bound,
        bound_by="certificate" if by_certificate else "highs",
        optimal=found.optimal,
        multipliers=found.multipliers,
        equity_multipliers=tuple(found.equity.tolist()),
        sum_multipliers=tuple(found.sums.tolist()),
        certificate=proved,
    )


def _untied(
    problem: Problem, near: Pairs, settled: Settled, tied: Tied, limits: Limits
) -> tuple[Flags, tuple[Stage, ...]]:
    """Return the best columns of those that serve as much, with the cost and walks of the plan."""
    from geo.siting.ties import cheapest, nearest, only_one

    if not problem.then or not tied.chosen.any() or limits.over():
        return tied.chosen, ()
    price = float(problem.candidates.price[problem.candidates.open].sum())
    walks = Walks(near, problem.demand.weight, problem.candidates.open, settled.columns)
    if only_one(tied, limits):
        cost, walked = price + float(tied.covering.cost[tied.chosen].sum()), walks.value(tied.chosen)
        told = (Stage("cost", cost, cost, optimal=True), Stage("walking", walked, walked, optimal=True))
        return tied.chosen, told[: len(problem.then)]
    chosen, least = cheapest(tied, limits)
    stages = [replace(least, value=least.value + price, bound=least.bound + price)]
    if "walking" in problem.then and not limits.over():
        chosen, walking = nearest(replace(tied, chosen=chosen), walks, limits)
        stages.append(walking)
    return chosen, tuple(stages)


def _phased(problem: Problem, settled: Settled, limits: Limits) -> Solution:
    """Return the plan in phases; forced sites open in the first, and their cost counts in every budget."""
    from geo.siting.phased import best_phases

    forced = problem.candidates.forced & ~problem.candidates.existing
    count, price = int(forced.sum()), float(problem.candidates.cost[forced].sum())
    phases = tuple(_after_forced(phase, count, price) for phase in problem.phases)
    found = best_phases(settled.covering, phases, limits, problem.then)
    if found.opened_in is None:
        raise _nothing(problem, ended=found.ended)
    opened_in = np.zeros(len(problem.candidates), dtype=np.int64)
    opened_in[settled.columns] = found.opened_in
    opened_in[forced] = 1
    earned = settled.earned * sum(phase.weight for phase in phases)
    return Solution(
        chosen=settled.opened(found.opened_in > 0, problem),
        value=found.value + earned,
        bound=found.bound + earned,
        bound_by="highs",
        optimal=found.ended and problem.gap == 0,
        opened_in=opened_in,
        later=_with_forced(problem, found.later),
    )


def _with_forced(problem: Problem, later: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Return the stages with what forced sites cost, which no choice changes."""
    price = float(problem.candidates.price[problem.candidates.open].sum())
    return tuple(
        replace(one, value=one.value + price, bound=one.bound + price) if one.name == "cost" else one
        for one in later
    )


def _after_forced(phase: Phase, count: int, price: float) -> Phase:
    """Return what a phase leaves for sites that are not forced.

    Raises:
        Impossible: the forced sites are too many or too dear for it.
    """
    p = None if phase.p is None else phase.p - count
    budget = None if phase.budget is None else phase.budget - price
    if (p is not None and p < 0) or (budget is not None and budget < 0):
        raise Impossible(
            "forced sites open in the first phase, and a phase does not allow for them",
            "必设点位在第一期建设，超出某一期的数量或预算",
            least_p=count,
            least_budget=price,
        )
    return Phase(budget, p, phase.weight)


def _capacitated(problem: Problem, limits: Limits) -> Solution:
    from geo.siting.capacitated import best_share

    near = pairs_of(problem, problem.radius_m)
    settled = settle(problem, near)
    sites = problem.candidates
    columns = np.union1d(settled.columns, np.flatnonzero(sites.open)).astype(np.int64)
    opened = sites.open[columns]
    place = np.full(len(sites), -1)
    place[columns] = np.arange(len(columns))
    whole = replace(
        settled.covering,
        cover=near.cover(len(problem.demand), len(sites)).only(columns),
        cost=sites.cost[columns],
        conflicts=place[settled.columns[settled.covering.conflicts]],
        rule=_rules(problem),
        needs=_needs(problem),
        sums=_sums_over(problem, columns),
    )
    listed = near.cm[place[near.candidate] >= 0] / 100.0
    found = best_share(
        whole, problem.demand.weight, sites.capacity[columns], opened, limits, listed, problem.then
    )
    if found.chosen is None:
        raise _nothing(problem, ended=found.ended)
    chosen = np.zeros(len(sites), dtype=np.bool_)
    chosen[columns[found.chosen]] = True
    return Solution(
        chosen=chosen | sites.open,
        value=found.value,
        bound=found.bound,
        bound_by="highs",
        optimal=found.ended and problem.gap == 0,
        shares=(found.row, columns[found.column], found.served),
        later=_with_forced(problem, found.later),
    )


def _sums_over(problem: Problem, columns: Ints) -> Sums | None:
    """Return the sums over some columns, open ones among them."""
    whole = sums_of(problem.sums, len(problem.candidates))
    return None if whole is None else whole.only(columns)


def _rules(problem: Problem) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the rule of equity that each row counts for, −1 for none."""
    rule = np.full(len(problem.demand), -1, dtype=np.int64)
    for number, equity in enumerate(problem.equity):
        rule[problem.demand.group == problem.demand.groups.index(equity.group)] = number
    return rule


def _needs(problem: Problem) -> tuple[float, ...]:
    weight, rule = problem.demand.weight, _rules(problem)
    return tuple(e.min_share * float(weight[rule == n].sum()) for n, e in enumerate(problem.equity))


def _least(problem: Problem, limits: Limits) -> Solution:
    from geo.siting.least import SetCover, least_cover
    from geo.siting.ties import Tied

    near = pairs_of(problem, problem.radius_m)
    settled = settle(problem, near)
    cover, sites = settled.covering.cover, problem.candidates
    base = near.cover(len(problem.demand), len(sites)).T.counts(sites.open)
    reached = cover.sizes > 0
    lost = np.flatnonzero(~reached & (base == 0))
    if len(lost) and not problem.allow_unreachable:
        raise Impossible(
            f"{len(lost)} demand points lie out of reach of every candidate; "
            "add candidates, enlarge the radius or set allow_unreachable",
            f"有 {len(lost)} 个需求点不在任何候选点位服务范围内，请增加候选点、扩大半径，或设置"
            " allow_unreachable",
            unreachable=[problem.demand.ids[k] for k in lost[:50].tolist()],
        )
    sums = []
    if settled.covering.budget is not None:
        sums.append((settled.covering.cost, settled.covering.budget))
    if settled.covering.p is not None:
        sums.append((np.ones(len(settled.columns)), float(settled.covering.p)))
    rows = np.flatnonzero(reached & (base == 0))
    ones = np.ones(len(settled.columns))
    whole = SetCover(
        cover.rows(rows).csr(), ones, settled.covering.conflicts, tuple(sums), settled.covering.sums
    )
    found = least_cover(whole, limits)
    if found.chosen is None:
        raise _nothing(problem, ended=found.ended)
    forced = float((sites.forced & ~sites.existing).sum())
    everybody = _everybody(settled.covering, rows, int(found.value))
    tied = Tied(everybody, found.chosen, float(len(rows)), None, np.inf)
    told = replace(limits, told=lambda v, b: limits.told(found.value + forced, found.bound + forced))
    chosen, later = _untied(problem, near, settled, tied, told)
    return Solution(
        chosen=settled.opened(chosen, problem),
        later=later,
        value=found.value + forced,
        bound=found.bound + forced,
        bound_by="highs",
        optimal=found.ended and problem.gap == 0,
    )


def _everybody(covering: Covering, rows: Ints, most: int) -> Covering:
    """Return the covering in which each of some rows earns one, with so many columns at most."""
    first = np.zeros(len(covering.first))
    first[rows] = 1.0
    return replace(covering, first=first, second=np.zeros(len(first)), p=most, needs=())


def _reach(problem: Problem, settled: Settled) -> Reach:
    """Return all distances as a table; a pair that is not listed cannot be walked."""
    from geo.siting.centre import Reach

    pairs = pairs_of(problem, None)
    table = np.full((len(problem.demand), len(problem.candidates)), -1, dtype=np.int64)
    table[pairs.demand, pairs.candidate] = pairs.cm
    opened = table[:, problem.candidates.open]
    far = np.iinfo(np.int64).max
    nearest = np.where(opened >= 0, opened, far).min(axis=1, initial=far)
    c = settled.covering
    return Reach(
        table[:, settled.columns],
        np.where(nearest == far, -1, nearest),
        c.cost,
        c.p,
        c.budget,
        c.conflicts,
    )


def _served_demand(problem: Problem) -> Problem:
    """Return the problem without demand of no weight, which walks nowhere."""
    heavy = np.flatnonzero(problem.demand.weight > 0)
    if len(heavy) == len(problem.demand):
        return problem
    demand = problem.demand
    kept = replace(
        demand,
        ids=tuple(demand.ids[k] for k in heavy.tolist()),
        xy=demand.xy[heavy],
        weight=demand.weight[heavy],
        group=demand.group[heavy],
    )
    if problem.distances is None:
        return replace(problem, demand=kept)
    place = np.full(len(demand), -1)
    place[heavy] = np.arange(len(heavy))
    listed = problem.distances
    inside = place[listed.demand] >= 0
    distances = replace(
        listed,
        demand=place[listed.demand][inside],
        candidate=listed.candidate[inside],
        metres=listed.metres[inside],
    )
    return replace(problem, demand=kept, distances=distances)


def _empty() -> Pairs:
    none = np.empty(0, dtype=np.int64)
    return Pairs(none, none, none)


def _median(problem: Problem, limits: Limits) -> Solution:
    from geo.siting.median import best_median

    problem = _served_demand(problem)
    settled = settle(problem, _empty())
    found = best_median(_reach(problem, settled), problem.demand.weight, limits)
    return _walked(problem, settled, found.chosen, found.value, found.bound, ended=found.ended)


def _centre(problem: Problem, limits: Limits) -> Solution:
    from geo.siting.centre import best_centre

    problem = _served_demand(problem)
    settled = settle(problem, _empty())
    if not len(problem.demand):
        return _walked(problem, settled, np.zeros(len(settled.columns), np.bool_), 0.0, 0.0, ended=True)
    found = best_centre(_reach(problem, settled), limits)
    return _walked(problem, settled, found.chosen, found.value / 100, found.bound / 100, ended=found.ended)


def _walked(
    problem: Problem, settled: Settled, chosen: Flags | None, value: float, bound: float, *, ended: bool
) -> Solution:
    if chosen is None:
        raise _nothing(problem, ended=ended)
    near = value - bound <= 1e-9 * max(1.0, value)
    return Solution(
        chosen=settled.opened(chosen, problem),
        value=value,
        bound=bound,
        bound_by="highs",
        optimal=near or (ended and problem.gap == 0),
    )


def _nothing(problem: Problem, *, ended: bool) -> Impossible:
    """Return why there is no plan, as far as that is known."""
    if not ended:
        return Impossible(
            "none was found in time; give it longer or loosen a rule",
            "在时限内未找到方案，请延长时间或放宽条件",
            time_limit_s=problem.time_limit_s,
        )
    if problem.sums:
        names = [one.name for one in problem.sums[:20]]
        return Impossible(
            "the sums cannot be kept within p, budget, separation and the shares of groups",
            "在数量、预算、间距和覆盖率限制内无法满足分组限额（如变压器余量、每小区至少一处）",
            sums=names,
        )
    if problem.objective in ("p_median", "p_center", "min_sites"):
        return Impossible(
            "no sites within p, budget and separation serve everybody",
            "在数量、预算和间距限制内无法服务所有需求点",
        )
    return Impossible(
        "the shares of groups cannot be kept within p, budget and separation",
        "在数量、预算和间距限制内无法满足各群体的最低覆盖率",
        equity=[{"group": rule.group, "min_share": rule.min_share} for rule in problem.equity],
    )


_SOLVERS: dict[str, Callable[[Problem, Limits], Solution]] = {
    "max_cover": _cover,
    "backup_cover": _cover,
    "capacitated_cover": _capacitated,
    "min_sites": _least,
    "p_median": _median,
    "p_center": _centre,
}
