"""An independent check of a siting plan: plain arithmetic on the two files, no solver and none of its code.

A plan passes when its sites are allowed, its value is what they earn, and its certificate proves its bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-6
LARGEST = {"max_cover", "backup_cover", "capacitated_cover"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a plan says and that is not so."""

    rule: str
    detail: str


class _Case:
    """The two files as arrays."""

    def __init__(self, problem: Mapping[str, Any], plan: Mapping[str, Any]) -> None:
        self.problem, self.plan = problem, plan
        demand, sites = problem["demand"], problem["candidates"]
        self.weight = np.array([row["weight"] for row in demand], dtype=np.float64)
        self.names = [site["id"] for site in sites]
        self.rows = [row["id"] for row in demand]
        self.cost = np.array([site["cost"] for site in sites], dtype=np.float64)
        self.existing, self.forced, self.forbidden = (
            np.array([bool(site.get(name)) for site in sites], dtype=np.bool_)
            for name in ("existing", "forced", "forbidden")
        )
        self.xy = np.array([(site["x"], site["y"]) for site in sites], dtype=np.float64).reshape(-1, 2)
        at = np.array([(row["x"], row["y"]) for row in demand], dtype=np.float64).reshape(-1, 2)
        self.cm = self._walks(at)
        named = {site["id"] for site in plan["sites"]}
        self.chosen = np.array([name in named for name in self.names], dtype=np.bool_)
        self.unknown = named - set(self.names)
        self.near = (self.cm >= 0) & (self.cm <= round(problem.get("radius_m", 300) * 100))
        self.counts = (self.near & self.chosen).sum(axis=1)

    def _walks(self, at: Floats) -> Floats:
        listed = self.problem.get("distances")
        if listed is None:
            apart = at[:, None, :] - self.xy[None, :, :]
            return np.asarray(np.rint(np.hypot(apart[..., 0], apart[..., 1]) * 100))
        found = np.full((len(at), len(self.names)), -1.0)
        row, column = ({name: k for k, name in enumerate(names)} for names in (self.rows, self.names))
        for demand, site, metres in listed:
            found[row[demand], column[site]] = round(metres * 100)
        return found

    @property
    def open(self) -> Flags:
        """Return the sites that are open in every plan."""
        return self.existing | self.forced

    @property
    def backup(self) -> float:
        """Return what a second site is worth."""
        alpha = self.problem.get("backup_weight") or 0.0
        return float(alpha) if self.problem["objective"] == "backup_cover" else 0.0

    def too_close(self, a: int, b: int) -> bool:
        """Return whether two sites lie closer together than the separation."""
        cm = round(float(np.hypot(*(self.xy[a] - self.xy[b]))) * 100)
        return bool(cm < round((self.problem.get("min_separation_m") or 0.0) * 100))


def faults_of(problem: Mapping[str, Any], plan: Mapping[str, Any]) -> list[Fault]:
    """Return all that is wrong with a plan for a problem, both as their JSON files; nothing when it holds.

    Source: the problem's own definition in the documentation of siting; the certificate is weak duality.
    """
    case = _Case(problem, plan)
    checks = (_sites, _limits, _sums, _separation, _shares, _value, _bound, _certificate, _stages)
    return [fault for check in checks for fault in check(case)]


def _sites(case: _Case) -> Iterator[Fault]:
    if case.unknown:
        yield Fault("sites", f"unknown sites: {sorted(case.unknown)[:5]}")
    for rule, wrong in (
        ("forbidden", case.forbidden & case.chosen & ~case.existing),
        ("open", case.open & ~case.chosen),
    ):
        for at in np.flatnonzero(wrong)[:5].tolist():
            yield Fault(rule, f"site {case.names[at]}")


def _limits(case: _Case) -> Iterator[Fault]:
    opened = case.chosen & ~case.existing
    p, budget = case.problem.get("p"), case.problem.get("budget")
    if p is not None and int(opened.sum()) > p:
        yield Fault("p", f"{int(opened.sum())} sites open, p is {p}")
    spent = float(case.cost[opened].sum())
    if budget is not None and spent > budget + TOLERANCE:
        yield Fault("budget", f"{spent:g} yuan spent of {budget:g}")
    if abs(spent - float(case.plan["cost"])) > TOLERANCE:
        yield Fault("cost", f"the sites cost {spent:g}, the plan says {case.plan['cost']}")


def _sums(case: _Case) -> Iterator[Fault]:
    """Check what open sites come to together: each named one counts as its problem says."""
    open_ones = {name for name, chosen in zip(case.names, case.chosen.tolist(), strict=True) if chosen}
    for one in case.problem.get("sums") or ():
        found = sum(each for name, each in one["of"].items() if name in open_ones)
        least, most = one.get("least"), one.get("most")
        if (most is not None and found > most + TOLERANCE) or (
            least is not None and found < least - TOLERANCE
        ):
            yield Fault("sum", f"{one['name']} comes to {found:g}, allowed are {least} to {most}")


