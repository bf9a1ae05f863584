"""Residential communities, the cells they reach over, buildings, entrances and facilities."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE geo.community (
  community_id uuid PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('commodity', 'old_estate', 'work_unit_compound')),
  neighbourhood_code char(12) NOT NULL REFERENCES geo.neighbourhood,
  geom geometry(MultiPolygon, 4326) NOT NULL CHECK (ST_IsValid(geom)),
  households integer NOT NULL DEFAULT 0 CHECK (households >= 0),
  built_year integer CHECK (built_year BETWEEN 1900 AND 2100),
  warranty_until date,
  version integer NOT NULL DEFAULT 1,
  origin text NOT NULL DEFAULT 'surveyed',
  valid_from date NOT NULL,
  valid_to date,
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX ON geo.community USING gist (geom);
CREATE INDEX ON geo.community (neighbourhood_code);
CREATE INDEX ON geo.community USING gin (name gin_trgm_ops);

CREATE TABLE geo.community_cell (
  community_id uuid NOT NULL REFERENCES geo.community ON DELETE CASCADE,
  grid_cell_code char(15) NOT NULL REFERENCES geo.grid_cell,
  area_m2 double precision NOT NULL CHECK (area_m2 > 0),
  PRIMARY KEY (community_id, grid_cell_code)
);
CREATE INDEX ON geo.community_cell (grid_cell_code);

CREATE TABLE geo.building (
  building_id uuid PRIMARY KEY,
  community_id uuid NOT NULL REFERENCES geo.community,
  name text NOT NULL,
  floors integer CHECK (floors > 0),
  households integer NOT NULL DEFAULT 0 CHECK (households >= 0),
  geom geometry(Polygon, 4326) NOT NULL CHECK (ST_IsValid(geom)),
  origin text NOT NULL DEFAULT 'surveyed',
  version integer NOT NULL DEFAULT 1
);
CREATE INDEX ON geo.building (community_id);
CREATE INDEX ON geo.building USING gist (geom);

CREATE TABLE geo.entrance (
  entrance_id uuid PRIMARY KEY,
  building_id uuid NOT NULL REFERENCES geo.building,
  name text NOT NULL,
  geom geometry(Point, 4326) NOT NULL,
  origin text NOT NULL DEFAULT 'surveyed'
);
CREATE INDEX ON geo.entrance (building_id);

CREATE TABLE geo.facility (
  facility_id uuid PRIMARY KEY,
  community_id uuid NOT NULL REFERENCES geo.community,
  building_id uuid REFERENCES geo.building,
  kind text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]*$'),
  name text NOT NULL,
  registration_code text UNIQUE,
  geom geometry(Point, 4326) NOT NULL,
  attributes jsonb NOT NULL DEFAULT '{}',
  origin text NOT NULL DEFAULT 'surveyed',
  version integer NOT NULL DEFAULT 1
);
CREATE INDEX ON geo.facility (community_id);
CREATE INDEX ON geo.facility USING gist (geom);
"""

DOWN = r"""
DROP TABLE geo.facility;
DROP TABLE geo.entrance;
DROP TABLE geo.building;
DROP TABLE geo.community_cell;
DROP TABLE geo.community;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
