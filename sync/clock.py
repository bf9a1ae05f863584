"""What a tablet's clock can be believed: offset, corrected times, and what cannot have been so. Pure.

Items carry only the wall clock of the moment they were made. An envelope pairs the wall clock with the
monotonic one, which nobody can set and which starts anew at each boot. Two envelopes of one boot between
which the two clocks did not run apart show that nobody set the wall clock in between.
Nothing is decided by what stands here: it is kept, shown, and warned of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

Confidence = Literal["good", "shifted", "doubtful", "unknown"]
TimeTravel = Literal["after-receipt", "before-previous", "before-enrolment"]

# Quartz in tablets runs wrong by up to 50 ppm, warm or cold; both clocks hang on the same one.
DRIFT = 1e-4
JUMP_MS = 2_000
ORDER_MS = 5_000
SMALL_MS = 60_000


@dataclass(frozen=True, slots=True)
class Reading:
    """An envelope's clock as it was sent; what could not be read is None."""

    wall: datetime | None = None
    monotonic_ms: int | None = None
    boot_id: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A reading beside the server's time.

    Attributes:
        offset_ms: by how much the wall clock was ahead of the server's.
        steady_from: since when, on the tablet's clock, nobody is known to have set it; None when no boot and
            no monotonic clock tells.
        last_made_at: `device_time` of the last item that came with it.
    """

    wall: datetime
    monotonic_ms: int | None
    boot_id: str | None
    received_at: datetime
    offset_ms: int
    steady_from: datetime | None
    last_made_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as `measured_from` reads it."""
        return {
            "wall": self.wall.isoformat(),
            "monotonic_ms": self.monotonic_ms,
            "boot_id": self.boot_id,
            "received_at": self.received_at.isoformat(),
            "offset_ms": self.offset_ms,
            "steady_from": self.steady_from and self.steady_from.isoformat(),
            "last_made_at": self.last_made_at and self.last_made_at.isoformat(),
        }


def measured_from(document: Mapping[str, Any]) -> Measured:
    """Return what `Measured.as_json` wrote."""
    moments = ("wall", "received_at", "steady_from", "last_made_at")
    read = {name: datetime.fromisoformat(document[name]) for name in moments if document.get(name)}
    return Measured(**{**document, **read})


