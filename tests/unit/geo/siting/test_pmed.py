"""The p-median instances of the OR-Library: their published optima, met exactly and proved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import shortest_path

from geo.siting.solving import solve
from geo.siting.values import Candidates, Demand, Distances, Problem

FOLDER = Path(__file__).with_name("pmed")


def pmed(file: Path) -> Problem:
    """The problem of a pmed file: every node is a home and may have a site."""
    nodes, edges, p, *rest = (int(word) for word in file.read_text().split())
    apart = np.full((nodes, nodes), np.inf)
    for a, b, length in np.array(rest).reshape(edges, 3):
        apart[a - 1, b - 1] = apart[b - 1, a - 1] = length
    walks = shortest_path(apart, directed=False)
    names, nowhere = tuple(str(k) for k in range(nodes)), np.zeros((nodes, 2))
    none, one = np.zeros(nodes, dtype=np.bool_), np.ones(nodes)
    here, there = np.divmod(np.arange(nodes**2), nodes)
    return Problem(
        objective="p_median",
        demand=Demand(names, nowhere, one, np.full(nodes, -1)),
        candidates=Candidates(names, nowhere, one, np.full(nodes, np.inf), none, none, none),
        radius_m=1.0,
        p=p,
        distances=Distances(here, there, walks.ravel()),
    )


OPTIMA = {1: 5819, 2: 4093, 3: 4250, 4: 3034, 5: 1355, 7: 5631, 10: 1255, 15: 1729}


@pytest.mark.parametrize(("number", "optimum"), OPTIMA.items())
def test_a_published_optimum_is_met_and_proved(number: int, optimum: int) -> None:
    found = solve(pmed(FOLDER / f"pmed{number}.txt"))

    assert (found.value, found.bound, found.optimal) == (optimum, optimum, True)
