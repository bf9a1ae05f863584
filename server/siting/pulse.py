"""A worker's pulse: while it is at something, the database hears of it, so that its death is noticed soon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from server.work import Work

EVERY_S = 10.0
# A worker that was not heard for so long is gone: six beats, and room for a busy machine.
GONE_AFTER = timedelta(seconds=90)


@contextmanager
def beating(work: Work, table: str, key: str, number: UUID) -> Iterator[None]:
    """Write `heard_at` of a row every ten seconds while the block runs."""
    over = Event()
    beat = text(
        f"UPDATE server.{table} SET heard_at = clock_timestamp() WHERE {key} = :id AND finished_at IS NULL"
    )

    def beats() -> None:
        while not over.wait(EVERY_S):
            try:
                with work.database.transaction() as session:
                    session.execute(beat, {"id": number})
            except OperationalError:
                # A database that is away is heard of by the work itself.
                continue

    thread = Thread(target=beats, name=f"pulse of {table}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
