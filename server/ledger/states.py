"""The states of a case. Pure."""

from __future__ import annotations

OPEN_STATES = (
    "reported",
    "verifying",
    "filed",
    "dispatched",
    "in_progress",
    "suspended",
    "closeout_requested",
    "checking",
    "check_passed",
)
ENDED_STATES = ("closed", "declined", "merged", "voided", "transferred")
STATES = (*OPEN_STATES, *ENDED_STATES)
