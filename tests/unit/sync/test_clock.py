"""What a tablet's clock can be believed, shown on tablets with a true clock in the test's hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.clock import ORDER_MS, SMALL_MS, Clock, ItemTime, Measured, Reading, clock_of, measured_from

NINE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""Nine o'clock in the county, by the true clock."""
HOUR = 3_600_000
YEAR = 365 * 24 * HOUR


def after(ms: float, moment: datetime = NINE) -> datetime:
    return moment + timedelta(milliseconds=ms)


@dataclass
class Tablet:
    """A tablet whose clock is `ahead_ms` ahead; it booted at eight."""

    ahead_ms: int = 0
    booted_at: datetime = NINE - timedelta(hours=1)
    boot_id: str = "boot-1"
    before: Measured | None = None
    enrolled_at: datetime | None = None

    def shows(self, at: datetime) -> datetime:
        return after(self.ahead_ms, at)

    def reading(self, at: datetime) -> Reading:
        running_ms = round((at - self.booted_at) / timedelta(milliseconds=1))
        return Reading(self.shows(at), running_ms, self.boot_id)

    def pushes(self, *made_at: datetime | None, at: datetime, late_ms: int = 0) -> list[ItemTime]:
        """Push items with these times at a true moment; they arrive `late_ms` later."""
        clock = clock_of(self.reading(at), self.before, after(late_ms, at), self.enrolled_at)
        last = [moment for moment in made_at if moment is not None]
        self.before = clock.to_remember(last[-1] if last else None)
        return clock.item_times(made_at)


@pytest.mark.parametrize(
    ("ahead_ms", "confidence"),
    [
        (0, "good"),
        (SMALL_MS, "good"),
        (-SMALL_MS, "good"),
        (SMALL_MS + 1, "shifted"),
        (-2 * HOUR, "shifted"),
        (3 * YEAR, "shifted"),
        (-30 * YEAR, "shifted"),
    ],
)
def test_a_clock_that_is_off_by_the_same_all_day_is_corrected(ahead_ms: int, confidence: str) -> None:
    tablet = Tablet(ahead_ms)

    (item,) = tablet.pushes(tablet.shows(NINE), at=after(HOUR))

    assert item == ItemTime(tablet.shows(NINE), NINE, ahead_ms, confidence)  # type: ignore[arg-type]  # a word of the table


def test_without_a_clock_nothing_is_known_and_nothing_suspected() -> None:
    clock = clock_of(Reading(monotonic_ms=5, boot_id="b"), None, NINE, enrolled_at=after(YEAR))

    assert clock.item_times([after(-YEAR), None]) == [ItemTime(after(-YEAR)), ItemTime()]
    assert clock.to_remember(NINE) is None


def test_an_item_without_a_time_has_none() -> None:
    assert Tablet().pushes(None, at=NINE) == [ItemTime()]


def test_without_a_boot_the_offset_is_taken_but_not_trusted() -> None:
    clock = clock_of(Reading(after(2 * HOUR)), None, NINE)

    (item,) = clock.item_times([after(HOUR)])

    assert (item.corrected_at, item.confidence) == (after(-HOUR), "doubtful")


def test_two_pushes_of_one_boot_on_a_steady_clock_are_trusted_from_the_boot_on() -> None:
    tablet = Tablet(ahead_ms=2 * HOUR)
    tablet.pushes(at=after(HOUR))

    items = tablet.pushes(tablet.shows(after(-HOUR)), tablet.shows(after(2 * HOUR)), at=after(3 * HOUR))

    assert [item.confidence for item in items] == ["shifted", "shifted"]
    assert [item.corrected_at for item in items] == [after(-HOUR), after(2 * HOUR)]


@pytest.mark.parametrize("jump_ms", [-3 * HOUR, -60_000, 60_000, 3 * HOUR])
def test_a_clock_set_between_two_pushes_makes_what_lies_between_doubtful(jump_ms: int) -> None:
    tablet = Tablet()
    tablet.pushes(at=NINE)
    made = tablet.shows(after(HOUR))
    tablet.ahead_ms = jump_ms

    items = tablet.pushes(made, tablet.shows(after(2 * HOUR)), at=after(2 * HOUR))

    assert items[0].confidence == "doubtful"
    assert items[1].confidence in ("good", "shifted")
    assert items[1].corrected_at == after(2 * HOUR)


def test_where_only_the_former_setting_gives_a_possible_time_it_is_taken() -> None:
    tablet = Tablet(ahead_ms=5 * HOUR)
    tablet.pushes(at=NINE)
    made = tablet.shows(after(HOUR))
    tablet.ahead_ms = 0

    (item,) = tablet.pushes(made, at=after(2 * HOUR))

    assert (item.corrected_at, item.skew_ms, item.confidence) == (after(HOUR), 5 * HOUR, "doubtful")


def test_what_was_made_before_the_last_boot_is_doubtful() -> None:
    tablet = Tablet()
    tablet.pushes(at=NINE)
    made = tablet.shows(after(HOUR))
    tablet.booted_at, tablet.boot_id = after(2 * HOUR), "boot-2"

    items = tablet.pushes(made, tablet.shows(after(2.5 * HOUR)), at=after(3 * HOUR))

    assert [item.confidence for item in items] == ["doubtful", "good"]
    assert [item.corrected_at for item in items] == [after(HOUR), after(2.5 * HOUR)]


def test_a_body_that_waited_an_hour_in_the_outbox_is_corrected_by_the_monotonic_clock() -> None:
    tablet = Tablet(ahead_ms=10_000)
    tablet.pushes(at=NINE)

    (item,) = tablet.pushes(tablet.shows(after(HOUR)), at=after(HOUR), late_ms=HOUR)

    assert item.confidence == "good"
    assert item.corrected_at is not None
    assert abs(item.corrected_at - after(HOUR)) < timedelta(seconds=1)


