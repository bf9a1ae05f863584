"""Positions on which cases pile up because nobody knew the place."""

from alembic import op

revision = "0530"
down_revision = "0520"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE server.placeholder_position (
  geom geometry(Point, 4326) PRIMARY KEY,
  records integer NOT NULL CHECK (records > 0),
  found_at timestamptz NOT NULL
);
"""

DOWN = "DROP TABLE server.placeholder_position;"


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
