"""What rosters must keep to, from values alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{1,63}")
_SEPARATORS = re.compile(r"[\s,，、;；]+")

Span = tuple[date, date | None]


def usable_code(code: str) -> bool:
    """Return whether a unit may have this code."""
    return bool(_CODE.fullmatch(code))


def credit_code_holds(code: str) -> bool:
    """Return whether a unified social credit code has 18 known signs and the right check sign.

    Source: GB 32100-2015, weights 3^i mod 31.
    """
    if len(code) != 18 or any(sign not in _CREDIT for sign in code):
        return False
    total = sum(_CREDIT.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return _CREDIT[(31 - total % 31) % 31] == code[17]


def codes_in(cell: str) -> list[str]:
    """Return the codes that one cell of a table lists, without repetition, in order."""
    return list(dict.fromkeys(code for code in _SEPARATORS.split(cell) if code))


def day_after(last: date | None) -> date | None:
    """Return the first day on which something no longer holds; tables name the last on which it does."""
    return None if last is None else last + timedelta(days=1)


def overlapping(span: Span, others: Iterable[Span]) -> Span | None:
    """Return the first span that shares a day with this one; a span ends before its second date."""
    starts, ends = span
    for other_starts, other_ends in others:
        if (ends is None or other_starts < ends) and (other_ends is None or starts < other_ends):
            return other_starts, other_ends
    return None