@dataclass(frozen=True, slots=True)
class ItemTime:
    """When an item was made.

    Attributes:
        made_at: as the tablet's clock said.
        corrected_at: as the server's clock would have said; None when that cannot be told.
        skew_ms: `made_at` minus `corrected_at`.
        travels: what cannot have been so.
    """

    made_at: datetime | None = None
    corrected_at: datetime | None = None
    skew_ms: int | None = None
    confidence: Confidence = "unknown"
    travels: tuple[TimeTravel, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A tablet's clock at a push: what it shows now, what it showed at the push before."""

    received_at: datetime
    now: Measured | None = None
    before: Measured | None = None
    enrolled_at: datetime | None = None

    def item_times(self, made_at: Iterable[datetime | None]) -> list[ItemTime]:
        """Return the times of items, given in the order in which the tablet made them."""
        before = self.before.last_made_at if self.before and self._same_boot(self.before) else None
        found = []
        for moment in made_at:
            found.append(self._item_time(moment, before))
            before = moment or before
        return found

    def to_remember(self, last_made_at: datetime | None) -> Measured | None:
        """Return what the next push should know; an envelope from further back teaches nothing."""
        kept = self.before
        if self.now is None or (kept is not None and kept.received_at > self.now.received_at):
            return kept
        if last_made_at is None and kept is not None and self._same_boot(kept):
            last_made_at = kept.last_made_at
        return replace(self.now, last_made_at=last_made_at)

    def _same_boot(self, other: Measured) -> bool:
        return self.now is not None and self.now.boot_id is not None and self.now.boot_id == other.boot_id

    def _item_time(self, made_at: datetime | None, before: datetime | None) -> ItemTime:
        if made_at is None or self.now is None:
            return ItemTime(made_at)
        steady = _is_steady(self.now, made_at)
        skew_ms = self.now.offset_ms if steady else self._likely_offset_ms(self.now, made_at)
        corrected_at = earlier(made_at, skew_ms)
        if corrected_at is None:
            return ItemTime(made_at)
        trusted: Confidence = "good" if abs(skew_ms) <= SMALL_MS else "shifted"
        return ItemTime(
            made_at,
            corrected_at,
            skew_ms,
            trusted if steady else "doubtful",
            tuple(self._travels(self.now, made_at, corrected_at, before)),
        )

    def _likely_offset_ms(self, now: Measured, made_at: datetime) -> int:
        """Return the offset of the push before where that one alone gives a possible time."""
        kept = self.before
        if kept is None or kept.received_at > now.received_at:
            return now.offset_ms
        by_now, by_kept = earlier(made_at, now.offset_ms), earlier(made_at, kept.offset_ms)
        if by_now is not None and -ORDER_MS <= _ms(by_now - kept.received_at) <= self._age_ms(kept):
            return now.offset_ms
        possible = by_kept is not None and _ms(by_kept - kept.received_at) <= self._age_ms(kept)
        return kept.offset_ms if possible else now.offset_ms

    def _age_ms(self, kept: Measured) -> int:
        return _ms(self.received_at - kept.received_at) + ORDER_MS

    def _travels(
        self, now: Measured, made_at: datetime, corrected_at: datetime, before: datetime | None
    ) -> Iterable[TimeTravel]:
        if _ms(corrected_at - self.received_at) > ORDER_MS:
            yield "after-receipt"
        booted_at = _booted_at(now)
        in_this_boot = before is not None and booted_at is not None and booted_at <= made_at
        if in_this_boot and before is not None and _ms(before - made_at) > ORDER_MS:
            yield "before-previous"
        if self.enrolled_at is not None and _ms(self.enrolled_at - corrected_at) > SMALL_MS:
            yield "before-enrolment"


def clock_of(
    reading: Reading, before: Measured | None, received_at: datetime, enrolled_at: datetime | None = None
) -> Clock:
    """Return the tablet's clock at a push that came at this moment."""
    if reading.wall is None:
        return Clock(received_at, None, before, enrolled_at)
    measured = Measured(
        reading.wall,
        reading.monotonic_ms,
        reading.boot_id,
        received_at,
        offset_ms=_ms(reading.wall - received_at),
        steady_from=None,
    )
    return Clock(received_at, _against(measured, before), before, enrolled_at)


def _against(now: Measured, before: Measured | None) -> Measured:
    """Return the measurement with what the one before tells of it, if both are of one boot."""
    booted_at = _booted_at(now)
    if before is None or booted_at is None or before.boot_id != now.boot_id or before.monotonic_ms is None:
        return replace(now, steady_from=booted_at)
    elapsed_ms = (now.monotonic_ms or 0) - before.monotonic_ms
    jump_ms = _ms(now.wall - before.wall) - elapsed_ms
    slack_ms = abs(elapsed_ms) * DRIFT
    # An answer on the way late makes a clock look slow, never fast: the larger offset is the truer one.
    offset_ms = max(now.offset_ms, round(before.offset_ms + jump_ms - slack_ms))
    if abs(jump_ms) <= JUMP_MS + slack_ms:
        return replace(now, offset_ms=offset_ms, steady_from=before.steady_from)
    return replace(now, offset_ms=offset_ms, steady_from=now.wall if elapsed_ms >= 0 else booted_at)


def _is_steady(now: Measured, made_at: datetime) -> bool:
    if now.steady_from is None:
        return False
    return _ms(made_at - now.steady_from) >= -ORDER_MS and _ms(made_at - now.wall) <= ORDER_MS


def _booted_at(now: Measured) -> datetime | None:
    """Return when the tablet booted, by the clock that it shows now."""
    if now.boot_id is None or now.monotonic_ms is None:
        return None
    return earlier(now.wall, now.monotonic_ms)


def earlier(moment: datetime, by_ms: int) -> datetime | None:
    """Return the moment `by_ms` before; None when that is before year 1 or after 9999."""
    try:
        return moment - timedelta(milliseconds=by_ms)
    except OverflowError:
        return None


def _ms(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))
