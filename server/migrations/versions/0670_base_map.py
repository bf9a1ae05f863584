"""The county's base map: a row, where there is one."""

from alembic import op

revision = "0670"
down_revision = "0660"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE server.base_map (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  kind text NOT NULL CHECK (kind IN ('xyz', 'pmtiles')),
  url text NOT NULL CHECK (url ~ '^(https?://[^/]+)?/' AND length(url) <= 1000),
  datum text NOT NULL CHECK (datum IN ('wgs84', 'cgcs2000', 'gcj02', 'bd09')),
  attribution text NOT NULL DEFAULT '',
  min_zoom integer NOT NULL DEFAULT 0 CHECK (min_zoom >= 0),
  max_zoom integer NOT NULL CHECK (max_zoom BETWEEN min_zoom AND 22),
  tile_size integer NOT NULL CHECK (tile_size IN (256, 512)),
  set_at timestamptz NOT NULL
);
COMMENT ON COLUMN server.base_map.datum IS 'that the picture is drawn in';
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE server.base_map")
