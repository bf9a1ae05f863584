"""What-if answers, phases and the front, beside all choices tried by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from geo.siting.errors import BadProblem, Conflict, Impossible, NoCandidates
from geo.siting.front import front
from geo.siting.pairs import pairs_of
from geo.siting.solving import solve
from geo.siting.values import Phase, Problem
from geo.siting.whatif import Changes, again, changed
from tests.unit.geo.siting.brute import a_problem, choices, coverage

INSTANCES = 60


def quick(problem: Problem, seed: int) -> tuple[Problem, float, float, bool]:
    """A problem with one site pinned and another forbidden: the quick value and bound."""
    last = solve(problem)
    random = np.random.default_rng(seed)
    one, other = random.choice(len(problem.candidates), 2, replace=False).tolist()
    ids = problem.candidates.ids
    varied = changed(problem, Changes(pinned=[ids[one]], forbidden=[ids[other]]))
    found = again(varied, pairs_of(varied, varied.radius_m), last)
    return varied, found.value, found.bound, found.optimal


@pytest.mark.parametrize("kind", [{}, {"budget": 25.0}, {"objective": "backup_cover", "backup_weight": 0.5}])
def test_a_quick_answer_is_allowed_and_its_bound_holds(kind: dict[str, object]) -> None:
    proven = tried = 0
    for seed in range(INSTANCES):
        problem = a_problem(seed, p=4, **kind)
        try:
            varied, value, bound, optimal = quick(problem, seed)
        except (Impossible, Conflict, NoCandidates):
            continue
        best = max(coverage(varied, chosen) for chosen in choices(varied))
        assert value <= best + 1e-6
        assert bound >= best - 1e-6
        assert not optimal or value == pytest.approx(best)
        proven += optimal
        tried += 1
    assert tried > INSTANCES / 2
    assert proven > tried / 2


def test_a_moved_site_serves_from_where_it_stands_now() -> None:
    problem = a_problem(3, p=3)
    far = changed(problem, Changes(moved=dict.fromkeys(problem.candidates.ids, (90000.0, 0.0))))

    assert again(far, pairs_of(far, far.radius_m), solve(problem)).value == 0


def test_an_unknown_site_is_named() -> None:
    with pytest.raises(BadProblem) as caught:
        changed(a_problem(3), Changes(pinned=["nowhere"]))

    assert "nowhere" in caught.value.detail


def best_nested(problem: Problem) -> float:
    """The most weighted coverage over all ways to open sites phase by phase."""
    sites, phases = problem.candidates, problem.phases
    may = np.flatnonzero(~sites.open & ~sites.forbidden)
    best = -np.inf
    for when in product(range(len(phases) + 1), repeat=len(may)):
        total = 0.0
        for number, phase in enumerate(phases, start=1):
            chosen = sites.open.copy()
            chosen[may] = [0 < at <= number for at in when]
            opened = chosen & ~sites.existing
            limits = replace(problem, p=phase.p, budget=phase.budget)
            if (limits.p is not None and opened.sum() > limits.p) or (
                limits.budget is not None and sites.cost[opened].sum() > limits.budget
            ):
                total = -np.inf
                break
            total += phase.weight * coverage(problem, chosen)
        best = max(best, total)
    return best


@pytest.mark.parametrize("seed", range(12))
def test_phases_are_nested_and_the_best_of_all(seed: int) -> None:
    base = a_problem(seed)
    few = replace(base.candidates, forced=np.zeros(len(base.candidates), dtype=np.bool_))
    phases = (Phase(budget=8.0, weight=1.0), Phase(budget=18.0, p=4, weight=0.5))
    problem = replace(base, p=None, candidates=few, phases=phases)
    if int((~few.open & ~few.forbidden).sum()) > 7:
        problem = replace(
            problem, candidates=replace(few, forbidden=few.forbidden | (np.arange(len(few)) > 6))
        )

    found = solve(problem)

    assert found.optimal
    assert found.value == pytest.approx(best_nested(problem), abs=1e-5)
    assert found.opened_in is not None
    assert ((found.opened_in > 0) == (found.chosen & ~problem.candidates.existing)).all()


def test_more_money_never_buys_less() -> None:
    problem = a_problem(11, p=None)

    points = front(problem, [30, 0, 5, 10, 20])

    values = [point.solution.value for point in points if point.solution]
    assert [point.limit for point in points] == [0, 5, 10, 20, 30]
    assert values == sorted(values)
    assert values[-1] > values[0]
    assert all(point.solution.optimal for point in points if point.solution)
