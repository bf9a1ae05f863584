"""Indexes put aside while rows come by the million: each row would look for its place in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg2

_OF_TABLES = """
SELECT format('%%I.%%I', n.nspname, i.relname), pg_get_indexdef(x.indexrelid)
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE n.nspname = 'server' AND t.relname = ANY(%s)
   AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = x.indexrelid)"""


@contextmanager
def put_aside(superuser_url: str, tables: Sequence[str]) -> Iterator[None]:
    """Drop the indexes of these tables of `server` that hold no constraint; make them again afterwards."""
    with psycopg2.connect(superuser_url) as connection, connection.cursor() as cursor:
        cursor.execute(_OF_TABLES, (list(tables),))
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with psycopg2.connect(superuser_url) as connection, connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, made in found:
            cursor.execute(made)
