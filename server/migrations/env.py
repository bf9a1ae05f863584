"""Alembic's entrance: migrations run as the owner of the tables, in one transaction each."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, text

from server.settings import from_environment

URL = context.config.attributes.get("owner_url") or from_environment().database_owner_url
engine = create_engine(URL.replace("postgresql://", "postgresql+psycopg2://", 1))

with engine.connect() as connection:
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS server"))
    connection.commit()
    context.configure(
        connection=connection,
        version_table="migration",
        version_table_schema="server",
        transaction_per_migration=True,
    )
    context.run_migrations()
engine.dispose()
