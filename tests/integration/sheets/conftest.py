from __future__ import annotations

from datetime import UTC, datetime

import pytest
from redis import Redis

from server.wiring import JOBS
from server.work import Work
from tests.build import County
from tests.integration.ledger.acting import Cast, a_cast
from tests.integration.sheets.reading import Perform


@pytest.fixture
def cast(county: County) -> Cast:
    """Return people around one community with a company, in a county of their own."""
    return a_cast(county)


@pytest.fixture
def perform(county: County) -> Perform:
    """Return what a worker does with a task's id."""

    def do(task_id: str) -> None:
        with Redis.from_url(county.settings.redis_url) as redis:
            JOBS["sheet-task"](Work(county.database, county.settings, redis, datetime.now(UTC)), task_id)

    return do
