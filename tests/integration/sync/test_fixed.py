"""Fixed SQL on the driver's cursor stays within the session's transaction and fails as SQLAlchemy does."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, OperationalError

from server.db import Database
from sync.fixed import Fixed

BACKEND = Fixed("SELECT pg_backend_pid()")


def test_it_sees_and_shares_the_sessions_transaction(db: Database) -> None:
    number = Fixed("SELECT pg_current_xact_id()::text, :word, '100%'")

    with db.transaction() as session:
        own = session.execute(text("SELECT pg_current_xact_id()::text")).scalar_one()

        assert number.rows(session, {"word": "塔"}) == [(own, "塔", "100%")]


def test_a_fault_is_the_one_that_sqlalchemy_raises_and_a_savepoint_survives_it(db: Database) -> None:
    with db.transaction() as session:
        with pytest.raises(DataError), session.begin_nested():
            Fixed("SELECT CAST(:word AS uuid)").rows(session, {"word": "no uuid"})

        assert Fixed("SELECT :one").column(session, {"one": 1}) == [1]


def test_a_connection_that_broke_is_not_used_again(db: Database) -> None:
    broken = db.open()
    [pid] = BACKEND.column(broken, {})
    with db.transaction() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    with pytest.raises(OperationalError) as fault:
        BACKEND.rows(broken, {})

    assert fault.value.connection_invalidated
    broken.close()
    with db.transaction() as session:
        assert BACKEND.column(session, {}) != [pid]
