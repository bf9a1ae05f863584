"""Inspections leave the tablets after 90 days; the record stays."""

from alembic import op

revision = "0080"
down_revision = "0070"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE server.inspection ADD left_tablets_at timestamptz;
CREATE INDEX inspection_on_tablets ON server.inspection (received_at) WHERE left_tablets_at IS NULL;
"""

DOWN = r"""
DROP INDEX server.inspection_on_tablets;
ALTER TABLE server.inspection DROP left_tablets_at;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
