"""The parameter `datetime`: a moment, a day, or a stretch of time that may be open."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from server.communities.service import SHANGHAI
from server.maps.ogc.errors import BadQuery

_SHAPE = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d))?", re.ASCII)
_OPEN = ("", "..")


class Stretch(NamedTuple):
    """A stretch of time, both ends included; None is open."""

    start: datetime | None
    end: datetime | None


def stretch_of(given: str | None) -> Stretch | None:
    """Return the stretch that `datetime` names; None when it limits nothing. A bare date is the county's day.

    Raises:
        BadQuery: it is neither a moment (RFC 3339) nor two with a slash between, the earlier first.
    """
    if given is None:
        return None
    first, slash, second = given.partition("/")
    if not slash:
        return Stretch(moment(first), moment(first, last=True))
    start = None if first in _OPEN else moment(first)
    end = None if second in _OPEN else moment(second, last=True)
    if start is not None and end is not None and start > end:
        raise _unreadable("datetime")
    return Stretch(start, end) if start or end else None


def moment(given: object, parameter: str = "datetime", *, last: bool = False) -> datetime:
    """Return an instant; a bare date is the first instant of the county's day, or its last one.

    Raises:
        BadQuery: it is neither an instant with its offset from UTC nor a date.
    """
    if not isinstance(given, str) or not _SHAPE.fullmatch(given):
        raise _unreadable(parameter)
    try:
        if len(given) > 10:
            return datetime.fromisoformat(given.upper()).astimezone(UTC)
        clock = time.max if last else time.min
        return datetime.combine(date.fromisoformat(given), clock, SHANGHAI).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _unreadable(parameter) from error


def day_of(instant: datetime) -> date:
    """Return the county's date at an instant, the last one that can be written for those beyond."""
    try:
        return instant.astimezone(SHANGHAI).date()
    except OverflowError:
        return date.max


def _unreadable(parameter: str) -> BadQuery:
    return BadQuery(
        parameter,
        "must be a moment like 2026-11-22T08:00:00Z, a day like 2026-11-22, or two with a / (.. is open)",
        "须为时刻（如 2026-11-22T08:00:00Z）、日期（如 2026-11-22），或用 / 隔开的起止，开放端写 ..",
    )
