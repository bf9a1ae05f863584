"""A transaction that fixed SQL goes through past the session still ends as one."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import text

from server.db import Database
from sync.fixed import Fixed

_NOTE = "INSERT INTO sync.device_state (device_id, acked_through) VALUES (gen_random_uuid(), :n)"
NOTE = Fixed(_NOTE)
NOTED = Fixed("SELECT acked_through FROM sync.device_state ORDER BY 1")


def noted(db: Database) -> list[int]:
    with db.look() as session:
        return NOTED.column(session, {})


def test_fixed_sql_and_the_sessions_own_are_committed_together(db: Database) -> None:
    with db.transaction() as session:
        NOTE.rows(session, {"n": 1})
        session.execute(text(_NOTE), {"n": 2})

    assert noted(db) == [1, 2]


def test_what_raises_undoes_both(db: Database) -> None:
    with suppress(ZeroDivisionError), db.transaction() as session:
        NOTE.rows(session, {"n": 1})
        raise ZeroDivisionError

    assert noted(db) == []


def test_a_rollback_within_undoes_fixed_sql_too(db: Database) -> None:
    with db.transaction() as session:
        NOTE.rows(session, {"n": 1})
        session.rollback()

    assert noted(db) == []


def test_a_savepoint_undoes_only_what_fixed_sql_did_within_it(db: Database) -> None:
    with db.transaction() as session:
        NOTE.rows(session, {"n": 1})
        with suppress(ZeroDivisionError), session.begin_nested():
            NOTE.rows(session, {"n": 2})
            raise ZeroDivisionError
        NOTE.rows(session, {"n": 3})

    assert noted(db) == [1, 3]
