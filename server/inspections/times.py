"""When an inspection took place: the tablet's times, and what its clock can be believed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sync.clock import ItemTime, earlier
from sync.mutations import Warning

ENDED_FIRST = "finished-before-started"
_BACKWARDS = Warning(
    "time-travel",
    "/data/finished_at",
    "The inspection ends before it begins; both times are kept as sent.",
    "检查结束时间早于开始时间，均按原样保存。",
)


@dataclass(frozen=True, slots=True)
class Span:
    """When an inspection began and ended, by the tablet's clock."""

    started_at: datetime | None
    finished_at: datetime | None

    @property
    def backwards(self) -> bool:
        """Return whether it ended before it began."""
        return (
            self.started_at is not None
            and self.finished_at is not None
            and self.finished_at < self.started_at
        )

    def warnings(self) -> tuple[Warning, ...]:
        """Return what to tell the worker about these times."""
        return (_BACKWARDS,) if self.backwards else ()


def as_row(time: ItemTime, span: Span) -> dict[str, Any]:
    """Return what is stored beside the times as they were sent."""
    travels = (*time.travels, ENDED_FIRST) if span.backwards else time.travels
    return {"skew_ms": time.skew_ms, "time_confidence": time.confidence, "time_travel": list(travels)}


def as_json(kept: Mapping[str, Any], sent: Mapping[str, datetime | None]) -> dict[str, Any]:
    """Return how far an inspection's times can be believed, and what they were by the server's clock."""
    skew_ms = kept["skew_ms"]
    return {
        "confidence": kept["time_confidence"],
        "skew_ms": skew_ms,
        "time_travel": kept["time_travel"],
        "corrected": {name: _corrected(moment, skew_ms) for name, moment in sent.items()},
    }


def _corrected(moment: datetime | None, skew_ms: int | None) -> str | None:
    if moment is None or skew_ms is None:
        return None
    true = earlier(moment.astimezone(UTC), skew_ms)
    return None if true is None else true.isoformat()
