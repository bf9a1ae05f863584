"""Moments and days that people name: on the right side of now, and within what can be meant. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from checklists.deadlines import SHANGHAI
from server.ledger.refusing import wrong

FARTHEST_YEARS = 10
_FARTHEST = timedelta(days=366 * FARTHEST_YEARS)


def check_ahead(pointer: str, at: datetime, now: datetime) -> None:
    """Refuse a moment that has passed, or lies so far ahead that the year must be a slip.

    Raises:
        InvalidInput: it points at the value.
    """
    if at <= now:
        raise wrong(
            pointer, "It has passed. Name a moment that lies ahead.", "该时间已过，请填写将来的时间。"
        )
    if at > now + _FARTHEST:
        raise _too_far(pointer)


def check_day_ahead(pointer: str, day: date, now: datetime) -> None:
    """Refuse a day that is not after today, or lies so far ahead that the year must be a slip.

    Raises:
        InvalidInput: it points at the value.
    """
    today = now.astimezone(SHANGHAI).date()
    if day <= today:
        raise wrong(pointer, "Name a day after today.", "请填写今日之后的日期。")
    if day > today + _FARTHEST:
        raise _too_far(pointer)


def check_day_not_ahead(pointer: str, day: date, now: datetime) -> None:
    """Refuse a day on which something is said to have happened before it has come.

    Raises:
        InvalidInput: it points at the value.
    """
    if day > now.astimezone(SHANGHAI).date():
        raise wrong(pointer, "That day has not come yet. Check the date.", "该日期尚未到来，请核对。")


def _too_far(pointer: str) -> Exception:
    return wrong(
        pointer,
        f"It lies more than {FARTHEST_YEARS} years ahead. Check the year.",
        f"距今超过 {FARTHEST_YEARS} 年，请核对年份。",
    )
