"""Until when a table that is at work is its worker's, who says again and again that it still is."""

from alembic import op

revision = "0830"
down_revision = "0820"
branch_labels = None
depends_on = None

# Whoever is at work on a table at that moment is let end it, as long as was the rule.
UP = """
ALTER TABLE server.sheet_task ADD COLUMN held_until timestamptz;
UPDATE server.sheet_task SET held_until = started_at + interval '20 minutes' WHERE state = 'working';
ALTER TABLE server.sheet_task ADD CONSTRAINT held_while_at_work CHECK ((state = 'working') = (held_until IS NOT NULL));
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("ALTER TABLE server.sheet_task DROP COLUMN held_until")
