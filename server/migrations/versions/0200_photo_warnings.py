"""What is odd about a photo as one record names it: found by workers, shown to the office, changes nothing."""

from alembic import op

revision = "0200"
down_revision = "0190"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE server.photo_claim ADD COLUMN compared_at timestamptz;
CREATE INDEX photo_claim_to_compare ON server.photo_claim (sha256) WHERE compared_at IS NULL;
CREATE TABLE server.photo_warning (
  entity text NOT NULL,
  entity_id uuid NOT NULL,
  sha256 bytea NOT NULL REFERENCES server.photo,
  type text NOT NULL CHECK (type IN ('photo-time-differs', 'photo-place-differs', 'photo-in-gcj02',
    'position-in-gcj02', 'photo-used-twice')),
  other_id uuid CHECK ((type = 'photo-used-twice') = (other_id IS NOT NULL) AND other_id <> entity_id),
  told jsonb NOT NULL DEFAULT '{}',
  noted_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (entity, entity_id, sha256, type, other_id)
);
CREATE INDEX ON server.photo_warning (sha256);
"""

DOWN = r"""
DROP TABLE server.photo_warning;
ALTER TABLE server.photo_claim DROP COLUMN compared_at;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
