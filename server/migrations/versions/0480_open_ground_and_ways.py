"""Open ground, fire lanes, footways and gates; a building may stand in no community that is known."""

from alembic import op

revision = "0480"
down_revision = "0460"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE geo.building ALTER COLUMN community_id DROP NOT NULL;

CREATE TABLE geo.open_ground (
  ground_id uuid PRIMARY KEY,
  community_id uuid REFERENCES geo.community,
  kind text NOT NULL CHECK (kind IN ('square', 'green', 'yard', 'parking', 'bike_shed', 'ladder_ground', 'other')),
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  geom geometry(Polygon, 4326) NOT NULL CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
  area_m2 double precision NOT NULL GENERATED ALWAYS AS (ST_Area(ST_Transform(geom, 4548))) STORED,
  origin text NOT NULL DEFAULT 'surveyed',
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE TABLE geo.fire_lane (
  lane_id uuid PRIMARY KEY,
  community_id uuid REFERENCES geo.community,
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  width_m double precision CHECK (width_m > 0 AND width_m < 1000),
  geom geometry(Polygon, 4326) NOT NULL CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
  area_m2 double precision NOT NULL GENERATED ALWAYS AS (ST_Area(ST_Transform(geom, 4548))) STORED,
  origin text NOT NULL DEFAULT 'surveyed',
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE TABLE geo.footway (
  footway_id uuid PRIMARY KEY,
  community_id uuid REFERENCES geo.community,
  kind text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]*$'),
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  walkable boolean NOT NULL DEFAULT true,
  geom geometry(LineString, 4326) NOT NULL CHECK (ST_NPoints(geom) >= 2 AND ST_IsValid(geom)),
  length_m double precision NOT NULL GENERATED ALWAYS AS (ST_Length(ST_Transform(geom, 4548))) STORED,
  origin text NOT NULL DEFAULT 'surveyed',
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE TABLE geo.gate (
  gate_id uuid PRIMARY KEY,
  community_id uuid REFERENCES geo.community,
  kind text NOT NULL CHECK (kind IN ('pedestrian', 'vehicle', 'both', 'emergency')),
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  geom geometry(Point, 4326) NOT NULL CHECK (NOT ST_IsEmpty(geom)),
  origin text NOT NULL DEFAULT 'surveyed',
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX ON geo.open_ground USING gist (geom);
CREATE INDEX ON geo.fire_lane USING gist (geom);
CREATE INDEX ON geo.footway USING gist (geom);
CREATE INDEX ON geo.gate USING gist (geom);
CREATE INDEX ON geo.open_ground (community_id);
CREATE INDEX ON geo.fire_lane (community_id);
CREATE INDEX ON geo.footway (community_id);
CREATE INDEX ON geo.gate (community_id);
COMMENT ON COLUMN geo.open_ground.valid_to IS 'the first day on which the ground no longer holds';
COMMENT ON TABLE geo.gate IS 'where people and vehicles enter a community';
"""

DOWN = r"""
DROP TABLE geo.gate;
DROP TABLE geo.footway;
DROP TABLE geo.fire_lane;
DROP TABLE geo.open_ground;
-- What stands in no community had no place before.
DELETE FROM geo.entrance e USING geo.building b WHERE b.building_id = e.building_id AND b.community_id IS NULL;
DELETE FROM geo.building WHERE community_id IS NULL;
ALTER TABLE geo.building ALTER COLUMN community_id SET NOT NULL;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
