"""What can be asked of hot spots, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

By = Literal["lattice", "h3", "grid_cell", "community"]
BYS: tuple[By, ...] = get_args(By)
OF_LAYERS: tuple[By, ...] = ("lattice", "h3")


@dataclass(frozen=True, slots=True)
class Question:
    """Which records are counted in which places.

    Attributes:
        what: `cases`, or `violations` that inspections found.
        by: squares, hexagons, the county's grid cells, or its communities.
        size_m, origin: the side of a square and where squares begin, metres of the metric CRS.
        resolution: that of H3, 7 to 10.
        radius_m: within which the middles of communities are neighbours.
        first, last: local days on which records came; both belong to the period.
        category, severity: several mean any of them, none means all.
        item: codes of checklist items, of violations only.
        leave_out: whether records on default positions are left out.
    """

    what: str = "cases"
    by: By = "lattice"
    size_m: float = 500.0
    origin: tuple[float, float] = (0.0, 0.0)
    resolution: int = 8
    radius_m: float = 1000.0
    first: date | None = None
    last: date | None = None
    category: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    leave_out: bool = True
    item: tuple[str, ...] = ()
