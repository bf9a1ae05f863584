"""Complaints as they were taken in; whom to call back stands apart, deletable."""

from alembic import op

revision = "0160"
down_revision = "0150"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.complaint (
  complaint_id uuid PRIMARY KEY,
  community_id uuid NOT NULL REFERENCES geo.community,
  grid_cell_code char(15) REFERENCES geo.grid_cell,
  channel text NOT NULL CHECK (channel IN ('visit', 'phone', 'hotline', 'online', 'letter')),
  category text REFERENCES server.category,
  description text NOT NULL CHECK (description ~ '\S'),
  geom geometry(Point, 4326),
  location_sent jsonb,
  accuracy_m double precision,
  user_id uuid NOT NULL REFERENCES server."user",
  device_id uuid,
  mid uuid,
  device_time timestamptz,
  received_at timestamptz NOT NULL,
  content_sha256 bytea NOT NULL CHECK (length(content_sha256) = 32)
);
CREATE INDEX complaint_newest_first ON server.complaint (received_at DESC, complaint_id DESC);
CREATE INDEX ON server.complaint (community_id, received_at DESC);
CREATE INDEX ON server.complaint (user_id, received_at DESC);
-- What names people stands here.
CREATE TABLE server.complaint_contact (
  complaint_id uuid PRIMARY KEY REFERENCES server.complaint,
  name text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT ''
);
REVOKE DELETE ON server.complaint FROM wangge_app;
"""

DOWN = r"""
DROP TABLE server.complaint_contact;
DROP TABLE server.complaint;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
