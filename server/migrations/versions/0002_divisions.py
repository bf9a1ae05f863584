"""County, subdistricts and towns, neighbourhoods and villages, with their official codes."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE geo.county (
  adcode char(6) PRIMARY KEY CHECK (adcode ~ '^[0-9]{6}$'),
  name_zh text NOT NULL,
  name_en text NOT NULL,
  geom geometry(MultiPolygon, 4326) NOT NULL CHECK (ST_IsValid(geom)),
  metric_srid integer NOT NULL DEFAULT 4548,
  origin text NOT NULL DEFAULT 'official',
  source text NOT NULL,
  licence text NOT NULL
);
CREATE TABLE geo.subdistrict (
  code char(9) PRIMARY KEY CHECK (code ~ '^[0-9]{9}$'),
  adcode char(6) NOT NULL REFERENCES geo.county,
  name_zh text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('subdistrict', 'town')),
  origin text NOT NULL DEFAULT 'official',
  geom geometry(MultiPolygon, 4326) CHECK (ST_IsValid(geom)),
  outline_origin text CHECK (outline_origin IN ('official', 'surveyed', 'imported', 'demo')),
  CHECK ((geom IS NULL) = (outline_origin IS NULL)),
  CHECK (left(code, 6) = adcode)
);
CREATE TABLE geo.neighbourhood (
  code char(12) PRIMARY KEY CHECK (code ~ '^[0-9]{12}$'),
  subdistrict_code char(9) NOT NULL REFERENCES geo.subdistrict,
  name_zh text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('neighbourhood', 'village')),
  origin text NOT NULL DEFAULT 'official',
  geom geometry(MultiPolygon, 4326) CHECK (ST_IsValid(geom)),
  outline_origin text CHECK (outline_origin IN ('official', 'surveyed', 'imported', 'demo')),
  CHECK ((geom IS NULL) = (outline_origin IS NULL)),
  CHECK (left(code, 9) = subdistrict_code)
);
CREATE INDEX ON geo.neighbourhood (subdistrict_code);
"""

DOWN = r"""
DROP TABLE geo.neighbourhood;
DROP TABLE geo.subdistrict;
DROP TABLE geo.county;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
