"""What is wrong with a problem file, collected so that all of it is told at once."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from geo.siting.errors import BadProblem


class Faults:
    """Collects what is wrong, with the place it is at."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def add(self, pointer: str, detail: str, detail_zh: str) -> None:
        """Note a fault."""
        self.found.append((pointer, detail, detail_zh))

    def number(
        self,
        value: Any,
        pointer: str,
        *,
        least: float = 0.0,
        most: float = np.inf,
        empty: float | None = None,
    ) -> float:
        """Return a finite number within limits; note anything else. None gives `empty` if there is one."""
        if value is None and empty is not None:
            return empty
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not isfinite(value) or not least <= value <= most:
            told, told_zh = (f" from {least:g}", f"不小于 {least:g} 的") if isfinite(least) else ("", "")
            self.add(pointer, f"a finite number{told} is needed", f"需要{told_zh}有限数值")
            return empty if empty is not None else 0.0
        return float(value)

    def flag(self, value: Any, pointer: str) -> bool:
        """Return a truth; note anything else."""
        if not isinstance(value, bool):
            self.add(pointer, "true or false is needed", "须为 true 或 false")
        return bool(value)

    def stop(self) -> None:
        """Raise when anything was noted.

        Raises:
            BadProblem: naming the first faults.
        """
        if self.found:
            raise BadProblem(self.found)
