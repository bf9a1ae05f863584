"""Move every vertex of a geometry by a function of x and y arrays."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Step = Callable[[Floats, Floats], tuple[Any, Any]]
G = TypeVar("G", bound=BaseGeometry)


def move_vertices(geometry: G, step: Step) -> G:
    """Return the geometry with `step` done to all its vertices; a third coordinate is dropped."""

    def at_once(xy: Floats) -> Floats:
        return np.column_stack(step(xy[:, 0], xy[:, 1]))

    return shapely.transform(geometry, at_once)
