"""Which communities have an outline that nobody has drawn yet, only a circle around a known point."""

from alembic import op

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE geo.community ADD COLUMN provisional_outline boolean NOT NULL DEFAULT false;
"""

DOWN = r"""
ALTER TABLE geo.community DROP COLUMN provisional_outline;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
