"""Which communities try the measures first (measure 1: three or four in each subdistrict)."""

from alembic import op

revision = "0050"
down_revision = "0040"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE geo.community ADD COLUMN pilot boolean NOT NULL DEFAULT false;
"""

DOWN = r"""
ALTER TABLE geo.community DROP COLUMN pilot;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
