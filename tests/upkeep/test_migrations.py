"""Migrations form one line and can be walked in both directions."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from server import migrations

FOLDER = Path(migrations.__file__).parent


def _schemas(owner_url: str) -> dict[str, list[str]]:
    """Return the definitions that a walk down and up must bring back, per kind."""
    kinds = {
        "columns": "SELECT format('%s.%s.%s %s %s %s', table_schema, table_name, column_name, udt_name,"
        " is_nullable, column_default) FROM information_schema.columns"
        " WHERE table_schema IN ('geo', 'sync', 'server')",
        "constraints": "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE connamespace::regnamespace::text IN ('geo', 'sync', 'server')",
        "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('geo', 'sync', 'server')",
        "grants": "SELECT format('%s.%s %s %s', table_schema, table_name, grantee, privilege_type)"
        " FROM information_schema.role_table_grants WHERE table_schema IN ('geo', 'sync', 'server')",
    }
    engine = create_engine(owner_url.replace("postgresql://", "postgresql+psycopg2://", 1))
    with engine.connect() as connection:
        found = {kind: sorted(connection.scalars(text(sql))) for kind, sql in kinds.items()}
    engine.dispose()
    return found


def test_there_is_one_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))

    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_the_newest_schema_survives_the_way_down_and_up_again(owner_url: str) -> None:
    before = _schemas(owner_url)

    migrations.downgrade(owner_url, "base")
    bottom = _schemas(owner_url)
    migrations.upgrade(owner_url, "head")

    assert [c for c in bottom["columns"] if not c.startswith("server.migration.")] == []
    assert _schemas(owner_url) == before


@pytest.mark.parametrize("schema", ["geo", "sync", "server"])
def test_the_role_of_the_application_owns_no_table(owner_url: str, schema: str) -> None:
    engine = create_engine(owner_url.replace("postgresql://", "postgresql+psycopg2://", 1))
    with engine.connect() as connection:
        sql = text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = :schema")
        owners = set(connection.scalars(sql, {"schema": schema}))
    engine.dispose()

    assert owners == {"wangge_owner"}
