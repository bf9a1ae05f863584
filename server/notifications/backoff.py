"""When a delivery that failed is tried again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

# A minute, five, half an hour, two hours, twelve hours, a day: a receiver away over a weekend still hears.
PAUSES_S = (60, 300, 1800, 7200, 43_200, 86_400, 86_400)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after so many attempts, None when it is given up."""
    if attempts > len(PAUSES_S):
        return None
    return now + timedelta(seconds=PAUSES_S[attempts - 1])
