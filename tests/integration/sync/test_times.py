"""What the tablet's clock said is kept with every envelope and item; nothing is decided by it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from server.db import Database
from sync.mutations import Sender
from tests.integration.sync.pushing import NOW, Tablet, an_item, rows, statuses

HOUR = timedelta(hours=1)


@dataclass
class Clocked(Tablet):
    """A tablet that was booted an hour before NOW and enrolled a day before, and sends its clock."""

    ahead: timedelta = timedelta()
    boot_id: str = "boot-1"
    pushed: list[dict[str, Any]] = field(default_factory=list)

    @property
    def sender(self) -> Sender:
        """Who this tablet is to sync."""
        return replace(super().sender, enrolled_at=NOW - timedelta(days=1))

    def at(self, moment: datetime, *items: Any) -> dict[str, Any]:
        """Push at this true moment."""
        running = (moment - NOW + HOUR) / timedelta(milliseconds=1)
        shown = {
            "wall": (moment + self.ahead).isoformat(),
            "monotonic_ms": running,
            "boot_id": self.boot_id,
        }
        return self.push_bytes(self.body(list(items), clock=shown), now=moment)

    def made(self, seq: int, moment: datetime) -> dict[str, Any]:
        """Return an item made at this true moment."""
        return an_item(seq, device_time=(moment + self.ahead).isoformat())


def times(db: Database) -> list[Any]:
    columns = "device_time, corrected_at, skew_ms, time_confidence, time_travel"
    return [tuple(row) for row in rows(db, f"SELECT {columns} FROM sync.mutation ORDER BY seq")]


def test_every_item_keeps_its_time_as_sent_and_as_corrected(db: Database) -> None:
    tablet = Clocked(db, ahead=2 * HOUR)

    tablet.at(NOW, tablet.made(1, NOW - HOUR / 2), tablet.made(2, NOW))

    made = NOW - HOUR / 2
    assert times(db) == [
        (made + 2 * HOUR, made, 7_200_000, "shifted", []),
        (NOW + 2 * HOUR, NOW, 7_200_000, "shifted", []),
    ]


def test_the_clock_itself_is_kept_with_the_envelope(db: Database) -> None:
    Clocked(db).at(NOW, an_item(1))

    kept = rows(db, "SELECT clock_wall, clock_monotonic_ms, boot_id FROM sync.envelope")
    assert kept == [(NOW, 3_600_000, "boot-1")]


def test_a_clock_that_was_set_between_two_pushes_leaves_its_mark(db: Database) -> None:
    tablet = Clocked(db)
    tablet.at(NOW, tablet.made(1, NOW))
    tablet.ahead = -2 * HOUR

    answer = tablet.at(NOW + HOUR, tablet.made(2, NOW + HOUR / 2))

    assert [time[3:] for time in times(db)] == [("good", []), ("doubtful", ["before-previous"])]
    assert statuses(answer) == ["applied"]
    assert [warning["type"] for warning in answer["results"][0]["warnings"]] == [
        "time-travel",
        "clock-far-off",
    ]


def test_a_replay_tells_the_same_and_changes_nothing(db: Database) -> None:
    tablet = Clocked(db)
    item = tablet.made(1, NOW + HOUR)
    first = tablet.at(NOW, item)
    kept = times(db)

    again = tablet.at(NOW + 2 * HOUR, item)

    assert again["results"] == [{**first["results"][0], "replayed": True}]
    assert times(db) == kept
    assert kept[0][4] == ["after-receipt"]


def test_an_item_from_before_the_enrolment_is_marked_and_applied(db: Database) -> None:
    tablet = Clocked(db)

    answer = tablet.at(NOW, tablet.made(1, NOW - timedelta(days=2)))

    assert statuses(answer) == ["applied"]
    assert times(db)[0][3:] == ("doubtful", ["before-enrolment"])


ODD: dict[str, Any] = {
    "none": None,
    "a text": "now",
    "no zone": {"wall": "2026-11-22T09:00:00"},
    "endless": {"wall": "9999-12-31T23:59:59Z", "monotonic_ms": 1e30, "boot_id": "b"},
    "the first day": {"wall": "0001-01-01T00:00:00Z", "monotonic_ms": 10**10, "boot_id": "b"},
    "negative": {"wall": "2026-11-22T01:00:00Z", "monotonic_ms": -1, "boot_id": 7},
    "a NUL": {"wall": "2026-11-22T01:00:00Z", "monotonic_ms": True, "boot_id": "\x00"},
    "a long name": {"wall": "2026-11-22T01:00:00Z", "monotonic_ms": 1.5, "boot_id": "b" * 10_000},
}


@pytest.mark.parametrize("clock", ODD.values(), ids=ODD)
def test_no_clock_however_odd_stops_an_item(db: Database, clock: Any) -> None:
    tablet = Tablet(db)
    moments = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", None]

    for first in (1, 4):
        items = [an_item(first + n, device_time=moment) for n, moment in enumerate(moments)]
        answer = tablet.push_bytes(tablet.body(items, clock=clock))
        assert statuses(answer) == ["applied"] * 3
