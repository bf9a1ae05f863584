"""Foreign sets of points as analysis layers: whose they are, in which metres, and the points themselves."""

from alembic import op

revision = "0520"
down_revision = "0510"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.analysis_layer (
  layer_id uuid PRIMARY KEY,
  name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  owner_id uuid REFERENCES server."user",
  metric_srid integer NOT NULL CHECK (metric_srid BETWEEN 1024 AND 32767 AND metric_srid <> 4326),
  datum text NOT NULL CHECK (datum IN ('wgs84', 'cgcs2000', 'gcj02', 'bd09')),
  time_zone text NOT NULL,
  file_name text NOT NULL,
  licence text NOT NULL,
  source text NOT NULL,
  points integer NOT NULL CHECK (points > 0),
  west double precision NOT NULL CHECK (west BETWEEN -180 AND 180),
  south double precision NOT NULL CHECK (south BETWEEN -90 AND 90),
  east double precision NOT NULL CHECK (east BETWEEN west AND 180),
  north double precision NOT NULL CHECK (north BETWEEN south AND 90),
  first_at timestamptz,
  last_at timestamptz CHECK (last_at >= first_at),
  created_at timestamptz NOT NULL,
  CHECK ((first_at IS NULL) = (last_at IS NULL)),
  UNIQUE NULLS NOT DISTINCT (owner_id, name)
);
COMMENT ON TABLE server.analysis_layer IS 'a set of points that is no part of the ledger; without an owner it came by the command line and is open to all who analyse';
COMMENT ON COLUMN server.analysis_layer.datum IS 'what the file was in; points are kept in WGS 84';

CREATE TABLE server.analysis_point (
  layer_id uuid NOT NULL REFERENCES server.analysis_layer ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  number integer NOT NULL CHECK (number > 0),
  geom geometry(Point, 4326) NOT NULL CHECK (NOT ST_IsEmpty(geom) AND abs(ST_X(geom)) <= 180 AND abs(ST_Y(geom)) <= 90),
  at timestamptz,
  category text CHECK (category <> ''),
  PRIMARY KEY (layer_id, number)
);
COMMENT ON COLUMN server.analysis_point.number IS 'the row of the file, the heading being row 1';

-- A layer is what its file was; another file is another layer.
REVOKE UPDATE ON server.analysis_layer FROM wangge_app;
REVOKE UPDATE, DELETE ON server.analysis_point FROM wangge_app;

CREATE FUNCTION server.count_points() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
  SELECT count(*) INTO found FROM server.analysis_point WHERE layer_id = NEW.layer_id;
  IF found <> NEW.points THEN
    RAISE EXCEPTION 'the analysis layer % has % points, not %', NEW.name, found, NEW.points USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER layer_counts_its_points AFTER INSERT ON server.analysis_layer
  FOR EACH ROW EXECUTE FUNCTION server.count_points();

CREATE FUNCTION server.keep_layers_as_they_are() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM server.analysis_layer WHERE layer_id IN (SELECT layer_id FROM came)) THEN
    RAISE EXCEPTION 'points are stored before their layer; a layer that stands takes no more' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER points_come_before_their_layer AFTER INSERT ON server.analysis_point
  REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION server.keep_layers_as_they_are();
"""

DOWN = r"""
DROP TABLE server.analysis_point;
DROP TABLE server.analysis_layer;
DROP FUNCTION server.keep_layers_as_they_are();
DROP FUNCTION server.count_points();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
