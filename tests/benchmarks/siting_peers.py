"""The same questions put to others, in their own environment: prints answer, processor seconds, peak memory.

`PEERS_PYTHON siting_peers.py spopt|cbc FILE.npz`: spopt's MCLP solved by CBC, and CBC on a sparse model.
It imports nothing of the product.
"""

from __future__ import annotations

import json
import resource
import sys

import numpy as np
import pulp
from scipy.spatial import cKDTree

RADIUS_M = 300.0


def by_spopt(demand, weight, sites, p, budget, cost):  # type: ignore[no-untyped-def]  # runs outside the checked environment
    from spopt.locate import MCLP

    apart = np.hypot(*(demand[:, None, :] - sites[None, :, :]).transpose(2, 0, 1))
    model = MCLP.from_cost_matrix(np.rint(apart * 100), weight, round(RADIUS_M * 100), p_facilities=p)
    model = model.solve(pulp.PULP_CBC_CMD(msg=False))
    return pulp.value(model.problem.objective)


def by_cbc(demand, weight, sites, p, budget, cost):  # type: ignore[no-untyped-def]  # runs outside the checked environment
    near = reached(demand, sites)
    model = pulp.LpProblem("cover", pulp.LpMaximize)
    y = [pulp.LpVariable(f"y{j}", cat="Binary") for j in range(len(sites))]
    z = [pulp.LpVariable(f"z{i}", 0, 1) for i in range(len(demand))]
    model += pulp.lpSum(float(w) * one for w, one in zip(weight, z, strict=True))
    if p is not None:
        model += pulp.lpSum(y) <= p
    if budget is not None:
        model += pulp.lpSum(float(c) * one for c, one in zip(cost, y, strict=True)) <= budget
    for one, served in zip(z, near, strict=True):
        model += one <= pulp.lpSum(y[j] for j in served)
    model.solve(pulp.PULP_CBC_CMD(msg=False))
    return pulp.value(model.objective)


def reached(demand, sites):  # type: ignore[no-untyped-def]  # runs outside the checked environment
    """Compare whole centimetres, as the product does, so that both solve the same problem."""
    near = cKDTree(demand).query_ball_tree(cKDTree(sites), RADIUS_M + 0.01)
    apart = [np.rint(np.hypot(*(sites[js] - at).T) * 100) for at, js in zip(demand, near, strict=True)]
    most = round(RADIUS_M * 100)
    return [
        [j for j, cm in zip(js, cms, strict=True) if cm <= most] for js, cms in zip(near, apart, strict=True)
    ]


def seconds():  # type: ignore[no-untyped-def]  # runs outside the checked environment
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    with np.load(sys.argv[2]) as arrays:
        given = dict(arrays)
    solver = {"spopt": by_spopt, "cbc": by_cbc}[sys.argv[1]]
    limits = [
        int(given["p"]) if "p" in given else None,
        float(given["budget"]) if "budget" in given else None,
    ]
    if sys.argv[1] == "spopt":
        import spopt.locate  # noqa: F401  # so that what is measured below is the question alone
    begun = seconds()
    value = solver(given["dem_xy"], given["weight"], given["cand_xy"], *limits, given["cost"])
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    told = {"value": value, "cpu_s": seconds(), "solve_s": seconds() - begun, "peak_mb": peak / 1024}
    print(json.dumps(told))
