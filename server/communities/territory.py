"""How far a caller sees, as values that SQL can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.auth.actor import Actor
from server.auth.rules import Reach

NOWHERE = "-"


@dataclass(frozen=True, slots=True)
class Territory:
    """What a caller may see of places; where all three are None it is the whole county.

    Attributes:
        day: contracts and places count as they stand on this local date; None is today.
        division: the official code that the places begin with.
        unit: the unit that serves the places under a contract.
        cells: the codes of the grid cells that the places lie in.
    """

    day: date | None
    division: str | None = None
    unit: str | None = None
    cells: tuple[str, ...] | None = None

    def parameters(self) -> dict[str, Any]:
        """Return the values as SQL parameters `day`, `since` (the same day), `division`, `unit`, `cells`."""
        cells = None if self.cells is None else list(self.cells)
        return {
            "day": self.day,
            "since": self.day,
            "division": self.division,
            "unit": self.unit,
            "cells": cells,
        }


def territory(actor: Actor, scope: Reach, cells: Sequence[str], day: date) -> Territory:
    """Return what a reach means for this caller; `cells` are those the caller walks on the day."""
    if scope is Reach.COUNTY:
        return Territory(day)
    if scope in (Reach.SUBDISTRICT, Reach.NEIGHBOURHOOD):
        return Territory(day, division=actor.division_code or NOWHERE)
    if scope is Reach.UNIT:
        return Territory(day, unit=actor.unit_code)
    return Territory(day, cells=tuple(cells))
