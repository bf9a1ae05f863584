"""The programme's measures, the category rules and the work calendar: the county's own facts as rows."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.programme (
  code text PRIMARY KEY,
  doc_no text NOT NULL,
  title_zh text NOT NULL,
  issued_on date NOT NULL,
  adcode char(6) NOT NULL REFERENCES geo.county,
  document jsonb NOT NULL
);
CREATE TABLE server.measure (
  measure integer PRIMARY KEY CHECK (measure BETWEEN 1 AND 999),
  programme_code text NOT NULL REFERENCES server.programme,
  title_zh text NOT NULL,
  title_en text NOT NULL,
  kind text NOT NULL,
  window_from date,
  window_to date,
  lead_units text[] NOT NULL,
  responsible_units text[] NOT NULL,
  duties text[] NOT NULL
);
CREATE TABLE server.category (
  category text PRIMARY KEY CHECK (category ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
CREATE TABLE server.category_rule (
  category text NOT NULL REFERENCES server.category,
  severity char(1) NOT NULL CHECK (severity IN ('A', 'B', 'C')),
  valid_from date NOT NULL,
  valid_to date,
  measures integer[] NOT NULL CHECK (cardinality(measures) > 0),
  first_actor text NOT NULL,
  lead text NOT NULL DEFAULT 'subdistrict',
  departments text[] NOT NULL DEFAULT '{}',
  own_duty boolean NOT NULL DEFAULT false,
  limit_amount integer NOT NULL CHECK (limit_amount > 0),
  limit_unit text NOT NULL CHECK (limit_unit IN ('uh', 'wh', 'wd', 'cd')),
  set_by_dispatcher boolean NOT NULL DEFAULT false,
  milestone text CHECK (milestone IN ('make_safe', 'on_scene')),
  radius_m integer CHECK (radius_m > 0),
  radius_scope text NOT NULL DEFAULT 'distance' CHECK (radius_scope IN ('distance', 'community', 'lift', 'entrance', 'complaint')),
  auto_file boolean NOT NULL DEFAULT true,
  photo_required boolean NOT NULL DEFAULT true,
  source text NOT NULL,
  PRIMARY KEY (category, severity, valid_from),
  CHECK ((radius_scope = 'distance') = (radius_m IS NOT NULL)),
  EXCLUDE USING gist (category WITH =, severity WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE TABLE server.calendar_day (
  day date PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('holiday', 'work')),
  name text NOT NULL,
  provisional boolean NOT NULL DEFAULT false,
  source text NOT NULL
);
COMMENT ON COLUMN server.category_rule.limit_unit IS 'urgent hours, work hours, work days, calendar days';
COMMENT ON COLUMN server.category_rule.lead IS 'the unit that leads, or subdistrict for the one where the problem lies';
COMMENT ON TABLE server.calendar_day IS 'only days that differ from Monday-to-Friday: holidays and make-up working days';
"""

DOWN = r"""
DROP TABLE server.calendar_day;
DROP TABLE server.category_rule;
DROP TABLE server.category;
DROP TABLE server.measure;
DROP TABLE server.programme;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
