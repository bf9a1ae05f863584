"""A correction is an inspection of its own that points to the one it corrects; both stay."""

from alembic import op

revision = "0180"
down_revision = "0170"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE server.inspection ADD COLUMN corrects uuid REFERENCES server.inspection CHECK (corrects <> inspection_id);
CREATE INDEX ON server.inspection (corrects) WHERE corrects IS NOT NULL;
"""

DOWN = r"""
ALTER TABLE server.inspection DROP COLUMN corrects;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
