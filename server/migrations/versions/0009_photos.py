"""Photos by digest, who claims them as evidence, and uploads that resume part by part."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.photo (
  sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
  state text NOT NULL DEFAULT 'expected' CHECK (state IN ('expected', 'stored', 'refused')),
  first_seen_at timestamptz NOT NULL,
  stored_at timestamptz,
  size bigint CHECK (size > 0),
  content_type text,
  refused_because text,
  width integer,
  height integer,
  orientation integer CHECK (orientation BETWEEN 1 AND 8),
  taken_at timestamptz,
  geom geometry(Point, 4326),
  exif jsonb,
  derived_at timestamptz,
  derive_attempts integer NOT NULL DEFAULT 0,
  CHECK ((state = 'stored') <= (stored_at IS NOT NULL AND size IS NOT NULL AND content_type IS NOT NULL))
);
CREATE INDEX photo_to_derive ON server.photo (stored_at) WHERE state = 'stored' AND derived_at IS NULL;

CREATE TABLE server.photo_claim (
  entity text NOT NULL,
  entity_id uuid NOT NULL,
  sha256 bytea NOT NULL REFERENCES server.photo,
  role text NOT NULL CHECK (role IN ('before', 'after', 'check', 'panorama', 'document', 'other')),
  entry_seq integer NOT NULL DEFAULT 0,
  context text NOT NULL DEFAULT '',
  taken_at timestamptz,
  claimed_by uuid,
  claimed_at timestamptz NOT NULL,
  PRIMARY KEY (entity, entity_id, sha256, role, entry_seq)
);
CREATE INDEX ON server.photo_claim (sha256);

CREATE TABLE server.upload (
  upload_id uuid PRIMARY KEY,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  size bigint NOT NULL CHECK (size > 0),
  content_type text NOT NULL,
  user_id uuid NOT NULL,
  device_id uuid,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  fence integer NOT NULL DEFAULT 0,
  finished_at timestamptz,
  ended_because text
);
CREATE INDEX upload_open ON server.upload (sha256, user_id) WHERE finished_at IS NULL;
CREATE TABLE server.upload_part (
  upload_id uuid NOT NULL REFERENCES server.upload ON DELETE CASCADE,
  fence integer NOT NULL,
  starts_at_byte bigint NOT NULL CHECK (starts_at_byte >= 0),
  length bigint CHECK (length >= 0),
  PRIMARY KEY (upload_id, fence)
);
COMMENT ON COLUMN server.upload_part.length IS 'null while the request that writes it is still at work';

CREATE FUNCTION server.keep_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state = 'stored' AND EXISTS (SELECT FROM server.photo_claim c WHERE c.sha256 = OLD.sha256) THEN
      RAISE EXCEPTION 'photo % is evidence', encode(OLD.sha256, 'hex') USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF NEW.sha256 <> OLD.sha256 OR NEW.first_seen_at <> OLD.first_seen_at
     OR (OLD.state = 'stored' AND (NEW.state <> 'stored' OR NEW.size <> OLD.size)) THEN
    RAISE EXCEPTION 'photo % is evidence and never replaced', encode(OLD.sha256, 'hex') USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER photo_is_evidence BEFORE UPDATE OR DELETE ON server.photo
  FOR EACH ROW EXECUTE FUNCTION server.keep_evidence();
"""

DOWN = r"""
DROP TABLE server.upload_part;
DROP TABLE server.upload;
DROP TABLE server.photo_claim;
DROP TABLE server.photo;
DROP FUNCTION server.keep_evidence();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
