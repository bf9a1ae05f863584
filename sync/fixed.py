"""SQL of fixed text on the driver's own cursor, for the few statements that a tablet waits for.

SQLAlchemy's pool and its transaction stay in charge; only its way of carrying out a statement is left out,
which took a third of what a push costs the web process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg2
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

_DIALECT = make_url("postgresql+psycopg2://").get_dialect()()


class Fixed:
    """One or more statements with `:name` for what is bound, sent to the database in one round trip."""

    def __init__(self, sql: str) -> None:
        self._sql = str(text(sql).compile(dialect=_DIALECT))

    def rows(self, session: Session, bound: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return what the last statement yields, within the session's transaction.

        What waits in the session is not flushed first.

        Raises:
            DBAPIError: its subclasses, as `Session.execute` raises them.
        """
        connection = connection_of(session)
        pooled: Any = connection.connection
        with pooled.cursor() as cursor:
            try:
                cursor.execute(self._sql, bound)
                return cursor.fetchall() if cursor.description is not None else []
            except psycopg2.Error as error:
                fault: Any = error
                lost = connection.dialect.is_disconnect(fault, pooled.dbapi_connection, cursor)
                if lost:
                    connection.invalidate(error)
                raise DBAPIError.instance(
                    self._sql,
                    None,
                    error,
                    psycopg2.Error,
                    connection_invalidated=lost,
                    dialect=connection.dialect,
                ) from error

    def column(self, session: Session, bound: Mapping[str, Any]) -> list[Any]:
        """Return the first column of what the last statement yields."""
        return [row[0] for row in self.rows(session, bound)]


def connection_of(session: Session) -> Connection:
    """Return the connection of a session's transaction, in as few steps as there can be."""
    bound = session.bind
    # A session writes its savepoint when it is first asked for the connection within it.
    if isinstance(bound, Connection) and not session.in_nested_transaction():
        return bound
    return session.connection()
