"""What is settled before any search: open sites serve, forbidden ones go, and the rest is a covering."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.siting.covering import Covering
from geo.siting.errors import Conflict, Impossible, NoCandidates
from geo.siting.pairs import Pairs, too_close
from geo.siting.sums import Sums, reachable, sums_of
from geo.siting.values import Flags, Ints, Problem


@dataclass(frozen=True, slots=True)
class Settled:
    """A problem with its open sites taken into account.

    Attributes:
        covering: what is left to choose.
        columns: (m',) the positions of its columns among the candidates.
        earned: what open sites earn.
        p_used: the most sites that may be opened besides existing ones; None for no limit.
    """

    covering: Covering
    columns: Ints
    earned: float
    p_used: int | None

    def opened(self, chosen: Flags, problem: Problem) -> Flags:
        """Return (m,) all open sites of a choice."""
        found = problem.candidates.open.copy()
        found[self.columns[chosen]] = True
        return found


def free_columns(problem: Problem) -> Ints:
    """Return the candidates that may still be chosen: not open, not forbidden, not too close to an open one.

    Raises:
        Conflict: a site is forced and forbidden, or a forced one lies closer to another forced or existing
            one than the separation.
        NoCandidates: nothing is open and nothing may be opened.
    """
    sites = problem.candidates
    _agreeing(problem)
    close = too_close(sites.xy, problem.min_separation_m)
    shut = sites.forbidden | sites.open
    blocked = np.zeros(len(sites), dtype=np.bool_)
    for here, there in ((0, 1), (1, 0)):
        blocked[close[sites.open[close[:, here]], there]] = True
    free = np.flatnonzero(~shut & ~blocked)
    if not len(free) and not sites.open.any():
        lost = {"forbidden": int(sites.forbidden.sum()), "candidates": len(sites)}
        raise NoCandidates(lost)
    return free.astype(np.int64)


def _agreeing(problem: Problem) -> None:
    sites = problem.candidates
    both = np.flatnonzero(sites.forced & sites.forbidden)
    if len(both):
        raise Conflict("forced and forbidden", "既要求设置又禁止设置", [(sites.ids[k],) for k in both])
    close = too_close(sites.xy, problem.min_separation_m)
    open_pair = sites.open[close[:, 0]] & sites.open[close[:, 1]]
    old_pair = sites.existing[close[:, 0]] & sites.existing[close[:, 1]]
    pairs = [(sites.ids[a], sites.ids[b]) for a, b in close[open_pair & ~old_pair].tolist()]
    if pairs:
        raise Conflict("forced sites closer than the separation", "必设点位间距小于最小间距", pairs)


def limits(problem: Problem) -> tuple[int | None, float | None]:
    """Return how many sites and how much money are left after the forced ones.

    Raises:
        Impossible: the forced sites alone are too many or too dear.
    """
    forced = problem.candidates.forced & ~problem.candidates.existing
    count, price = int(forced.sum()), float(problem.candidates.cost[forced].sum())
    if problem.p is not None and count > problem.p:
        raise Impossible(
            f"{count} sites are forced, p is {problem.p}",
            f"必设 {count} 处，多于 p={problem.p}",
            least_p=count,
        )
    if problem.budget is not None and price > problem.budget + 1e-6:
        raise Impossible(
            f"forced sites cost {price:g} yuan, the budget is {problem.budget:g}",
            f"必设点位需 {price:g} 元，预算为 {problem.budget:g} 元",
            least_budget=price,
        )
    p = None if problem.p is None else problem.p - count
    return p, None if problem.budget is None else problem.budget - price


def settle(problem: Problem, near: Pairs) -> Settled:
    """Return the covering that is left to choose from.

    Args:
        near: the pairs within the radius.

    Raises:
        Conflict, NoCandidates, Impossible: see `free_columns` and `limits`.
    """
    free = free_columns(problem)
    p, budget = limits(problem)
    cover = near.cover(len(problem.demand), len(problem.candidates))
    base = cover.T.counts(problem.candidates.open)
    weight, backup = problem.demand.weight, problem.demand.weight * _backup(problem)
    first = np.where(base == 0, weight, np.where(base == 1, backup, 0.0))
    rule, needs = _equity(problem, base)
    place = np.full(len(problem.candidates), -1)
    place[free] = np.arange(len(free))
    close = place[too_close(problem.candidates.xy, problem.min_separation_m)].reshape(-1, 2)
    covering = Covering(
        cover=cover.only(free),
        first=first,
        second=np.where(base == 0, backup, 0.0),
        cost=problem.candidates.cost[free],
        p=p if p is None else min(p, len(free)),
        budget=budget,
        conflicts=close[(close >= 0).all(axis=1)].astype(np.int64),
        rule=rule,
        share_of=np.where(rule >= 0, weight, 0.0),
        needs=needs,
        sums=left_sums(problem, free),
    )
    earned = float(weight[base >= 1].sum() + backup[base >= 2].sum())
    return Settled(covering, free, earned, _p_used(problem, free))


def left_sums(problem: Problem, free: Ints) -> Sums | None:
    """Return what the free columns must still come to beside the open ones.

    Raises:
        Impossible: see `sums.reachable`.
    """
    whole = sums_of(problem.sums, len(problem.candidates))
    if whole is None:
        return None
    left = whole.after(problem.candidates.open)
    may = np.zeros(len(problem.candidates), dtype=np.bool_)
    may[free] = True
    reachable(left, may)
    return left.only(free)


def _backup(problem: Problem) -> float:
    return problem.backup_weight if problem.objective == "backup_cover" else 0.0


def _p_used(problem: Problem, free: Ints) -> int | None:
    if problem.p is None:
        return None
    forced = problem.candidates.forced & ~problem.candidates.existing
    return min(problem.p, int(forced.sum()) + len(free))


def _equity(problem: Problem, base: Ints) -> tuple[Ints, tuple[float, ...]]:
    """Return the rule that each unserved row counts for, and what each rule still needs."""
    rule = np.full(len(problem.demand), -1, dtype=np.int64)
    needs = []
    for number, equity in enumerate(problem.equity):
        members = problem.demand.group == problem.demand.groups.index(equity.group)
        weight = np.where(members, problem.demand.weight, 0.0)
        rule[members & (base == 0)] = number
        needs.append(max(equity.min_share * float(weight.sum()) - float(weight[base >= 1].sum()), 0.0))
    return rule, tuple(needs)
