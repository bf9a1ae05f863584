"""What a route may ask of the request it serves: its session, its moment, the process's settings.

The session is committed by `App.dispatch_request` when the view has returned, and rolled back when it raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, g
from redis import Redis
from sqlalchemy.orm import Session

from server.db import Database
from server.settings import Settings


class App(Flask):
    """Flask with one transaction a request."""

    def dispatch_request(self) -> Any:
        """Run the view; commit what it did before its answer leaves, or roll it back."""
        try:
            answer = super().dispatch_request()
            _end("commit")
        except BaseException:
            _end("rollback")
            raise
        return answer


def _end(how: str) -> None:
    opened: Session | None = g.pop("session", None)
    if opened is not None:
        try:
            getattr(opened, how)()
        finally:
            opened.close()


def session() -> Session:
    """Return the request's session, opened at the first call."""
    if "session" not in g:
        g.session = database().open()
    opened: Session = g.session
    return opened


@contextmanager
def look() -> Iterator[Session]:
    """Yield the request's session where it is open, else one for single reading statements.

    What is read by one statement needs no transaction around it, which would cost two round trips more.
    """
    if "session" in g:
        yield g.session
    else:
        with database().look() as looking:
            yield looking


def database() -> Database:
    """Return the database, for the rare route that needs transactions of its own."""
    found: Database = current_app.extensions["wangge.database"]
    return found


def settings() -> Settings:
    """Return the settings of the process."""
    found: Settings = current_app.extensions["wangge.settings"]
    return found


def redis() -> Redis:
    """Return the connection to Redis; it may be down, callers must live with that."""
    found: Redis = current_app.extensions["wangge.redis"]
    return found


def now() -> datetime:
    """Return the moment of the request, the same at every call."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    moment: datetime = g.now
    return moment
