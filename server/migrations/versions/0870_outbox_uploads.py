"""Outbox files that arrive in parts, so that a line that drops costs no byte twice."""

from alembic import op

revision = "0870"
down_revision = "0860"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE server.outbox_upload (
  upload_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES server."user",
  file_name text NOT NULL CHECK (length(file_name) <= 255),
  size bigint NOT NULL CHECK (size BETWEEN 1 AND 2147483648),
  received_bytes bigint NOT NULL DEFAULT 0 CHECK (received_bytes BETWEEN 0 AND size),
  created_at timestamptz NOT NULL
);
CREATE INDEX outbox_upload_by_age ON server.outbox_upload (created_at);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE server.outbox_upload")
