"""Cases, their hash-chained history, the permitted transitions and the table of numbers."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server."case" (
  case_id uuid PRIMARY KEY,
  number text UNIQUE CHECK (number ~ '^[0-9]{6}-[0-9]{4}-[0-9]{6,}$'),
  state text NOT NULL DEFAULT 'reported',
  version integer NOT NULL DEFAULT 0,
  head_seq integer NOT NULL DEFAULT 0,
  head_hash bytea,
  level integer NOT NULL DEFAULT 0 CHECK (level BETWEEN 0 AND 5),
  category text NOT NULL REFERENCES server.category,
  severity char(1) NOT NULL CHECK (severity IN ('A', 'B', 'C')),
  measure integer NOT NULL REFERENCES server.measure,
  source text NOT NULL CHECK (source IN ('checklist', 'report', 'resident', 'hotline', 'spot_check', 'self')),
  origin text NOT NULL DEFAULT 'live' CHECK (origin IN ('live', 'imported')),
  community_id uuid NOT NULL REFERENCES geo.community,
  grid_cell_code char(15) REFERENCES geo.grid_cell,
  geom geometry(Point, 4326),
  location_sent jsonb,
  accuracy_m double precision,
  asset text,
  description text NOT NULL DEFAULT '',
  photo_required boolean NOT NULL DEFAULT true,
  inspection_id uuid REFERENCES server.inspection,
  reported_by uuid REFERENCES server."user",
  reported_at timestamptz NOT NULL,
  filed_at timestamptz,
  limit_amount integer,
  limit_unit text,
  first_due_at timestamptz,
  due_at timestamptz,
  yellow_at timestamptz,
  lead_unit text REFERENCES server.unit,
  unit_code text REFERENCES server.unit,
  demand text,
  dispatched_at timestamptz,
  accepted_at timestamptz,
  claimed_at timestamptz,
  checker_id uuid REFERENCES server."user",
  checked_at timestamptz,
  closed_at timestamptz,
  rework_count integer NOT NULL DEFAULT 0,
  refused_count integer NOT NULL DEFAULT 0,
  CHECK (due_at >= filed_at),
  CHECK (first_due_at >= filed_at),
  CHECK ((number IS NULL) OR (filed_at IS NOT NULL)),
  CHECK ((due_at IS NULL) = (yellow_at IS NULL)),
  CHECK (yellow_at <= due_at),
  CONSTRAINT closed_has_its_moment CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX case_newest_first ON server."case" (reported_at DESC, case_id DESC);
CREATE INDEX ON server."case" (state, reported_at DESC);
CREATE INDEX ON server."case" (community_id, category);
CREATE INDEX ON server."case" (grid_cell_code);
CREATE INDEX ON server."case" (unit_code, reported_at DESC);
CREATE INDEX ON server."case" (checker_id) WHERE checker_id IS NOT NULL;
CREATE INDEX ON server."case" (inspection_id);
CREATE INDEX ON server."case" USING gist (geom);
CREATE INDEX ON server."case" USING gin (description gin_trgm_ops);
CREATE INDEX case_open_by_due ON server."case" (due_at) WHERE closed_at IS NULL AND due_at IS NOT NULL;
ALTER TABLE server.violation ADD FOREIGN KEY (case_id) REFERENCES server."case";

CREATE TABLE server.case_transition (
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  PRIMARY KEY (command, from_state, to_state)
);
INSERT INTO server.case_transition (command, from_state, to_state) VALUES
  ('case.report', '', 'reported'),
  ('case.file', 'reported', 'filed'),
  ('case.dispatch', 'filed', 'dispatched'),
  ('case.accept', 'dispatched', 'in_progress'),
  ('case.claim_fixed', 'in_progress', 'closeout_requested'),
  ('case.assign_check', 'closeout_requested', 'checking'),
  ('case.check', 'checking', 'check_passed'),
  ('case.check', 'checking', 'in_progress'),
  ('case.close', 'check_passed', 'closed');
INSERT INTO server.case_transition (command, from_state, to_state)
  SELECT command, state, state
    FROM unnest(ARRAY['case.note', 'case.record_refusal', 'case.join', 'case.raise_level', 'case.attach_photos']) command,
         unnest(ARRAY['reported', 'filed', 'dispatched', 'in_progress', 'closeout_requested', 'checking', 'check_passed']) state;

CREATE TABLE server.case_entry (
  case_id uuid NOT NULL REFERENCES server."case",
  seq integer NOT NULL CHECK (seq >= 1),
  version integer NOT NULL CHECK (version >= 1),
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  level integer NOT NULL,
  actor_id uuid,
  actor_unit text,
  recorded_at timestamptz NOT NULL,
  prev_hash bytea,
  canonical text NOT NULL,
  entry_hash bytea NOT NULL,
  PRIMARY KEY (case_id, seq),
  CHECK ((actor_id IS NULL) = (actor_unit IS NULL)),
  CHECK (actor_id IS NOT NULL OR command IN ('case.file', 'case.raise_level', 'case.report', 'case.join')),
  CHECK (entry_hash = sha256(convert_to(canonical, 'UTF8')))
);
CREATE INDEX ON server.case_entry (actor_id);
-- What names people stands here, deletable; the hashed entry holds its salted digest only.
CREATE TABLE server.case_entry_private (
  case_id uuid NOT NULL,
  seq integer NOT NULL,
  salt bytea NOT NULL CHECK (length(salt) >= 16),
  words jsonb NOT NULL,
  PRIMARY KEY (case_id, seq),
  FOREIGN KEY (case_id, seq) REFERENCES server.case_entry
);
CREATE TABLE server.case_number (
  year integer NOT NULL,
  seq integer NOT NULL CHECK (seq >= 1),
  case_id uuid NOT NULL UNIQUE REFERENCES server."case",
  number text NOT NULL UNIQUE,
  PRIMARY KEY (year, seq)
);
"""

DOWN = r"""
DROP TABLE server.case_number;
DROP TABLE server.case_entry_private;
DROP TABLE server.case_entry;
DROP TABLE server.case_transition;
ALTER TABLE server.violation DROP CONSTRAINT violation_case_id_fkey;
DROP TABLE server."case";
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
