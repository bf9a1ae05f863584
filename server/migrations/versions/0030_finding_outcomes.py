"""What follows from an inspection beside violations: tasks, deductions, refusals and gates."""

from alembic import op

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.finding_outcome (
  outcome_id uuid PRIMARY KEY,
  inspection_id uuid NOT NULL REFERENCES server.inspection,
  community_id uuid NOT NULL REFERENCES geo.community,
  checklist text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('task', 'deduction', 'refusal', 'gate')),
  item_code text NOT NULL,
  group_code text,
  instance integer,
  code text,
  points double precision CHECK (points >= 0),
  unit_code text REFERENCES server.unit,
  case_id uuid REFERENCES server."case",
  note text NOT NULL DEFAULT '',
  found_at timestamptz NOT NULL,
  settled_by uuid REFERENCES server.inspection,
  CHECK ((group_code IS NULL) = (instance IS NULL)),
  CHECK ((kind IN ('task', 'gate')) = (code IS NOT NULL)),
  CHECK ((kind = 'deduction') = (points IS NOT NULL)),
  CHECK (case_id IS NULL OR kind = 'refusal'),
  CHECK (unit_code IS NOT NULL OR kind <> 'task'),
  CHECK (settled_by IS NULL OR kind = 'task'),
  CHECK (settled_by <> inspection_id)
);
CREATE INDEX ON server.finding_outcome (inspection_id);
CREATE INDEX ON server.finding_outcome (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX task_open ON server.finding_outcome (community_id, checklist) WHERE kind = 'task' AND settled_by IS NULL;
COMMENT ON COLUMN server.finding_outcome.unit_code IS 'who has to do the task, or who loses the points';
COMMENT ON COLUMN server.finding_outcome.settled_by IS 'the later inspection that asked again';
REVOKE UPDATE, DELETE ON server.finding_outcome FROM wangge_app;
GRANT UPDATE (settled_by) ON server.finding_outcome TO wangge_app;
"""

DOWN = r"""
DROP TABLE server.finding_outcome;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
