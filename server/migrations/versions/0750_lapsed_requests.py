"""A request that can no longer be granted lapses: nobody's word is wanted once its case has moved on."""

from alembic import op

revision = "0750"
down_revision = "0740"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE server.case_request DROP CONSTRAINT case_request_state_check;
ALTER TABLE server.case_request ADD CONSTRAINT case_request_state_check
  CHECK (state IN ('pending', 'granted', 'refused', 'lapsed'));
UPDATE server.case_request r SET state = 'lapsed', decided_at = now()
  FROM server."case" c
 WHERE c.case_id = r.case_id AND r.state = 'pending' AND CASE r.kind
   WHEN 'return' THEN c.state NOT IN ('dispatched', 'in_progress')
   WHEN 'suspension' THEN c.state <> 'in_progress'
   WHEN 'extension' THEN c.state NOT IN ('in_progress', 'suspended', 'closeout_requested', 'checking')
   ELSE c.ended_at IS NOT NULL END;
"""
# The product before knows no lapsed request; a refusal is what comes nearest, and ends it just as well.
DOWN = """
ALTER TABLE server.case_request DISABLE TRIGGER case_request_guarded;
UPDATE server.case_request SET state = 'refused' WHERE state = 'lapsed';
ALTER TABLE server.case_request ENABLE TRIGGER case_request_guarded;
ALTER TABLE server.case_request DROP CONSTRAINT case_request_state_check;
ALTER TABLE server.case_request ADD CONSTRAINT case_request_state_check CHECK (state IN ('pending', 'granted', 'refused'));
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
