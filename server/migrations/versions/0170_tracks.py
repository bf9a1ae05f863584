"""Patrol tracks: points that happened, in any order of arrival; the line and its length follow from them."""

from alembic import op

revision = "0170"
down_revision = "0160"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.track (
  track_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES server."user",
  device_id uuid,
  begun_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL CHECK (ended_at >= begun_at),
  point_count integer NOT NULL CHECK (point_count >= 1),
  length_m double precision NOT NULL CHECK (length_m >= 0),
  geom geometry(LineString, 4326),
  received_at timestamptz NOT NULL,
  CHECK ((point_count = 1) = (geom IS NULL))
);
CREATE INDEX track_newest_first ON server.track (begun_at DESC, track_id DESC);
CREATE INDEX ON server.track (user_id, begun_at DESC);
CREATE INDEX ON server.track USING gist (geom);
CREATE TABLE server.track_point (
  track_id uuid NOT NULL REFERENCES server.track,
  at timestamptz NOT NULL,
  lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
  lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
  accuracy_m double precision CHECK (accuracy_m >= 0),
  PRIMARY KEY (track_id, at, lon, lat)
);
CREATE FUNCTION server.refuse_other_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'points of a track happened: they are never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER track_point_never_changed BEFORE UPDATE ON server.track_point
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_other_points();
REVOKE UPDATE ON server.track_point FROM wangge_app;
"""

DOWN = r"""
DROP TABLE server.track_point;
DROP TABLE server.track;
DROP FUNCTION server.refuse_other_points();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
