"""One siting question in a process of its own: prints its answer, processor seconds and peak memory as JSON.

`python -m tests.benchmarks.siting_alone QUESTION FILE.npz`
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from geo.siting.pairs import pairs_of
from geo.siting.reading import problem_of_arrays
from geo.siting.solving import solve
from geo.siting.values import Problem

STATED = {"crs": "EPSG:4548", "objective": "max_cover", "radius_m": 300, "time_limit_s": 300}


def problem_in(file: Path, **stated: Any) -> Problem:
    """Return the problem of a file."""
    with np.load(file) as arrays:
        given = dict(arrays)
    limits = {name: float(given[name]) for name in ("p", "budget") if name in given}
    return problem_of_arrays(given, {**STATED, **limits, **stated})


def whole(file: Path) -> dict[str, float]:
    """Solve coverage to the end, the question that peers answer."""
    return _solved(problem_in(file, then=[]))


def told_apart(file: Path) -> dict[str, float]:
    """Solve coverage, then cost, then walks."""
    return _solved(problem_in(file))


def _solved(problem: Problem) -> dict[str, float]:
    first: list[float] = []
    begun = time.process_time()

    def told(value: float, bound: float) -> bool:
        if not first and np.isfinite(bound):
            first.append(time.process_time() - begun)
        return False

    found = solve(problem, told)
    used, gap = time.process_time() - begun, (found.bound - found.value) / found.bound
    answer = {"value": found.value, "gap": gap, "optimal": float(found.optimal), "first_s": first[0]}
    return answer | {"solve_s": used, "later": float(sum(stage.optimal for stage in found.later))}


def varied(file: Path) -> dict[str, float]:
    """Forbid a chosen site: the time of the new bound and plan alone."""
    from geo.siting.whatif import Changes, again, changed

    problem = problem_in(file, then=[])
    last = solve(problem)
    near = pairs_of(problem, problem.radius_m)
    name = problem.candidates.ids[int(np.flatnonzero(last.chosen)[0])]
    begun = time.process_time()
    found = again(changed(problem, Changes(forbidden=[name])), near, last)
    return {"again_s": time.process_time() - begun, "gap": (found.bound - found.value) / found.bound}


def walked(file: Path) -> dict[str, float]:
    """Find the pairs of 100,000 homes on 250,000 nodes."""
    from geo.siting.network import Footways, walks

    side, step = 500, 60.0
    random = np.random.default_rng(7)
    at = np.arange(side * side).reshape(side, side)
    lines = np.arange(side, dtype=np.float64) * step
    xy = np.column_stack([axis.ravel() for axis in np.meshgrid(lines, lines)])
    along = np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()])
    across = np.column_stack([at[:-1].ravel(), at[1:].ravel()])
    ends = np.vstack([along, across])[random.random(2 * len(along)) > 0.1]
    streets = Footways(xy, ends, np.full(len(ends), -1, dtype=np.int64))
    homes, sites = random.uniform(0, side * step, (100_000, 2)), random.uniform(0, side * step, (5000, 2))
    begun = time.process_time()
    found = walks(streets, homes, sites, 300.0)
    return {"walks_s": time.process_time() - begun, "pairs": float(len(found.metres))}


def grounded(file: Path) -> dict[str, float]:
    """Draw candidates in 300 communities with 7,500 buildings."""
    import shapely

    from geo.siting.ground import DistanceRule, grid_on, judged, thinned

    rules = (
        DistanceRule("wall", "building", 3.0, True, ""),
        DistanceRule("exit", "exit", 6.0, True, ""),
        DistanceRule("school", "school", 20.0, False, ""),
    )
    grounds, buildings, exits = [], [], []
    for number in range(300):
        west, south = (number % 20) * 500, (number // 20) * 500
        own = [
            shapely.box(west + x * 48 + 5, south + y * 38 + 5, west + x * 48 + 41, south + y * 38 + 17)
            for x in range(5)
            for y in range(5)
        ]
        buildings += own
        exits += [shapely.Point(one.bounds[0] + 9, one.bounds[1]) for one in own]
        outline = shapely.box(west, south, west + 250, south + 200)
        grounds.append(shapely.difference(outline, shapely.union_all(own)))
    begun = time.process_time()
    xy, ground = grid_on(np.array(grounds, dtype=np.object_), 10.0)
    things = {"building": np.array(buildings, np.object_), "exit": np.array(exits, np.object_)}
    found = thinned(judged(xy, ground, rules, things), 20.0)
    return {"ground_s": time.process_time() - begun, "places": float(len(found))}


QUESTIONS: Mapping[str, Callable[[Path], Mapping[str, Any]]] = {
    "whole": whole,
    "told_apart": told_apart,
    "varied": varied,
    "walked": walked,
    "grounded": grounded,
}


if __name__ == "__main__":
    answer = dict(QUESTIONS[sys.argv[1]](Path(sys.argv[2])))
    used = resource.getrusage(resource.RUSAGE_SELF)
    answer |= {"cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}
    print(json.dumps(answer))
