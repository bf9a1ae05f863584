"""Counts of any period and reach from packed days are what counting the cases themselves gives."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.heatmap import Counts
from server.communities.territory import Territory
from server.maps.heat import queries
from server.maps.heat.asking import PLACES, HeatFilter
from tests.build import CELL, NOW, County
from tests.integration.ledger.acting import Cast, a_cast
from tests.integration.maps.heat.counting import fold, hand_over, inspected

TODAY = NOW.date()
PERIODS = {
    "all time": (None, None),
    "until yesterday": (None, TODAY - timedelta(days=1)),
    "from the tenth day before": (TODAY - timedelta(days=10), None),
    "of one day": (TODAY, TODAY),
}
REACHES = {
    "the county": Territory(TODAY),
    "a subdistrict": Territory(TODAY, division="370831001"),
    "a worker": Territory(TODAY, cells=(CELL,)),
}


@pytest.fixture
def cast(county: County) -> Cast:
    """Return people whose cases lie on several days, some folded, some not, one of them without a place."""
    cast = a_cast(county)
    for _ in range(3):
        cast.report(location=cast.location(east_m=900.0))
    cast.report(location=None)
    with county.transaction() as session:
        back = """UPDATE server."case" SET reported_at = reported_at - interval '9 days'"""
        session.execute(text(f'{back} WHERE case_id IN (SELECT min(case_id::text)::uuid FROM server."case")'))
    ended, open_ = cast.report()[0], cast.report()[0]
    inspected(cast, "lamp_broken", "bike_room_blocked", case_id=ended)
    inspected(cast, "lamp_broken", case_id=open_)
    fold(county)
    hand_over(cast, ended)
    cast.report()
    cast.report(location=None)
    inspected(cast, "lamp_broken", case_id=open_)
    inspected(cast, "bike_room_blocked")
    return cast


def counted(session: Session, wanted: HeatFilter, seen: Territory, *, raw: bool) -> dict[Any, Counts]:
    """Return counts by place and month; `raw` are those of the cases and inspections themselves."""
    if raw:
        sql = queries._counting(wanted.what, wanted.by, wanted.kind, True, loose=False)
        rows = session.execute(text(sql), {**seen.parameters(), **wanted.parameters()})
        found: Any = [(row[0], row[1], Counts(*map(int, row[2:]))) for row in rows]
    else:
        found = queries.counts(session, wanted, seen, by_month=True)
    summed: defaultdict[Any, Counts] = defaultdict(Counts)
    for place, month, counts in found:
        summed[place, month] += counts
    return {key: counts for key, counts in summed.items() if counts != Counts()}


def test_packed_days_count_what_the_cases_say(cast: Cast) -> None:
    categories: tuple[tuple[str, ...], ...]
    with cast.county.transaction() as session:
        category = session.execute(text('SELECT min(category) FROM server."case"')).scalar_one()
        categories = ((), (category,))
        for by in PLACES:
            for period, (since, until) in PERIODS.items():
                for reach, seen in REACHES.items():
                    for chosen in categories:
                        wanted = HeatFilter(by=by, since=since, until=until, category=chosen)
                        told = counted(session, wanted, seen, raw=False)
                        assert told == counted(session, wanted, seen, raw=True), (by, period, reach, chosen)


def test_packed_days_count_what_became_of_violations_and_what_a_company_sees_of_them(cast: Cast) -> None:
    reaches = {
        "the county": Territory(TODAY),
        "a subdistrict": Territory(TODAY, division=cast.cell[:9]),
        "a worker": Territory(TODAY, cells=(cast.cell,)),
        "a company": Territory(TODAY, unit=cast.fixer.unit_code),
    }
    lamps = HeatFilter(what="violations", item=("lamp_broken", "x"), category=("parking_disorderly",))
    # Sums of whole months do not know what became of violations; a period that begins within one does.
    everything = HeatFilter(what="violations", since=date(2000, 1, 2))
    with cast.county.transaction() as session:
        for by in PLACES:
            for reach, seen in reaches.items():
                for wanted in (replace(lamps, by=by), replace(everything, by=by)):
                    told = counted(session, wanted, seen, raw=False)
                    assert told == counted(session, wanted, seen, raw=True), (by, reach, wanted.item)
                    assert sum(counts.ended_c for counts in told.values()) > 0, (by, reach)


def test_whole_months_and_packed_days_agree(cast: Cast) -> None:
    first = TODAY.replace(day=1)
    whole = HeatFilter(by="grid_cell", since=date(2000, 1, 1), until=None)
    with cast.county.transaction() as session:
        months = counted(session, whole, REACHES["the county"], raw=False)
        days = counted(session, replace(whole, since=date(2000, 1, 2)), REACHES["the county"], raw=False)

    assert months == days
    assert any(month == first for _, month in months)
