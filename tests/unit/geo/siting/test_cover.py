"""Coverage plans beside every choice tried by hand, and the bound that needs no solver."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from geo.siting.certificate import bound
from geo.siting.cover import Covered, Limits, best_cover
from geo.siting.covering import Covering
from geo.siting.errors import Conflict, Impossible, NoCandidates
from geo.siting.greedy import greedy, swapped
from geo.siting.pairs import pairs_of
from geo.siting.reduce import reduce
from geo.siting.settling import Settled, settle
from geo.siting.values import Problem
from tests.unit.geo.siting.brute import a_problem, choices, coverage, fair

INSTANCES = 150


def solve(problem: Problem, gap: float = 0.0) -> tuple[Settled, Covered]:
    """The settled problem and its best cover, without a limit of time that matters."""
    settled = settle(problem, pairs_of(problem, problem.radius_m))
    end = time.monotonic() + 60
    limits = Limits(lambda: end - time.monotonic(), gap, 0, lambda value, bound: False)
    return settled, best_cover(settled.covering, limits)


def rules(seed: int) -> list[dict[str, Any]]:
    """The combinations of limits and rules that are tried on one random instance."""
    money = float(np.random.default_rng(seed).integers(3, 25))
    return [
        {},
        {"p": None, "budget": money},
        {"budget": money},
        {"min_separation_m": 250.0},
        {"objective": "backup_cover", "backup_weight": 0.4},
        {"objective": "backup_cover", "backup_weight": 0.4, "p": None, "budget": money},
        {"equity": fair(seed)},
        {"equity": fair(seed), "min_separation_m": 200.0, "objective": "backup_cover", "backup_weight": 0.25},
    ]


@pytest.mark.parametrize("kind", range(8))
def test_the_best_cover_is_the_best_of_all_choices(kind: int) -> None:
    tried = 0
    for seed in range(INSTANCES):
        problem = a_problem(seed * 10 + kind, **rules(seed)[kind])
        allowed = choices(problem)
        try:
            settled, found = solve(problem)
        except (Impossible, Conflict, NoCandidates):
            assert not allowed or not problem.candidates.open.any()
            continue
        assert found.optimal
        if not allowed:
            assert found.chosen is None
            continue
        best = max(coverage(problem, chosen) for chosen in allowed)
        assert found.chosen is not None
        opened = settled.opened(found.chosen, problem)
        assert any((opened == chosen).all() for chosen in allowed)
        assert coverage(problem, opened) == pytest.approx(best, abs=1e-6)
        assert settled.earned + found.value == pytest.approx(best, abs=1e-6)
        assert found.certificate + settled.earned >= best - 1e-6
        tried += 1
    assert tried > INSTANCES / 2


def _covering(seed: int, n: int = 400, m: int = 120) -> Covering:
    random = np.random.default_rng(seed)
    problem = a_problem(seed)
    grown = Problem(
        "max_cover",
        type(problem.demand)(
            tuple(map(str, range(n))),
            random.uniform(0, 3000, (n, 2)),
            random.integers(1, 50, n).astype(np.float64),
            np.full(n, -1),
        ),
        type(problem.candidates)(
            tuple(map(str, range(m))),
            random.uniform(0, 3000, (m, 2)),
            random.integers(1, 9, m).astype(np.float64),
            np.full(m, np.inf),
            *(np.zeros(m, dtype=np.bool_) for _ in range(3)),
        ),
        300.0,
        p=9,
    )
    return settle(grown, pairs_of(grown, 300.0)).covering


@pytest.mark.parametrize("seed", range(10))
def test_a_reduction_changes_no_value(seed: int) -> None:
    covering = _covering(seed)

    reduced = reduce(covering)

    random = np.random.default_rng(seed)
    for _ in range(20):
        chosen = random.random(len(reduced.covering.cost)) < 0.1
        whole = reduced.restored(chosen, len(covering.cost))
        assert covering.value(whole) == pytest.approx(reduced.covering.value(chosen))
    assert reduced.covering.cover.shape[0] <= covering.cover.shape[0]


@pytest.mark.parametrize("seed", range(10))
def test_no_choice_earns_more_than_any_certificate_says(seed: int) -> None:
    covering, random = _covering(seed), np.random.default_rng(seed)
    earned = covering.value(swapped(covering, greedy(covering), lambda: False))

    for _ in range(20):
        prices = random.uniform(0, 1, len(covering.first)) * covering.first
        assert bound(covering, prices) >= earned - 1e-9


def test_exchanging_never_earns_less_and_keeps_within_p() -> None:
    for seed in range(10):
        covering = _covering(seed)
        first = greedy(covering)

        better = swapped(covering, first, lambda: False)

        assert covering.value(better) >= covering.value(first)
        assert covering.allowed(better)


def test_the_same_problem_gets_the_same_plan() -> None:
    problem = a_problem(77, p=3)

    plans = [str(solve(problem)[1].chosen) for _ in range(3)]

    assert "True" in plans[0]
    assert plans == [plans[0]] * 3


def test_who_listens_hears_rising_values_under_falling_bounds_and_may_stop() -> None:
    covering, heard = _covering(3), []

    def told(value: float, bound: float) -> bool:
        heard.append((value, bound))
        return True

    found = best_cover(covering, Limits(lambda: 60.0, 0.0, 0, told))

    assert len(heard) >= 1
    assert found.chosen is not None
    assert found.bound >= found.value
