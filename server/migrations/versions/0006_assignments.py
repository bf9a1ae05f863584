"""Which worker walks which cell, from when to when."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.assignment (
  assignment_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES server."user",
  grid_cell_code char(15) NOT NULL REFERENCES geo.grid_cell,
  valid_from date NOT NULL,
  valid_to date,
  CHECK (valid_to IS NULL OR valid_to > valid_from),
  EXCLUDE USING gist (user_id WITH =, grid_cell_code WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX ON server.assignment (grid_cell_code);
COMMENT ON COLUMN server.assignment.valid_to IS 'the first day on which it no longer holds';
"""

DOWN = r"""
DROP TABLE server.assignment;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