def _separation(case: _Case) -> Iterator[Fault]:
    if not case.problem.get("min_separation_m"):
        return
    at = np.flatnonzero(case.chosen).tolist()
    for place, a in enumerate(at):
        for b in at[place + 1 :]:
            if case.too_close(a, b) and not (case.existing[a] and case.existing[b]):
                yield Fault("separation", f"{case.names[a]} and {case.names[b]}")


def _shares(case: _Case) -> Iterator[Fault]:
    """Check the least shares of groups, and in a capacitated plan who is said to serve whom."""
    served = np.where(case.counts >= 1, case.weight, 0.0)
    if case.problem["objective"] == "capacitated_cover":
        served, faults = _assigned(case)
        yield from faults
    for rule in case.problem.get("equity") or ():
        members = np.array([row.get("group") == rule["group"] for row in case.problem["demand"]])
        whole = float(case.weight[members].sum())
        if float(served[members].sum()) < rule["min_share"] * whole - TOLERANCE * max(1.0, whole):
            yield Fault("equity", f"group {rule['group']}: {served[members].sum():g} of {whole:g}")


def _assigned(case: _Case) -> tuple[Floats, list[Fault]]:
    row, column = ({name: k for k, name in enumerate(names)} for names in (case.rows, case.names))
    served, used = np.zeros(len(case.rows)), np.zeros(len(case.names))
    faults = []
    for demand, site, weight in case.plan.get("assignments") or ():
        i, j = row[demand], column[site]
        if not case.chosen[j] or not case.near[i, j] or weight < -TOLERANCE:
            faults.append(Fault("assignment", f"{site} does not serve {demand}"))
        served[i] += weight
        used[j] += weight
    room = [site.get("capacity") for site in case.problem["candidates"]]
    for at, most in enumerate(room):
        if most is not None and used[at] > most + 1e-4:
            faults.append(Fault("capacity", f"{case.names[at]} serves {used[at]:g} of {most:g}"))
    for at in np.flatnonzero(served > case.weight + 1e-4)[:5].tolist():
        faults.append(Fault("assignment", f"{case.rows[at]} is served more than once"))
    return served, faults


def _value(case: _Case) -> Iterator[Fault]:
    told, found = float(case.plan["value"]), _earned(case)
    if not abs(told - found) <= TOLERANCE * max(1.0, abs(found)) + 1e-4 * (
        case.problem["objective"] == "capacitated_cover"
    ):
        yield Fault("value", f"the sites come to {found:g}, the plan says {told:g}")


def _earned(case: _Case) -> float:
    objective = case.problem["objective"]
    if objective == "capacitated_cover":
        return float(sum(weight for *_, weight in case.plan.get("assignments") or ()))
    if objective == "min_sites":
        return float((case.chosen & ~case.existing).sum())
    if objective in ("p_median", "p_center"):
        walks = np.where(case.cm >= 0, case.cm, np.inf)[:, case.chosen].min(axis=1, initial=np.inf) / 100
        heavy = case.weight > 0
        each = walks[heavy] * case.weight[heavy] if objective == "p_median" else walks[heavy]
        return float(each.sum() if objective == "p_median" else each.max(initial=0.0))
    second = case.backup * case.weight[case.counts >= 2].sum()
    return float(case.weight[case.counts >= 1].sum() + second)


def _bound(case: _Case) -> Iterator[Fault]:
    value, bound = float(case.plan["value"]), float(case.plan["bound"])
    apart = bound - value if case.problem["objective"] in LARGEST else value - bound
    slack = TOLERANCE * max(1.0, abs(value))
    if apart < -slack:
        yield Fault("bound", f"the bound {bound:g} is passed by the value {value:g}")
    if case.plan["status"] == "optimal" and apart > slack:
        yield Fault("status", f"optimal is claimed at a distance of {apart:g} from the bound")
    if case.problem["objective"] == "min_sites" and not case.problem.get("allow_unreachable"):
        for at in np.flatnonzero(case.counts == 0)[:5].tolist():
            yield Fault("coverage", f"{case.rows[at]} is served by nobody")


def _certificate(case: _Case) -> Iterator[Fault]:
    certificate = case.plan.get("certificate")
    if case.plan.get("bound_by") != "certificate" and not certificate:
        return
    if not certificate:
        yield Fault("certificate", "the bound leans on a certificate that is missing")
        return
    proved = _proved(case, *(np.array(certificate.get(of, ())) for of in ("multipliers", "equity", "sums")))
    if proved is None:
        yield Fault("certificate", "prices below zero, or not one for each demand point")
        return
    value = float(case.plan["value"])
    if proved < value - TOLERANCE * max(1.0, value):
        yield Fault("certificate", f"it proves {proved:g}, below the value {value:g}")
    bound = float(case.plan["bound"])
    # Whole weights make whole values: what is proved may lie less than one above the bound.
    whole = bool((case.weight == np.rint(case.weight)).all()) and case.backup in (0.0, 1.0)
    slack = 1.0 if whole else 1e-4 * max(1.0, bound)
    if case.plan.get("bound_by") == "certificate" and proved > bound + slack:
        yield Fault("certificate", f"it proves no more than {proved:g}, the plan says {bound:g}")


