"""Schemas geo, sync and server; the application's role reads and writes rows and owns no table."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UP = r"""
CREATE SCHEMA geo;
CREATE SCHEMA sync;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_app') THEN
    CREATE ROLE wangge_app LOGIN;
  END IF;
END $$;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
GRANT USAGE ON SCHEMA geo, sync, server TO wangge_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA geo, sync, server GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wangge_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA geo, sync, server GRANT USAGE, SELECT ON SEQUENCES TO wangge_app;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT SELECT ON server.migration TO wangge_app;
"""

DOWN = r"""
ALTER DEFAULT PRIVILEGES IN SCHEMA geo, sync, server REVOKE ALL ON TABLES FROM wangge_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA geo, sync, server REVOKE ALL ON SEQUENCES FROM wangge_app;
REVOKE ALL ON SCHEMA server FROM wangge_app;
DROP SCHEMA sync;
DROP SCHEMA geo;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
