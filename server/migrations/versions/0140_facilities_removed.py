"""A facility may be gone while its community stands: `valid_to` is the first day on which it no longer holds."""

from alembic import op

revision = "0140"
down_revision = "0130"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE geo.facility ADD COLUMN valid_to date;
"""

DOWN = r"""
ALTER TABLE geo.facility DROP COLUMN valid_to;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
