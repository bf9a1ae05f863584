"""Charging sites: proposed on the spot, planned, built, or refused."""

from alembic import op

revision = "0150"
down_revision = "0140"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.charging_site (
  site_id uuid PRIMARY KEY,
  community_id uuid NOT NULL REFERENCES geo.community,
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  status text NOT NULL CHECK (status IN ('proposed', 'planned', 'built', 'refused')),
  charging_ports integer CHECK (charging_ports BETWEEN 0 AND 10000),
  has_shed boolean,
  note text NOT NULL DEFAULT '',
  geom geometry(Point, 4326) NOT NULL,
  location_sent jsonb,
  accuracy_m double precision,
  proposed_by uuid REFERENCES server."user",
  proposed_at timestamptz NOT NULL,
  origin text NOT NULL DEFAULT 'surveyed',
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  valid_to date
);
CREATE INDEX ON server.charging_site (community_id);
CREATE INDEX ON server.charging_site USING gist (geom);
CREATE INDEX charging_site_newest_first ON server.charging_site (proposed_at DESC, site_id DESC);
COMMENT ON COLUMN server.charging_site.valid_to IS 'the first day on which the site no longer holds';
REVOKE DELETE ON server.charging_site FROM wangge_app;
"""

DOWN = r"""
DROP TABLE server.charging_site;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
