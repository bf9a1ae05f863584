"""The stretches of a case's history: its links, its pauses, and since when its limit counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.ledger.facts import PastEntry

# Which link a case is in, by its state; a suspended case is still being treated, with its clock stopped.
LINK_OF: Mapping[str, str] = {
    "verifying": "verify",
    "reported": "file",
    "filed": "dispatch",
    "dispatched": "accept",
    "in_progress": "treat",
    "suspended": "treat",
    "closeout_requested": "check",
    "checking": "check",
    "check_passed": "check",
}
LINKS = ("verify", "file", "dispatch", "accept", "treat", "check")


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension; `until` is None while it lasts."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """One run of a case through one link; `last_seq` is None and `ended_at` is None while it lasts."""

    link: str
    first_seq: int
    started_at: datetime
    last_seq: int | None = None
    ended_at: datetime | None = None


def stretches(past: Sequence[PastEntry]) -> list[Stretch]:
    """Return the links that a case went through, in order; going back begins a link anew."""
    found: list[Stretch] = []
    for entry in past:
        link, current = LINK_OF.get(entry.to_state), found[-1] if found else None
        running = current if current is not None and current.ended_at is None else None
        if running is not None and running.link == link:
            continue
        if running is not None:
            found[-1] = Stretch(
                running.link, running.first_seq, running.started_at, entry.seq, entry.recorded_at
            )
        if link is not None:
            found.append(Stretch(link, entry.seq, entry.recorded_at))
    return found


def pauses(past: Iterable[PastEntry]) -> list[Pause]:
    """Return the suspensions of a case, in order."""
    found: list[Pause] = []
    paused_at: datetime | None = None
    for entry in past:
        if entry.to_state == "suspended" and paused_at is None:
            paused_at = entry.recorded_at
        elif entry.to_state != "suspended" and paused_at is not None:
            found.append(Pause(paused_at, entry.recorded_at))
            paused_at = None
    return found if paused_at is None else [*found, Pause(paused_at, None)]


def begins(past: Sequence[PastEntry], filed_at: datetime) -> datetime:
    """Return when the present limit began: at the filing, or anew with a failed check or a reopening."""
    start = filed_at
    for entry in past:
        failed = entry.command == "case.check" and entry.to_state == "in_progress"
        if failed or entry.command == "case.reopen":
            start = entry.recorded_at
    return start


def counts_from(past: Sequence[PastEntry], filed_at: datetime) -> datetime:
    """Return since when the present limit counts, moved on by every pause since: paused time is nobody's."""
    start = begins(past, filed_at)
    over = [pause for pause in pauses(past) if pause.until is not None and pause.since >= start]
    return start + sum((pause.until - pause.since for pause in over if pause.until), timedelta())
