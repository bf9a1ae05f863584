"""The one place where a transaction begins, and where it is committed or rolled back."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.schema import MetaData

# A connection that was at work just now is not asked again whether it lives: that would cost a push two round
# trips in each transaction. A database that died has closed its end, which costs no round trip to see.
TRUSTED_FOR_S = 1.0


class Base(DeclarativeBase):
    """Tables of the PostgreSQL schema `server`."""

    metadata = MetaData(schema="server")


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """Return an engine that reads JSON with orjson and notices a database that came back."""
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg2://", 1),
        pool_size=pool_size,
        max_overflow=pool_size,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        # Compiling a query of a request takes PostgreSQL longer than running it (0.25 s against 0.02 s). With
        # 4 MB a bitmap over a million cases forgets its rows, and each row of its pages is judged anew (3 s).
        connect_args={"options": "-c timezone=UTC -c jit=off -c work_mem=16MB", "connect_timeout": 5},
    )
    _ask_rested_connections(engine)
    return engine


def _ask_rested_connections(engine: Engine) -> None:
    """Let connections that rested for a while, or seem closed, show that they live before they go out."""

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        rested_s = time.monotonic() - record.info.get("rests_since", time.monotonic())
        try:
            if rested_s > TRUSTED_FOR_S or _has_news(connection):
                engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as fault:
            raise InvalidatePoolError from fault


def _has_news(connection: Any) -> bool:
    """Return whether something waits to be read on an idle connection: its end, or a last word."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


class _Session(Session):
    """A session that also rolls back what went past it, when it takes part in a connection's transaction."""

    def rollback(self) -> None:
        super().rollback()
        if isinstance(self.bind, Connection) and (whole := self.bind.get_transaction()) is not None:
            whole.rollback()


class Database:
    """Hands out sessions; `info` travels with each (the travelling entities among it)."""

    def __init__(self, engine: Engine, info: Mapping[str, Any] | None = None) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, class_=_Session, expire_on_commit=False, info=dict(info or {}))

    def open(self) -> Session:
        """Return a session that the caller commits and closes (one place does: `server.request.App`)."""
        return self._sessions()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session; commit when the block ends, roll back when it raises.

        The session takes part in the transaction: a `commit` within the block only flushes, a `rollback`
        undoes all of it.
        """
        with self.engine.begin() as connection, self._on(connection) as session:
            yield session
            # What goes past the session, as fixed SQL does, need not wake its own bookkeeping.
            if session.in_transaction():
                session.commit()

    @contextmanager
    def look(self) -> Iterator[Session]:
        """Yield a session for one reading statement, without a transaction around it."""
        with self.engine.connect() as connection:
            # Set on the driver's own connection: SQLAlchemy's isolation levels cost a round trip to leave.
            driver: Any = connection.connection.dbapi_connection
            driver.autocommit = True
            try:
                with self._on(connection) as session:
                    yield session
            finally:
                if not driver.closed:
                    driver.autocommit = False

    def _on(self, connection: Connection) -> Session:
        return self._sessions(bind=connection, join_transaction_mode="rollback_only")

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Yield a read-only session whose statements all see one moment (REPEATABLE READ)."""
        session = self._sessions()
        session.connection(
            execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        try:
            yield session
        finally:
            session.rollback()
            session.close()
