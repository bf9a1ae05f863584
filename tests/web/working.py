"""What the workers do, when a test says so."""

from __future__ import annotations

from datetime import UTC, datetime

from redis import Redis
from sqlalchemy import text

from server.wiring import JOBS, PERIODIC
from server.work import Work
from tests.web.office import Office


def do(office: Office, job: str, *words: str) -> None:
    """Do one job as a worker does."""
    county = office.cast.county
    with Redis.from_url(county.settings.redis_url) as redis:
        known = JOBS[job] if job in JOBS else PERIODIC[job][0]
        known(Work(county.database, county.settings, redis, datetime.now(UTC)), *words)


def make_tables(office: Office) -> None:
    """Do every task about tables that waits."""
    with office.cast.county.transaction() as session:
        waiting = session.execute(text("SELECT task_id FROM server.sheet_task WHERE state = 'waiting'"))
        found = [str(task_id) for task_id in waiting.scalars()]
    for task_id in found:
        do(office, "sheet-task", task_id)
