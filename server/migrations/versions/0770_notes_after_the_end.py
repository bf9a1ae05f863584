"""A remark is made at any time: on cases that have ended, too."""

from alembic import op

revision = "0770"
down_revision = "0760"
branch_labels = None
depends_on = None

UP = """
INSERT INTO server.case_transition (command, from_state, to_state)
SELECT 'case.note', state, state FROM unnest(ARRAY['closed', 'declined', 'merged', 'voided', 'transferred']) state;
"""
DOWN = """
DELETE FROM server.case_transition
 WHERE command = 'case.note' AND from_state IN ('closed', 'declined', 'merged', 'voided', 'transferred');
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
