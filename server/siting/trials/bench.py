"""The process beside the web that answers what-ifs: `python -m server.siting.trials.bench`.

It knows no database and no plan but those it was sent. An order is one line of JSON, so is its answer:

    {"name": …, "problem": …, "plan": …}   keep a solved problem at hand: {"kept": true}
    {…, "ways": {…}}                       the same, its distances walked anew by these ways and gates
    {"name": …, "changes": {…}}            try changes upon it: {"plan": …}, or {"impossible": …},
                                           {"faults": […]}, {"late": true}, {"unknown": true} (send it first)
    {…, "told": true}                      tell, too, who walks how far to the sites of the plan

It ends with its input, or when nobody has asked for a while.
"""

from __future__ import annotations

import resource
import select
import sys
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
import shapely

from geo.errors import GeoError
from geo.siting.errors import BadProblem
from geo.siting.hot import Hot, TakesLonger
from geo.siting.plan import plan_of
from geo.siting.reading import problem_of
from geo.siting.values import Floats, Problem, Solution
from geo.siting.whatif import Changes
from server.siting.ground.ways import Ways
from server.siting.scenarios.walking import walked

SECONDS = 0.7
IDLE_S = 600
MOST_KEPT = 4
MEMORY_BYTES = 1024**3
# They are as long as the demand, and nothing is shown of them.
UNSAID = ("certificate", "assignments")


class Bench:
    """The problems at hand; the one that was used longest ago goes first."""

    def __init__(self) -> None:
        self._hot: OrderedDict[str, Hot] = OrderedDict()

    def answer(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to one order."""
        name = order["name"]
        if "problem" in order:
            stated = _walked_anew(order["problem"], order["ways"]) if "ways" in order else order["problem"]
            self._hot[name] = Hot(problem_of(stated), order["plan"])
        if name not in self._hot:
            return {"unknown": True}
        self._hot.move_to_end(name)
        while len(self._hot) > MOST_KEPT:
            self._hot.popitem(last=False)
        if "changes" not in order:
            return {"kept": True}
        return _tried(self._hot[name], order["changes"], told=order.get("told", False))


def _walked_anew(problem: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a problem file with the distances that other ways and gates make."""
    demand, sites = problem["demand"], problem["candidates"]
    lines = shapely.from_wkb(np.array(given["lines"], dtype=object))
    ways = Ways(lines, given["gates"], frozenset(given["opened"]))
    reach = walked(_places(demand), _places(sites), ways, problem["radius_m"])
    named = ([one["id"] for one in rows] for rows in (demand, sites))
    return {**problem, "distances": reach.listed(*named)}


def _places(rows: Sequence[Mapping[str, Any]]) -> Floats:
    return np.array([(row["x"], row["y"]) for row in rows], dtype=np.float64).reshape(-1, 2)


def _tried(hot: Hot, given: Mapping[str, Any], *, told: bool) -> dict[str, Any]:
    begun = time.perf_counter()
    try:
        problem, found = hot.tried(Changes(**given), SECONDS)
    except BadProblem as fault:
        faults = [(one["pointer"], one["detail"], one["detail_zh"]) for one in fault.errors]
        return {"faults": faults}
    except GeoError as fault:
        return {"impossible": {"detail": fault.detail, "detail_zh": fault.detail_zh, **fault.extra}}
    except TakesLonger:
        return {"late": True}
    plan = plan_of(problem, found, time.perf_counter() - begun)
    answer = {"plan": {name: value for name, value in plan.items() if name not in UNSAID}}
    return answer | ({"distances": _walks_of(problem, found)} if told else {})


def _walks_of(problem: Problem, found: Solution) -> list[list[Any]] | None:
    """Return the listed walks that end at an open site."""
    listed = problem.distances
    if listed is None:
        return None
    here = found.chosen[listed.candidate]
    rows = zip(
        listed.demand[here].tolist(),
        listed.candidate[here].tolist(),
        listed.metres[here].tolist(),
        strict=True,
    )
    demand, sites = problem.demand.ids, problem.candidates.ids
    return [[demand[row], sites[column], metres] for row, column, metres in rows]


def main() -> int:
    """Answer orders until the input ends or nobody asks any more."""
    _, hardest = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, hardest))
    bench, orders = Bench(), sys.stdin.buffer
    # An order follows only upon the answer to the last, so nothing waits unseen in the buffer.
    while select.select([orders], [], [], IDLE_S)[0]:
        if not (line := orders.readline()):
            break
        sys.stdout.buffer.write(orjson.dumps(bench.answer(orjson.loads(line))) + b"\n")
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
