"""Merging an edit made on an old copy into a record that went on: per field, from old, new and current. Pure.

The server's order decides for now: of two values for one field the one that arrives later stands, and
the other is told of. A shape is never merged, and what was deleted is never edited in passing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["field", "geometry", "deleted", "not_done"]
REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit asks of one field: the value that its author saw, and the one that shall stand."""

    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Disputed:
    """A value that met another edit.

    Attributes:
        kind: `field`: `sent` stands now, `stood` was replaced; else `stood` stands and `sent` was not done:
            `geometry` and `deleted` because of the field or the record itself, `not_done` because the edit
            came together with one of these.
    """

    name: str
    kind: Kind
    old: Any
    sent: Any
    stood: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """What an edit comes to: the fields that take a new value, and the values for the conflict list."""

    status: Literal["applied", "merged", "conflict"]
    values: Mapping[str, Any] = field(default_factory=dict)
    disputed: tuple[Disputed, ...] = ()


def merge(
    changes: Mapping[str, Change],
    current: Mapping[str, Any],
    *,
    shapes: Collection[str] = (),
    deleted: bool = False,
    moved_on: bool = False,
) -> Merged:
    """Return what an edit makes of a record; `current` has a value for every field of `changes`.

    Args:
        shapes: the fields that hold geometry.
        deleted: the record was deleted.
        moved_on: the record was edited after the version that the author saw; it is not deleted unseen.
    """
    asked = {name: one for name, one in changes.items() if current[name] != one.new}
    if not asked:
        return Merged("applied")
    blocked: dict[str, Kind] = {}
    if deleted or (moved_on and REMOVED in asked):
        blocked = dict.fromkeys(asked, "deleted")
    else:
        blocked = {
            name: "geometry" for name, one in asked.items() if name in shapes and _met(one, current[name])
        }
    if blocked:
        return Merged(
            "conflict",
            disputed=tuple(
                _dispute(name, blocked.get(name, "not_done"), asked[name], current) for name in asked
            ),
        )
    met = [name for name, one in asked.items() if _met(one, current[name])]
    return Merged(
        "merged" if met else "applied",
        {name: one.new for name, one in asked.items()},
        tuple(_dispute(name, "field", asked[name], current) for name in met),
    )


def _met(change: Change, current: Any) -> bool:
    return bool(current != change.old)


def _dispute(name: str, kind: Kind, change: Change, current: Mapping[str, Any]) -> Disputed:
    return Disputed(name, kind, change.old, change.new, current[name])
