"""Room beside each case for its next version: a rise of its level then touches none of the twenty indexes."""

from alembic import op

revision = "0540"
down_revision = "0530"
branch_labels = None
depends_on = None

# Pages written before keep as they are until they are written anew.
UP = """
ALTER TABLE server."case" SET (fillfactor = 75);
ALTER TABLE sync.entity_state SET (fillfactor = 75);
"""

DOWN = """
ALTER TABLE sync.entity_state RESET (fillfactor);
ALTER TABLE server."case" RESET (fillfactor);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
