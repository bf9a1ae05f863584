"""What becomes of assignments when some cells go to a worker for a while. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Span:
    """A worker walks a cell; `valid_to` is the first day on which it no longer holds, None leaves it open."""

    assignment_id: UUID | None
    user_id: UUID
    code: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Cells that are to go to a worker for a while.

    Attributes:
        worker: None leaves the cells with nobody.
        taken_from: whose cells they are; None takes them from whoever walks them.
        beside: take them from nobody.
    """

    cells: Sequence[str]
    worker: UUID | None
    starts: date
    ends: date | None
    taken_from: UUID | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Moves:
    """What has to change.

    Attributes:
        ended: spans that end on the first day; `valid_to` says so already.
        gone: spans that would have begun within the while.
        made: spans without an id yet.
    """

    ended: tuple[Span, ...]
    gone: tuple[Span, ...]
    made: tuple[Span, ...]


def moves(held: Iterable[Span], wanted: Wanted) -> Moves:
    """Return what has to change so that the cells are the worker's for the while, and only then.

    Args:
        held: every span of the cells that reaches into the while.

    What somebody held beyond the while comes back to them after it; a worker who walks a cell for all of
    the while keeps it as it is.
    """
    ended: list[Span] = []
    gone: list[Span] = []
    made: list[Span] = []
    kept: set[str] = set()
    for span in held:
        if not _overlaps(span, wanted) or span.code not in wanted.cells:
            continue
        if span.user_id == wanted.worker and _covers(span, wanted):
            kept.add(span.code)
        elif span.user_id == wanted.worker or _is_taken(span, wanted):
            _carve(span, wanted, ended, gone, made)
    if wanted.worker is not None:
        fresh = (code for code in dict.fromkeys(wanted.cells) if code not in kept)
        made += [Span(None, wanted.worker, code, wanted.starts, wanted.ends) for code in fresh]
    return Moves(tuple(ended), tuple(gone), tuple(made))


def _is_taken(span: Span, wanted: Wanted) -> bool:
    return not wanted.beside and wanted.taken_from in (None, span.user_id)


def _carve(span: Span, wanted: Wanted, ended: list[Span], gone: list[Span], made: list[Span]) -> None:
    if span.valid_from < wanted.starts:
        ended.append(Span(span.assignment_id, span.user_id, span.code, span.valid_from, wanted.starts))
    else:
        gone.append(span)
    if wanted.ends is not None and (span.valid_to is None or span.valid_to > wanted.ends):
        made.append(Span(None, span.user_id, span.code, wanted.ends, span.valid_to))


def _overlaps(span: Span, wanted: Wanted) -> bool:
    begins_before_the_end = wanted.ends is None or span.valid_from < wanted.ends
    return begins_before_the_end and (span.valid_to is None or span.valid_to > wanted.starts)


def _covers(span: Span, wanted: Wanted) -> bool:
    ends_after = span.valid_to is None or (wanted.ends is not None and span.valid_to >= wanted.ends)
    return span.valid_from <= wanted.starts and ends_after
