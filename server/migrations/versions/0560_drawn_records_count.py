"""Entrances count their versions: who writes one says which state is meant."""

from alembic import op

revision = "0560"
down_revision = "0550"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE geo.entrance ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version >= 1)")


def downgrade() -> None:
    op.execute("ALTER TABLE geo.entrance DROP COLUMN version")
