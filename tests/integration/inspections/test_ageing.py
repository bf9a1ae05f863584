"""Inspections stay on the tablets for 90 days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import redis

from server.inspections.ageing import leave_tablets
from server.work import Work
from sync import changes
from tests.integration.inspections.making import an_inspection, push, rows

if TYPE_CHECKING:
    from tests.integration.ledger.acting import Cast

STANDING = "SELECT entity_id, alive FROM sync.bucket_entry WHERE entity = 'inspection'"


def work(cast: Cast, days: int) -> Work:
    county = cast.county
    now = cast.clock + timedelta(days=days)
    return Work(county.database, county.settings, redis.Redis.from_url(county.settings.redis_url), now)


def test_an_inspection_leaves_the_tablets_after_90_days(cast: Cast, version: str) -> None:
    push(cast, [an_inspection(cast, version)])

    assert leave_tablets(work(cast, 89)) == 0
    assert {row["alive"] for row in rows(cast, STANDING)} == {True}
    assert leave_tablets(work(cast, 91)) == 1
    assert {row["alive"] for row in rows(cast, STANDING)} == {False}
    assert leave_tablets(work(cast, 91)) == 0
    assert rows(cast, "SELECT count(*) FROM server.inspection") == [{"count": 1}]


def test_what_changes_later_does_not_bring_it_back(cast: Cast, version: str) -> None:
    old, new = an_inspection(cast, version), an_inspection(cast, version)
    push(cast, [old])
    cast.later(days=80)
    push(cast, [new])
    leave_tablets(work(cast, 20))

    with cast.county.transaction() as session:
        changes.append(session, "inspection", [old.entity_id, new.entity_id])

    alive = {row["entity_id"] for row in rows(cast, STANDING) if row["alive"]}
    assert alive == {str(new.entity_id)}


def test_an_open_case_stays_when_its_inspection_leaves(cast: Cast, version: str) -> None:
    push(cast, [an_inspection(cast, version)])
    leave_tablets(work(cast, 200))

    cases = "SELECT DISTINCT alive FROM sync.bucket_entry WHERE entity = 'case'"
    assert rows(cast, cases) == [{"alive": True}]
