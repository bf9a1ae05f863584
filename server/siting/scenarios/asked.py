"""What a planner asks for, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from server.siting.ground.area import Named

GROUND_KINDS = ("square", "yard", "parking", "bike_shed", "other", "green")
USUAL_GROUND = ("square", "yard", "parking", "bike_shed", "other")
PORTS = 20
GROUPED_BY = ("kind", "subdistrict", "community")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A point that the planner drew, WGS 84."""

    lon: float
    lat: float
    name: str = ""
    ports: int | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A scenario; the members are described where they are sent (`schemas.ScenarioAskedSchema`)."""

    area: Named
    rule_set: str = "default"
    objective: str = "max_cover"
    radius_m: float = 300.0
    budget: float | None = None
    p: int | None = None
    min_separation_m: float = 0.0
    backup_weight: float = 0.0
    ports: int = PORTS
    step_m: float = 10.0
    apart_m: float = 25.0
    ground_kinds: tuple[str, ...] = USUAL_GROUND
    outline_as_ground: bool = True
    distances: str = "walking"
    open_gates: tuple[UUID, ...] = ()
    drawn_ways: tuple[tuple[tuple[float, float], ...], ...] = ()
    drawn: tuple[Drawn, ...] = ()
    pinned: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    one_per_community: bool = True
    heed_power: bool = True
    paid_by: Mapping[str, str] = field(default_factory=dict)
    group_by: str = "kind"
    equity: tuple[Mapping[str, Any], ...] = ()
    phases: tuple[Mapping[str, Any], ...] = ()
    time_limit_s: float = 60.0
    gap: float = 0.0
    seed: int = 0
    solve: bool = True
