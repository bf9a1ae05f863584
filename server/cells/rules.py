"""Who walks what after cells changed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Held:
    """A worker walks a cell; `valid_to` is the first day on which it no longer holds."""

    assignment_id: UUID
    user_id: UUID
    code: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Moves:
    """What becomes of assignments: those to end on the day, those that never begin, and new ones."""

    ended: tuple[Held, ...]
    gone: tuple[Held, ...]
    made: tuple[Held, ...]


def follow(
    held: Sequence[Held], heirs: Mapping[str, Sequence[str]], day: date, new_id: Callable[[], UUID]
) -> Moves:
    """Return how assignments follow their cells: who walked one walks all its heirs, as long as before.

    Args:
        held: assignments that hold on the day or later.
        heirs: for each cell that ends on the day what comes of it.
    """
    spans: dict[tuple[UUID, str], list[tuple[date, date | None]]] = {}
    for one in held:
        for heir in heirs[one.code]:
            span = (max(one.valid_from, day), one.valid_to)
            spans.setdefault((one.user_id, heir), []).append(span)
    made = [
        Held(new_id(), user_id, code, starts, ends)
        for (user_id, code), found in sorted(spans.items())
        for starts, ends in joined(found)
    ]
    return Moves(
        ended=tuple(one for one in held if one.valid_from < day),
        gone=tuple(one for one in held if one.valid_from >= day),
        made=tuple(made),
    )


def joined(spans: Sequence[tuple[date, date | None]]) -> list[tuple[date, date | None]]:
    """Return spans of days (end excluded, None is open) with those that touch joined, in order."""
    whole: list[tuple[date, date | None]] = []
    for starts, ends in sorted(spans, key=lambda span: (span[0], span[1] or date.max)):
        if whole and (whole[-1][1] is None or starts <= whole[-1][1]):
            last = whole[-1][1]
            whole[-1] = (whole[-1][0], None if last is None or ends is None else max(last, ends))
        else:
            whole.append((starts, ends))
    return whole
