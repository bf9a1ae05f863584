"""Counting what is sent to the database, by SQLAlchemy or on the driver's cursor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2.extensions
from sqlalchemy import Engine, event


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Yield the list that fills with the text of every round trip of a connection taken within the block."""
    sent: list[str] = []

    class Telling(psycopg2.extensions.cursor):
        def execute(self, query: Any, vars: Any = None) -> None:
            sent.append(str(query))
            super().execute(query, vars)

    def tell(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.cursor_factory = Telling

    def hush(connection: Any, _record: Any) -> None:
        if connection is not None:
            connection.cursor_factory = None

    event.listen(engine, "checkout", tell)
    event.listen(engine, "checkin", hush)
    try:
        yield sent
    finally:
        event.remove(engine, "checkout", tell)
        event.remove(engine, "checkin", hush)
