"""Limits of each link a case goes through, as rows with validity; treating has the deadline of the case itself."""

from alembic import op

revision = "0350"
down_revision = "0340"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.link_limit (
  link text NOT NULL CHECK (link IN ('verify', 'file', 'dispatch', 'accept', 'check')),
  severity char(1) NOT NULL CHECK (severity IN ('A', 'B', 'C')),
  valid_from date NOT NULL,
  valid_to date,
  amount integer NOT NULL CHECK (amount BETWEEN 1 AND 10000),
  unit text NOT NULL CHECK (unit IN ('uh', 'wh', 'wd', 'cd')),
  source text NOT NULL CHECK (source <> ''),
  PRIMARY KEY (link, severity, valid_from),
  CHECK (valid_to > valid_from),
  EXCLUDE USING gist (link WITH =, severity WITH =, daterange(valid_from, valid_to) WITH &&)
);
COMMENT ON COLUMN server.link_limit.unit IS 'urgent hours, work hours, work days, calendar days';
COMMENT ON COLUMN server.link_limit.valid_to IS 'the first day on which the limit no longer holds';
INSERT INTO server.link_limit (link, severity, valid_from, amount, unit, source) VALUES
  ('verify', 'A', '2019-06-01', 2, 'uh', '产品默认值'),
  ('verify', 'B', '2019-06-01', 4, 'wh', '产品默认值'),
  ('verify', 'C', '2019-06-01', 1, 'wd', '产品默认值'),
  ('file', 'A', '2019-06-01', 1, 'uh', '产品默认值'),
  ('file', 'B', '2019-06-01', 2, 'wh', '产品默认值'),
  ('file', 'C', '2019-06-01', 4, 'wh', '产品默认值'),
  ('dispatch', 'A', '2019-06-01', 1, 'uh', '产品默认值'),
  ('dispatch', 'B', '2019-06-01', 2, 'wh', '产品默认值'),
  ('dispatch', 'C', '2019-06-01', 4, 'wh', '产品默认值'),
  ('accept', 'A', '2019-06-01', 1, 'uh', '产品默认值'),
  ('accept', 'B', '2019-06-01', 4, 'wh', '产品默认值'),
  ('accept', 'C', '2019-06-01', 1, 'wd', '产品默认值'),
  ('check', 'A', '2019-06-01', 4, 'uh', '产品默认值'),
  ('check', 'B', '2019-06-01', 1, 'wd', '产品默认值'),
  ('check', 'C', '2019-06-01', 2, 'wd', '产品默认值');
"""

DOWN = r"""
DROP TABLE server.link_limit;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
