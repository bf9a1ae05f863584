"""Merging an edit made on an old copy into a record that went on: per field, from old, new and current. Pure.

The server's order decides for now: of two values for one field the one that arrives later stands, and
the other is told of. A shape is never merged, and what was deleted is never edited in passing. A field of
facts, an object by name, is merged fact by fact: null is a fact that is not known.
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
        fact: the name of the fact that was met, in a field of facts.
    """

    name: str
    kind: Kind
    old: Any
    sent: Any
    stood: Any
    fact: str | None = None

    @property
    def pointer(self) -> str:
        """The place of the value in the item, as a JSON pointer; a fact taken out stands in what was seen."""
        if self.fact is None:
            return f"/data/fields/{self.name}"
        within = self.fact.replace("~", "~0").replace("/", "~1")
        return f"/data/fields/{self.name}/{'old' if self.sent is None else 'new'}/{within}"


@dataclass(frozen=True, slots=True)
class Merged:
    """What an edit comes to: the fields that take a new value, and the values for the conflict list."""

    status: Literal["applied", "merged", "conflict"]
    values: Mapping[str, Any] = field(default_factory=dict)
    disputed: tuple[Disputed, ...] = ()


# A field, or one fact of a field of facts.
Piece = tuple[str, str | None]


def merge(
    changes: Mapping[str, Change],
    current: Mapping[str, Any],
    *,
    shapes: Collection[str] = (),
    facts: Collection[str] = (),
    deleted: bool = False,
    moved_on: bool = False,
) -> Merged:
    """Return what an edit makes of a record; `current` has a value for every field of `changes`.

    Args:
        shapes: the fields that hold geometry.
        facts: the fields that hold facts: of these an edit asks for those in which its old and new differ.
        deleted: the record was deleted.
        moved_on: the record was edited after the version that the author saw; it is not deleted unseen.
    """
    pieces = _pieces(changes, facts)
    stands = {piece: _standing(piece, current) for piece in pieces}
    asked = {piece: one for piece, one in pieces.items() if not _same(stands[piece], one.new)}
    met = {piece for piece, one in asked.items() if not _same(stands[piece], one.old)}
    kinds: dict[Piece, Kind]
    if deleted or (moved_on and (REMOVED, None) in asked):
        kinds = dict.fromkeys(asked, "deleted")
    elif moved := {piece for piece in met if piece[0] in shapes}:
        kinds = {piece: "geometry" if piece in moved else "not_done" for piece in asked}
    else:
        kinds = dict.fromkeys(met, "field")
    disputed = tuple(
        Disputed(piece[0], kinds[piece], one.old, one.new, stands[piece], piece[1])
        for piece, one in asked.items()
        if piece in kinds
    )
    if any(one.kind != "field" for one in disputed):
        return Merged("conflict", disputed=disputed)
    return Merged("merged" if disputed else "applied", _values(asked, current), disputed)


def told_anew(held: Mapping[str, Any] | None, fact: str, value: Any) -> dict[str, Any]:
    """Return facts with one of them told anew; null takes it out."""
    others = {name: one for name, one in (held or {}).items() if name != fact}
    return others if value is None else {**(held or {}), fact: value}


def _pieces(changes: Mapping[str, Change], facts: Collection[str]) -> dict[Piece, Change]:
    pieces: dict[Piece, Change] = {}
    for name, one in changes.items():
        if name in facts:
            pieces |= {(name, fact): change for fact, change in _facts(one).items()}
        else:
            pieces[name, None] = one
    return pieces


def _facts(change: Change) -> dict[str, Change]:
    """Return what is asked of each fact; who saw no object takes none out."""
    old = change.old if isinstance(change.old, Mapping) else {}
    told = {name: Change(old.get(name), change.new.get(name)) for name in {**old, **change.new}}
    return {name: one for name, one in told.items() if not _same(one.old, one.new)}


def _standing(piece: Piece, current: Mapping[str, Any]) -> Any:
    name, fact = piece
    return current[name] if fact is None else (current[name] or {}).get(fact)


def _values(asked: Mapping[Piece, Change], current: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for (name, fact), one in asked.items():
        values[name] = one.new if fact is None else told_anew(values.get(name, current[name]), fact, one.new)
    return values


def _same(one: Any, other: Any) -> bool:
    """Return whether two values say the same; true is no number."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
