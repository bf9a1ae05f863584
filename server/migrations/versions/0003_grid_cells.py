"""Grid cells with 15-digit codes and validity; two cells valid on one day never overlap."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE geo.grid_cell (
  code char(15) PRIMARY KEY CHECK (code ~ '^[0-9]{15}$'),
  neighbourhood_code char(12) NOT NULL REFERENCES geo.neighbourhood,
  geom geometry(Polygon, 4326) NOT NULL CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
  area_m2 double precision NOT NULL GENERATED ALWAYS AS (ST_Area(ST_Transform(geom, 4548))) STORED,
  management_grade text NOT NULL DEFAULT 'standard',
  responsible_unit text,
  origin text NOT NULL DEFAULT 'surveyed',
  valid_from date NOT NULL,
  valid_to date,
  CHECK (left(code, 12) = neighbourhood_code),
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX ON geo.grid_cell USING gist (geom);
CREATE INDEX ON geo.grid_cell (neighbourhood_code);

-- ST_Relate's pattern 'T********' is "the interiors meet"; cells may share edges, which an exclusion
-- constraint on bounding boxes would forbid. The lock makes two writers see one another.
CREATE FUNCTION geo.refuse_overlapping_cell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE other text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('geo.grid_cell'));
  SELECT code INTO other FROM geo.grid_cell c
   WHERE c.code <> NEW.code AND c.geom && NEW.geom
     AND daterange(c.valid_from, c.valid_to) && daterange(NEW.valid_from, NEW.valid_to)
     AND ST_Relate(c.geom, NEW.geom, 'T********')
   LIMIT 1;
  IF other IS NOT NULL THEN
    RAISE EXCEPTION 'grid cell % overlaps grid cell %', NEW.code, other
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'grid_cell_no_overlap';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER grid_cell_no_overlap AFTER INSERT OR UPDATE OF geom, valid_from, valid_to ON geo.grid_cell
  FOR EACH ROW EXECUTE FUNCTION geo.refuse_overlapping_cell();
"""

DOWN = r"""
DROP TABLE geo.grid_cell;
DROP FUNCTION geo.refuse_overlapping_cell();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