def test_an_envelope_from_further_back_teaches_nothing() -> None:
    tablet = Tablet()
    tablet.pushes(NINE, at=after(HOUR))
    kept = tablet.before

    tablet.pushes(after(-1000), at=NINE)

    assert tablet.before == kept


TRAVELS: dict[str, tuple[Tablet, list[datetime], list[tuple[str, ...]]]] = {
    "in order": (Tablet(), [NINE, after(1), after(2)], [(), (), ()]),
    "later than its receipt": (Tablet(), [after(HOUR + ORDER_MS + 1)], [("after-receipt",)]),
    "only just later": (Tablet(), [after(HOUR + ORDER_MS)], [()]),
    "a clock ahead by years": (Tablet(3 * YEAR), [after(3 * YEAR)], [()]),
    "earlier than the one before": (Tablet(), [NINE, after(-ORDER_MS - 1)], [(), ("before-previous",)]),
    "only just earlier": (Tablet(), [NINE, after(-ORDER_MS)], [(), ()]),
    "from before the boot": (Tablet(), [NINE, after(-2 * HOUR)], [(), ()]),
    "from before the enrolment": (
        Tablet(enrolled_at=after(2 * SMALL_MS)),
        [NINE, after(2 * SMALL_MS)],
        [("before-enrolment",), ()],
    ),
}


@pytest.mark.parametrize(("tablet", "made_at", "travels"), TRAVELS.values(), ids=TRAVELS)
def test_what_cannot_have_been_so_is_named(
    tablet: Tablet, made_at: list[datetime], travels: list[tuple[str, ...]]
) -> None:
    items = replace(tablet).pushes(*made_at, at=after(HOUR))

    assert [item.travels for item in items] == travels


def test_the_order_is_watched_over_two_pushes_of_one_boot_but_not_over_a_boot() -> None:
    tablet = Tablet()
    tablet.pushes(NINE, at=NINE)
    other = replace(tablet, boot_id="boot-2", booted_at=after(-HOUR))

    (same_boot,) = tablet.pushes(after(-60_000), at=after(HOUR))
    (other_boot,) = other.pushes(after(-60_000), at=after(HOUR))

    assert same_boot.travels == ("before-previous",)
    assert other_boot.travels == ()


offsets = st.integers(-40 * YEAR, 40 * YEAR)
gaps_ms = st.integers(0, 12 * HOUR)


@given(offsets, st.lists(st.tuples(gaps_ms, st.integers(0, 20_000)), min_size=1, max_size=6))
def test_on_a_clock_that_nobody_sets_every_time_is_right_up_to_the_line(
    ahead_ms: int, pushes: list[tuple[int, int]]
) -> None:
    tablet, at = Tablet(ahead_ms), NINE
    for gap_ms, late_ms in pushes:
        made, at = at, after(gap_ms, at)
        (item,) = tablet.pushes(tablet.shows(made), at=at, late_ms=late_ms)
        at = after(late_ms, at)

        assert item.travels == ()
        assert item.confidence in ("good", "shifted")
        assert item.corrected_at is not None
        # What the line took makes the clock look slower than it is: the time comes out late, never early.
        assert timedelta() <= item.corrected_at - made <= timedelta(milliseconds=late_ms)


@given(offsets, offsets, st.integers(1, 12 * HOUR), st.integers(0, 20_000))
def test_what_was_made_before_the_clock_was_set_is_never_trusted(
    first_ms: int, second_ms: int, gap_ms: int, late_ms: int
) -> None:
    tablet = Tablet(first_ms)
    tablet.pushes(at=NINE, late_ms=late_ms)
    made = tablet.shows(NINE)
    tablet.ahead_ms = second_ms

    (item,) = tablet.pushes(made, at=after(gap_ms), late_ms=late_ms)

    set_by_ms = abs(second_ms - first_ms)
    if set_by_ms > 2_000 + gap_ms / 10_000 and abs(made - tablet.shows(after(gap_ms))) > timedelta(seconds=5):
        assert item.confidence == "doubtful"


moments = st.datetimes(timezones=st.just(UTC))
readings = st.builds(
    Reading,
    st.none() | moments,
    st.none() | st.integers(0, 10 * YEAR),
    st.none() | st.sampled_from(["boot-1", "boot-2"]),
)


@given(st.lists(st.tuples(readings, moments, st.lists(st.none() | moments, max_size=4)), max_size=4))
def test_no_clock_however_odd_breaks_a_push(
    pushes: list[tuple[Reading, datetime, list[datetime | None]]],
) -> None:
    before: Measured | None = None
    for reading, received_at, made_at in pushes:
        clock = clock_of(reading, before, received_at, enrolled_at=NINE)
        for item in clock.item_times(made_at):
            if item.corrected_at is not None:
                assert item.made_at is not None
                assert item.made_at - item.corrected_at == timedelta(milliseconds=item.skew_ms or 0)
            assert (item.confidence == "unknown") == (item.corrected_at is None)
        before = clock.to_remember(made_at[-1] if made_at else None)
        if before is not None:
            assert measured_from(orjson.loads(orjson.dumps(before.as_json()))) == before


def test_a_push_without_a_clock_keeps_what_was_known() -> None:
    tablet = Tablet()
    tablet.pushes(NINE, at=NINE)

    assert Clock(after(HOUR), None, tablet.before).to_remember(after(HOUR)) == tablet.before
