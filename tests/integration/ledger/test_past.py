"""The ledger on a past day: folded from the histories, equal to what it showed on that day."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from checklists.deadlines import SHANGHAI
from server.ledger import past, service
from server.ledger.lists import Filter
from server.ledger.terms import local_day
from server.ledger.verify import verify
from server.problems import InvalidInput
from tests.build import NOW
from tests.integration.ledger.acting import Cast
from tests.integration.ledger.walking import Walk

ALL = 500
DAYS = 90
COUNTED = ("rework_count", "returned_count", "extension_count", "rebound_count", "refused_count")


def shown(cast: Cast, at: datetime, wanted: Filter | None = None) -> list[dict[str, Any]]:
    """Return the present ledger as headquarters see it, without what is only told of today."""
    with cast.county.transaction() as session:
        rows = service.cases(session, wanted or Filter(), None, ALL, actor=cast.headquarters, now=at)
    return [{name: value for name, value in row.items() if name != "departments"} for row in rows]


def recalled(cast: Cast, day: date, wanted: Filter | None = None) -> list[dict[str, Any]]:
    with cast.county.transaction() as session:
        return past.cases(
            session, day, wanted or Filter(), None, ALL, actor=cast.headquarters, now=cast.clock
        )


def test_every_day_of_a_quarter_is_shown_as_it_was(cast: Cast) -> None:
    walk = Walk(cast, Random(11))
    walk.begin()
    taken: dict[date, tuple[datetime, list[dict[str, Any]]]] = {}
    for _ in range(DAYS):
        day = local_day(cast.clock)
        end = walk.day(walk.draw.randint(2, 4))
        taken[day] = (end, shown(cast, end))

    states: Counter[str] = Counter()
    counted: set[str] = set()
    for day, (end, rows) in taken.items():
        assert _differences(recalled(cast, day), rows) == [], day
        states.update(row["state"] for row in rows)
        counted.update(name for name in COUNTED if any(row[name] for row in rows))
        for wanted in (
            ()
            if day.day % 7
            else (
                Filter(signal=("red",)),
                Filter(signal=("yellow", "green"), state=("in_progress", "suspended")),
                Filter(state=("checking",)),
                Filter(state=("closed", "dispatched")),
                Filter(unit=cast.fixer.unit_code, severity=("C",)),
            )
        ):
            ids = {row["case_id"] for row in recalled(cast, day, wanted)}
            assert ids == {row["case_id"] for row in rows if _passes(row, wanted)}, (day, wanted, end)
    # The walk met what the fold has to know.
    assert {"in_progress", "suspended", "closed", "filed", "checking"} <= set(states)
    assert len(counted) >= 3
    with cast.county.database.snapshot() as session:
        verify(session)


def _differences(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[Any]:
    assert [row["case_id"] for row in found] == [row["case_id"] for row in wanted]
    return [
        (row["case_id"], name, row.get(name), wish[name])
        for row, wish in zip(found, wanted, strict=True)
        for name in wish
        if row.get(name, "absent") != wish[name]
    ]


def _passes(row: dict[str, Any], wanted: Filter) -> bool:
    return (
        (not wanted.signal or row["signal"] in wanted.signal)
        and (not wanted.state or row["state"] in wanted.state)
        and (not wanted.severity or row["severity"] in wanted.severity)
        and (wanted.unit is None or row["unit"] == wanted.unit)
    )


def test_a_day_is_asked_for_by_page_and_only_past_days_are_known(cast: Cast) -> None:
    first, _ = cast.report()
    second, _ = cast.report()
    today = local_day(cast.clock)
    cast.clock += timedelta(days=2)
    cast.report()

    with cast.county.client() as client:
        headers = cast.county.bearer(cast.headquarters)
        page = client.get(f"/api/v1/ledger?as_of={today}&limit=1", headers=headers).get_json()
        rest = client.get(
            f"/api/v1/cases?as_of={today}&limit=1&cursor={page['next']}", headers=headers
        ).get_json()
        future = client.get("/api/v1/ledger?as_of=2199-01-01", headers=headers)
        wrong = client.get("/api/v1/ledger?as_of=yesterday", headers=headers)

    assert [page["items"][0]["case_id"], rest["items"][0]["case_id"]] == [str(second), str(first)]
    assert rest["next"] is None
    assert (future.status_code, wrong.status_code) == (422, 422)
    assert future.get_json()["errors"][0]["pointer"] == "/query/as_of"
    with pytest.raises(InvalidInput):
        recalled(cast, local_day(cast.clock) + timedelta(days=1))


def test_before_the_first_report_the_ledger_is_empty(cast: Cast) -> None:
    cast.report()

    assert recalled(cast, local_day(cast.clock) - timedelta(days=1)) == []


def test_an_entry_from_before_the_yellow_light_was_told_keeps_that_of_its_case(cast: Cast) -> None:
    case_id, _ = cast.report()
    with cast.county.owner() as session:
        session.execute(text("ALTER TABLE server.case_entry DISABLE TRIGGER USER"))
        told = "(canonical::jsonb #- '{facts,yellow_at}')::text"
        session.execute(
            text(
                f"UPDATE server.case_entry SET canonical = {told},"
                f" entry_hash = sha256(convert_to({told}, 'UTF8')) WHERE case_id = :id"
            ),
            {"id": case_id},
        )
    end = datetime(NOW.year, NOW.month, NOW.day, tzinfo=SHANGHAI) + timedelta(days=1)

    rows = shown(cast, end)
    cast.clock += timedelta(days=1)

    assert recalled(cast, local_day(NOW)) == rows
