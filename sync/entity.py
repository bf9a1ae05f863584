"""What a room hands to sync so that its records travel to tablets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

GLOBAL_BUCKET = "global"


def user_bucket(user_id: UUID) -> str:
    """Return the bucket of one person: `user:<id>`."""
    return f"user:{user_id}"


def unit_bucket(unit_code: str) -> str:
    """Return the bucket of one unit: `unit:<code>`."""
    return f"unit:{unit_code}"


def cell_bucket(grid_cell_code: str) -> str:
    """Return the bucket of one grid cell: `cell:<code>`."""
    return f"cell:{grid_cell_code}"


@dataclass(frozen=True, slots=True)
class Wire:
    """One record as tablets see it: `data` is JSON; an empty `buckets` takes it from every tablet."""

    entity_id: str
    version: int
    buckets: frozenset[str]
    data: Mapping[str, Any]
    mid: UUID | None = None


@dataclass(frozen=True, slots=True)
class SyncEntity:
    """A kind of record that travels.

    Attributes:
        name: the entity's name on the wire.
        load: returns the present wire form of the records with these ids; a missing id is gone.
        carried_in: entities whose records of the same id carry this one with them, and change with it.
        copies: by entity of whose records this one holds copies, what returns the ids of those that hold
            any of these.
    """

    name: str
    load: Callable[[Session, Sequence[str]], Sequence[Wire]]
    carried_in: Sequence[str] = ()
    copies: Mapping[str, Callable[[Session, Sequence[str]], Sequence[str]]] = field(default_factory=dict)


Travelling = Mapping[str, SyncEntity]
