"""A decision of the office says as which command and on which record an item was applied, where not as sent."""

from alembic import op

revision = "0340"
down_revision = "0330"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE sync.decision
  ADD COLUMN applied_type text,
  ADD COLUMN applied_entity_id uuid,
  ADD CONSTRAINT decision_otherwise_whole CHECK ((applied_type IS NULL) = (applied_entity_id IS NULL)),
  ADD CONSTRAINT decision_otherwise_applied CHECK (applied_type IS NULL OR action = 'apply');
COMMENT ON COLUMN sync.decision.applied_type IS
  'the command that was done in place of the one sent, such as inspection.correct for a second inspection.create';
COMMENT ON COLUMN sync.decision.applied_entity_id IS 'the record that it made';
"""

DOWN = r"""
ALTER TABLE sync.decision DROP COLUMN applied_type, DROP COLUMN applied_entity_id;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
