"""How a test knows that another transaction has come to where it must wait."""

from __future__ import annotations

from sqlalchemy import text

from tests.build import County

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def wait_until_somebody_waits(county: County) -> None:
    """Return when another transaction of this database waits for a lock."""
    for _ in range(600):
        # Each look in a transaction of its own: what is active is read once in one.
        with county.transaction() as session:
            if session.execute(_WAITING).scalar_one():
                return
            session.execute(text("SELECT pg_sleep(0.05)"))
    raise AssertionError("nobody waits")
