"""A siting problem and what the solver makes of it: arrays and plain values, metres of one projected CRS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

Objective = Literal["max_cover", "min_sites", "p_median", "p_center", "capacitated_cover", "backup_cover"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
COVERAGE: frozenset[Objective] = frozenset({"max_cover", "backup_cover", "capacitated_cover"})

Later = Literal["cost", "walking"]
LATER: tuple[Later, ...] = get_args(Later)

Status = Literal["optimal", "feasible", "infeasible"]


@dataclass(frozen=True, slots=True)
class Demand:
    """Who is to be served.

    Attributes:
        ids: (n,) names.
        xy: (n, 2) metres.
        weight: (n,) e-bikes.
        group: (n,) position in `groups`, −1 for none.
        groups: names of groups.
    """

    ids: tuple[str, ...]
    xy: Floats
    weight: Floats
    group: Ints
    groups: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.weight)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Where a site may be or is.

    Attributes:
        ids: (m,) names.
        xy: (m, 2) metres.
        cost: (m,) yuan.
        capacity: (m,) e-bikes a day, inf for no limit.
        existing, forced, forbidden: (m,) open and free; to be opened; never to be opened.
    """

    ids: tuple[str, ...]
    xy: Floats
    cost: Floats
    capacity: Floats
    existing: Flags
    forced: Flags
    forbidden: Flags

    def __len__(self) -> int:
        return len(self.cost)

    @property
    def open(self) -> Flags:
        """Return (m,) the sites that are open whatever is chosen."""
        return self.existing | self.forced

    @property
    def price(self) -> Floats:
        """Return (m,) what opening costs: existing sites cost nothing."""
        return np.where(self.existing, 0.0, self.cost)


@dataclass(frozen=True, slots=True)
class Equity:
    """At least this share of a group's weight has to be covered."""

    group: str
    min_share: float


@dataclass(frozen=True, slots=True)
class Sum:
    """What open sites have to come to together, for example the power of one transformer.

    Attributes:
        sites: (k,) positions of the candidates that count; existing ones count where they are named.
        each: (k,) what each counts.
        least, most: None for no such limit.
    """

    name: str
    sites: Ints
    each: Floats
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """What may have been spent and opened by the end of a phase, and how much its coverage counts."""

    budget: float | None = None
    p: int | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Distances:
    """Walking metres between some pairs; a pair that is not listed cannot be walked.

    Attributes:
        demand, candidate: (k,) positions.
        metres: (k,)
    """

    demand: Ints
    candidate: Ints
    metres: Floats


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan depends on; the same problem gives the same plan.

    Attributes:
        p: the most sites to open besides existing ones, forced ones counted; None for no such limit.
        budget: yuan for all opened sites, forced ones counted; None for no such limit.
        min_separation_m: no two opened sites closer than this; 0 for no such rule.
        backup_weight: what a second site in reach is worth, as a share of the first.
        gap: the relative gap at which searching may end.
        allow_unreachable: for `min_sites`: leave out demand that no candidate reaches.
        sums: for coverage and `min_sites`: what open sites have to come to; in phases, by the last one.
        then: what tells plans apart that serve as much, for `max_cover`, `backup_cover` and `min_sites`.
    """

    objective: Objective
    demand: Demand
    candidates: Candidates
    radius_m: float
    p: int | None = None
    budget: float | None = None
    min_separation_m: float = 0.0
    backup_weight: float = 0.0
    time_limit_s: float = 60.0
    gap: float = 0.0
    distances: Distances | None = None
    equity: tuple[Equity, ...] = ()
    phases: tuple[Phase, ...] = ()
    allow_unreachable: bool = False
    seed: int = 0
    sums: tuple[Sum, ...] = ()
    then: tuple[Later, ...] = LATER


@dataclass(frozen=True, slots=True)
class Stage:
    """A later objective: its value in the plan, and what no plan can go below that is as good before it.

    `walking` is metres to the nearest site, of everybody served, times their weight.
    """

    name: Later
    value: float
    bound: float
    optimal: bool


@dataclass(frozen=True, slots=True)
class Solution:
    """What a search found.

    Attributes:
        chosen: (m,) open sites, existing and forced ones among them.
        value: the objective of `chosen`; coverage to be large, everything else small.
        bound: no plan can be better than this.
        bound_by: who says so.
        optimal: nothing better exists.
        multipliers: (n,) λ of the certificate, None where none applies.
        equity_multipliers: one for each rule of equity.
        sum_multipliers: one for each sum: above zero for its most, below zero for its least.
        certificate: the bound that λ, μ and ν prove by themselves, None where none applies.
        shares: who serves how much, as positions of demand, of candidates, and weights; None where a site
            serves all in reach.
        opened_in: (m,) the phase in which a site opens, counted from 1; 0 for never or existing.
        later: cost and walking, as far as the problem asks for them.
        keeps_equity: whether every least share is kept; only a quick answer may fail to.
    """

    chosen: Flags
    value: float
    bound: float
    bound_by: Literal["certificate", "highs"]
    optimal: bool
    multipliers: Floats | None = None
    equity_multipliers: tuple[float, ...] = ()
    sum_multipliers: tuple[float, ...] = ()
    certificate: float | None = None
    shares: tuple[Ints, Ints, Floats] | None = None
    opened_in: Ints | None = None
    keeps_equity: bool = True
    later: tuple[Stage, ...] = ()