def _proved(case: _Case, prices: Floats, fair: Floats, sums: Floats) -> float | None:
    """Return what a certificate proves about every allowed plan, by weak duality."""
    if len(prices) != len(case.weight) or bool((prices < 0).any()) or bool((fair < 0).any()):
        return None
    base = (case.near & case.open).sum(axis=1)
    second = case.backup * case.weight
    first = np.where(base == 0, case.weight, np.where(base == 1, second, 0.0))
    again = np.where(base == 0, second, 0.0)
    total = float(case.weight[base >= 1].sum() + second[base >= 2].sum())
    for rule, worth in zip(case.problem.get("equity") or (), fair.tolist(), strict=False):
        members = np.array([row.get("group") == rule["group"] for row in case.problem["demand"]])
        need = rule["min_share"] * case.weight[members].sum() - case.weight[members & (base >= 1)].sum()
        first = first + np.where(members & (base == 0), worth * case.weight, 0.0)
        total -= worth * max(float(need), 0.0)
    total += float(np.maximum(first - prices, 0).sum() + np.maximum(again - prices, 0).sum())
    toll, back = _tolls(case, sums)
    return total + back + _collected(case, prices, toll)


def _tolls(case: _Case, sums: Floats) -> tuple[Floats, float]:
    """Return what prices of sums take from each site, and what their limits give back.

    A price above zero is one of the most that a sum may come to, one below zero of the least; a price of a
    limit that is not stated counts for nothing.
    """
    toll, back = np.zeros(len(case.names)), 0.0
    place = {name: k for k, name in enumerate(case.names)}
    for one, price in zip(case.problem.get("sums") or (), sums.tolist(), strict=False):
        limit = one.get("most" if price > 0 else "least")
        if limit is None or price == 0:
            continue
        each = np.zeros(len(case.names))
        for name, amount in one["of"].items():
            each[place[name]] = amount
        toll += price * each
        back += price * (limit - float(each[case.open].sum()))
    return toll, back


def _stages(case: _Case) -> Iterator[Fault]:
    """Check cost and walks of the later objectives, and that no bound lies above them."""
    true = {"cost": float(case.cost[case.chosen & ~case.existing].sum()), "walking": _walked(case)}
    for stage in (case.plan.get("stages") or ())[1:]:
        name, value, bound = stage["objective"], float(stage["value"]), float(stage["bound"])
        slack = TOLERANCE * max(1.0, true[name])
        if abs(value - true[name]) > slack:
            yield Fault("stages", f"{name} comes to {true[name]:g}, the plan says {value:g}")
        if bound > value + slack or (stage["status"] == "optimal" and bound < value - slack):
            yield Fault("stages", f"{name} {value:g} is {stage['status']}, its bound {bound:g}")


def _walked(case: _Case) -> float:
    """Return the metres of everybody served: to the nearest site, or to those that are said to serve them."""
    if case.problem["objective"] == "capacitated_cover":
        row, column = ({name: k for k, name in enumerate(names)} for names in (case.rows, case.names))
        shares = case.plan.get("assignments") or ()
        return float(sum(weight * case.cm[row[at], column[site]] / 100 for at, site, weight in shares))
    walks = np.where(case.near, case.cm, np.inf)[:, case.chosen].min(axis=1, initial=np.inf) / 100
    served = np.isfinite(walks) & (case.weight > 0)
    return float((walks[served] * case.weight[served]).sum())


def _collected(case: _Case, prices: Floats, toll: Floats) -> float:
    """Return the most that sites still to be chosen can collect of the prices."""
    may = ~case.open & ~case.forbidden & ~_blocked(case)
    worth = np.maximum((case.near[:, may] * prices[:, None]).sum(axis=0) - toll[may], 0.0)
    cost = case.cost[may]
    most = [float(worth.sum())]
    forced = case.forced & ~case.existing
    if case.problem.get("p") is not None:
        most.append(float(np.sort(worth)[::-1][: case.problem["p"] - int(forced.sum())].sum()))
    if case.problem.get("budget") is not None:
        most.append(_filled(worth, cost, case.problem["budget"] - float(case.cost[forced].sum())))
    return min(most)


def _blocked(case: _Case) -> Flags:
    """Return the sites too close to one that is open in every plan."""
    found = np.zeros(len(case.names), dtype=np.bool_)
    if case.problem.get("min_separation_m"):
        opened = np.flatnonzero(case.open).tolist()
        for at in range(len(case.names)):
            found[at] = any(other != at and case.too_close(at, other) for other in opened)
    return found


def _filled(worth: Floats, cost: Floats, budget: float) -> float:
    total = 0.0
    for at in sorted(range(len(worth)), key=lambda k: -worth[k] / cost[k] if cost[k] else -np.inf):
        part = 1.0 if cost[at] <= budget else max(budget, 0.0) / cost[at]
        total += part * float(worth[at])
        budget -= part * float(cost[at])
    return total
