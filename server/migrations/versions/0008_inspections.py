"""Published checklist versions, inspections with their answers, and the violations found."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.checklist_version (
  version text PRIMARY KEY CHECK (version ~ '^sha256:[0-9a-f]{64}$'),
  code text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9_]{0,31}$'),
  title_zh text NOT NULL,
  title_en text NOT NULL,
  document jsonb NOT NULL,
  published_at timestamptz NOT NULL,
  retired_at timestamptz
);
CREATE UNIQUE INDEX one_current_version_per_checklist ON server.checklist_version (code) WHERE retired_at IS NULL;
CREATE FUNCTION server.keep_published_checklist() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.version, NEW.code, NEW.document) IS NOT DISTINCT FROM (OLD.version, OLD.code, OLD.document) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'checklist version % is published and never changes', OLD.version USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER published_is_immutable BEFORE UPDATE OR DELETE ON server.checklist_version
  FOR EACH ROW EXECUTE FUNCTION server.keep_published_checklist();

CREATE TABLE server.inspection (
  inspection_id uuid PRIMARY KEY,
  checklist_version text NOT NULL REFERENCES server.checklist_version,
  kind text NOT NULL DEFAULT 'patrol',
  community_id uuid NOT NULL REFERENCES geo.community,
  grid_cell_code char(15) REFERENCES geo.grid_cell,
  user_id uuid NOT NULL REFERENCES server."user",
  device_id uuid,
  mid uuid,
  content_sha256 bytea NOT NULL,
  geom geometry(Point, 4326),
  location_sent jsonb,
  accuracy_m double precision,
  started_at timestamptz,
  finished_at timestamptz,
  device_time timestamptz,
  received_at timestamptz NOT NULL,
  answers jsonb NOT NULL,
  warnings jsonb NOT NULL DEFAULT '[]',
  version integer NOT NULL DEFAULT 1
);
CREATE INDEX ON server.inspection (received_at DESC, inspection_id);
CREATE INDEX ON server.inspection (community_id, received_at);

CREATE TABLE server.violation (
  violation_id uuid PRIMARY KEY,
  inspection_id uuid NOT NULL REFERENCES server.inspection,
  item_code text NOT NULL,
  instance integer,
  category text NOT NULL REFERENCES server.category,
  severity char(1) NOT NULL,
  case_id uuid,
  joined boolean NOT NULL DEFAULT false
);
CREATE INDEX ON server.violation (inspection_id);
CREATE INDEX ON server.violation (case_id);

-- One row per answered item; the answers themselves are kept as the tablet sent them.
CREATE VIEW server.answer AS
  SELECT i.inspection_id, i.checklist_version, i.community_id, i.received_at,
         a.key AS item_code, g.ordinality::integer - 1 AS instance, m.key AS member_code,
         coalesce(m.value, a.value) -> 'value' AS value,
         coalesce((coalesce(m.value, a.value) ->> 'na')::boolean, false) AS na,
         coalesce(m.value, a.value) ->> 'not_inspected' AS not_inspected
    FROM server.inspection i
   CROSS JOIN LATERAL jsonb_each(i.answers) a
    LEFT JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(a.value -> 'instances') = 'array'
              THEN a.value -> 'instances' END) WITH ORDINALITY g ON true
    LEFT JOIN LATERAL jsonb_each(g.value) m
           ON jsonb_typeof(m.value) = 'object' AND m.key <> 'location';
"""

DOWN = r"""
DROP VIEW server.answer;
DROP TABLE server.violation;
DROP TABLE server.inspection;
DROP TABLE server.checklist_version;
DROP FUNCTION server.keep_published_checklist();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
