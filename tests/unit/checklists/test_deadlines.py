"""Limits in urgent hours, work hours, work days and calendar days, and the lights that follow from them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.deadlines import china_calendar, due_after_pause, due_at, signal, yellow_at
from checklists.errors import HoursMissing, InstantWithoutZone, LimitImpossible
from checklists.workcalendar import WorkCalendar
from tests.unit.checklists.build import local

CHINA = china_calendar()
DUE = [
    ("urgent hours run at night", "2026-11-22T23:00", 2, "uh", "2026-11-23T01:00"),
    ("urgent hours run on holidays", "2026-10-01T10:00", 4, "uh", "2026-10-01T14:00"),
    ("the filing day does not count", "2026-11-23T08:30", 1, "wd", "2026-11-24T17:30"),
    ("filed in the evening", "2026-11-23T20:00", 1, "wd", "2026-11-24T17:30"),
    ("over a weekend", "2026-11-20T10:00", 1, "wd", "2026-11-23T17:30"),
    ("filed on a Saturday", "2026-11-21T10:00", 1, "wd", "2026-11-23T17:30"),
    ("five work days", "2026-11-23T10:00", 5, "wd", "2026-11-30T17:30"),
    ("National Day", "2026-09-30T10:00", 1, "wd", "2026-10-08T17:30"),
    ("National Day and its make-up Saturday", "2026-09-30T10:00", 3, "wd", "2026-10-10T17:30"),
    ("the make-up Sunday before National Day", "2026-09-18T10:00", 1, "wd", "2026-09-20T17:30"),
    ("Spring Festival from its make-up Saturday", "2026-02-14T10:00", 1, "wd", "2026-02-24T17:30"),
    ("the make-up Saturday after Spring Festival", "2026-02-27T10:00", 1, "wd", "2026-02-28T17:30"),
    ("a night before midnight UTC counts as the local day", "2026-11-24T00:30", 1, "wd", "2026-11-25T17:30"),
    ("work hours within a morning", "2026-11-23T09:00", 2, "wh", "2026-11-23T11:00"),
    ("work hours over noon", "2026-11-23T11:00", 2, "wh", "2026-11-23T15:00"),
    ("work hours over a night", "2026-11-23T16:30", 3, "wh", "2026-11-24T10:30"),
    ("work hours from an evening", "2026-11-20T19:00", 1, "wh", "2026-11-23T09:30"),
    ("work hours over National Day", "2026-09-30T17:00", 1, "wh", "2026-10-08T09:00"),
    ("calendar days end at midnight", "2026-09-30T10:00", 2, "cd", "2026-10-03T00:00"),
]


@pytest.mark.parametrize(
    ("filed", "amount", "unit", "due"), [row[1:] for row in DUE], ids=[row[0] for row in DUE]
)
def test_a_limit_ends_when_the_rule_says(filed: str, amount: int, unit: str, due: str) -> None:
    assert due_at(local(filed), amount, unit, CHINA) == local(due)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
    ],
)
def test_public_holidays_and_make_up_days_of_2026(day: str, works: bool) -> None:
    assert CHINA.is_work_day(date.fromisoformat(day)) is works


def test_an_unannounced_year_has_weekends_and_fixed_holidays_and_is_provisional() -> None:
    year = max(CHINA.years) + 1
    filed = datetime(year - 1, 12, 31, 2, tzinfo=UTC)

    assert not CHINA.is_work_day(date(year, 1, 1))
    assert not CHINA.is_work_day(date(year, 10, 1))
    assert CHINA.is_provisional(filed, due_at(filed, 3, "wd", CHINA))
    assert not CHINA.is_provisional(local("2026-11-22T10:00"), local("2026-12-22T10:00"))


def test_a_calendar_can_be_made_of_rows() -> None:
    rows = WorkCalendar(
        holidays=frozenset({date(2026, 11, 24)}),
        make_up_days=frozenset({date(2026, 11, 28)}),
        years=frozenset({2026}),
        hours=((time(9), time(16)),),
    )

    assert due_at(local("2026-11-23T10:00"), 4, "wd", rows) == local("2026-11-28T16:00")
    with pytest.raises(HoursMissing):
        WorkCalendar(hours=())


@pytest.mark.parametrize(("amount", "unit"), [(0, "wd"), (-1, "uh"), (10_001, "uh"), (1, "weeks")])
def test_an_impossible_limit_is_named(amount: int, unit: str) -> None:
    with pytest.raises(LimitImpossible):
        due_at(local("2026-11-22T10:00"), amount, unit, CHINA)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(InstantWithoutZone):
        due_at(datetime(2026, 11, 22), 1, "wd", CHINA)  # noqa: DTZ001  # the naive instant is the point


FROM_TO = (datetime(2020, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001  # hypothesis wants bounds without a zone
UNITS = st.sampled_from(["uh", "wh", "wd", "cd"])
INSTANTS = st.datetimes(*FROM_TO, timezones=st.just(UTC))
AMOUNTS = st.integers(1, 60)


@settings(deadline=None)
@given(INSTANTS, AMOUNTS, UNITS)
def test_a_due_time_is_never_before_the_filing_and_grows_with_the_amount(
    filed: datetime, amount: int, unit: str
) -> None:
    due = due_at(filed, amount, unit, CHINA)

    assert filed < due < due_at(filed, amount + 1, unit, CHINA)
    assert due.utcoffset() == timedelta()


@settings(deadline=None)
@given(INSTANTS, INSTANTS, AMOUNTS, UNITS)
def test_who_files_later_is_never_due_earlier(one: datetime, other: datetime, amount: int, unit: str) -> None:
    early, late = sorted((one, other))

    assert due_at(early, amount, unit, CHINA) <= due_at(late, amount, unit, CHINA)


@settings(deadline=None)
@given(INSTANTS, st.integers(1, 20), UNITS, st.lists(st.integers(0, 60 * 24 * 30), min_size=2, max_size=6))
def test_lights_only_turn_from_green_over_yellow_to_red(
    filed: datetime, amount: int, unit: str, minutes: list[int]
) -> None:
    due = due_at(filed, amount, unit, CHINA)
    lights = [signal(filed, due, filed + timedelta(minutes=after), CHINA, unit) for after in sorted(minutes)]

    assert lights == sorted(lights, key=["green", "yellow", "red"].index)
    assert signal(filed, due, due, CHINA, unit) != "red"
    assert signal(filed, due, due + timedelta(microseconds=1), CHINA, unit) == "red"
    assert filed < yellow_at(filed, due, unit, CHINA) <= due


@pytest.mark.parametrize(
    ("now", "light"),
    [
        ("2026-11-23T13:12", "green"),
        ("2026-11-23T13:13", "yellow"),
        ("2026-11-23T14:00", "yellow"),
        ("2026-11-23T14:01", "red"),
    ],
)
def test_an_urgent_limit_is_green_up_to_eighty_per_cent(now: str, light: str) -> None:
    filed, due = local("2026-11-23T10:00"), local("2026-11-23T14:00")

    assert signal(filed, due, local(now), CHINA, "uh") == light


def test_a_weekend_does_not_turn_a_light_of_work_days_yellow() -> None:
    filed = local("2026-11-20T17:30")
    due = due_at(filed, 1, "wd", CHINA)

    assert signal(filed, due, local("2026-11-23T08:30"), CHINA, "wd") == "green"
    assert yellow_at(filed, due, "wd", CHINA) == local("2026-11-23T16:06")


def test_time_stands_still_while_a_case_is_suspended() -> None:
    filed, due = local("2026-11-23T10:00"), local("2026-11-23T14:00")

    assert (
        signal(filed, due, local("2026-12-01T10:00"), CHINA, "uh", paused_since=local("2026-11-23T11:00"))
        == "green"
    )


@pytest.mark.parametrize(
    ("due", "paused", "resumed", "unit", "moved"),
    [
        ("2026-11-23T14:00", "2026-11-23T11:00", "2026-11-25T11:00", "uh", "2026-11-25T14:00"),
        ("2026-11-23T15:00", "2026-11-23T11:00", "2026-11-25T16:30", "wh", "2026-11-26T09:30"),
        ("2026-11-25T17:30", "2026-11-23T17:30", "2026-11-30T17:30", "wd", "2026-12-02T17:30"),
        ("2026-11-23T14:00", "2026-11-23T15:00", "2026-11-25T11:00", "uh", "2026-11-23T14:00"),
    ],
)
def test_a_pause_moves_the_deadline_by_what_was_left(
    due: str, paused: str, resumed: str, unit: str, moved: str
) -> None:
    assert due_after_pause(local(due), local(paused), local(resumed), unit, CHINA) == local(moved)
