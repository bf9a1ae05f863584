"""A database of the product, as the role that it runs as."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.db import Database, make_engine


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """Return the database of this test."""
    engine = make_engine(database_url, pool_size=16)
    yield Database(engine, {"travelling": {}})
    engine.dispose()
