"""Tables that are made or taken in by the workers, and how a foreign ledger's columns are read."""

from alembic import op

revision = "0020"
down_revision = "0014"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.sheet_task (
  task_id uuid PRIMARY KEY,
  kind text NOT NULL,
  asked jsonb NOT NULL,
  file_name text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'working', 'done', 'refused', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  done_rows integer NOT NULL DEFAULT 0,
  total_rows integer,
  answer jsonb NOT NULL DEFAULT '{}',
  created_by uuid NOT NULL REFERENCES server."user",
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  files_removed_at timestamptz,
  CHECK ((state IN ('done', 'refused', 'failed')) = (finished_at IS NOT NULL))
);
CREATE INDEX sheet_task_open ON server.sheet_task (created_at) WHERE state IN ('waiting', 'working');
CREATE INDEX sheet_task_with_files ON server.sheet_task (finished_at) WHERE files_removed_at IS NULL;
COMMENT ON COLUMN server.sheet_task.state IS 'refused: the table has faults; failed: the work did not end';

CREATE TABLE server.ledger_mapping (
  name text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 80),
  mapping jsonb NOT NULL,
  saved_by uuid REFERENCES server."user",
  saved_at timestamptz NOT NULL
);
"""

DOWN = r"""
DROP TABLE server.ledger_mapping;
DROP TABLE server.sheet_task;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
