"""What people walk by, as values: no database, so that the process that answers what-ifs can read it, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHUT = "emergency"
"""The kind of gate that nobody walks through unless it is opened."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Footways and gates in metres; `opened` gates are walked through although they are shut."""

    lines: NDArray[np.object_]
    gates: Sequence[Mapping[str, Any]]
    opened: frozenset[str]
