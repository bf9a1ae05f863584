"""The ledger's own numbers as rows with validity: how near a check, how many extensions, when levels rise."""

from alembic import op

revision = "0250"
down_revision = "0240"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.ledger_rule (
  name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]*$'),
  valid_from date NOT NULL,
  valid_to date,
  value numeric NOT NULL CHECK (value >= 0 AND value < 1000000),
  unit text NOT NULL,
  source text NOT NULL CHECK (source <> ''),
  PRIMARY KEY (name, valid_from),
  CHECK (valid_to > valid_from),
  CHECK (name <> 'level_1_share' OR value > 0 AND value < 1),
  CHECK (name <> 'level_3_limit_factor' OR value > 1 AND value <= 100),
  CHECK (unit NOT IN ('times', 'days', 'work days') OR value = trunc(value)),
  EXCLUDE USING gist (name WITH =, daterange(valid_from, valid_to) WITH &&)
);
COMMENT ON COLUMN server.ledger_rule.valid_to IS 'the first day on which the value no longer holds';
CREATE FUNCTION server.guard_ledger_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.valid_to IS NOT NULL
     OR (NEW.name, NEW.valid_from, NEW.value, NEW.unit, NEW.source) IS DISTINCT FROM (OLD.name, OLD.valid_from, OLD.value, OLD.unit, OLD.source) THEN
    PERFORM server.case_fault('ledger_rule_is_ended_once', 'a value is ended once and never rewritten');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_rule_guarded BEFORE UPDATE ON server.ledger_rule
  FOR EACH ROW EXECUTE FUNCTION server.guard_ledger_rule();
CREATE TRIGGER ledger_rule_never_deleted BEFORE DELETE OR TRUNCATE ON server.ledger_rule
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE DELETE ON server.ledger_rule FROM wangge_app;
INSERT INTO server.ledger_rule (name, valid_from, value, unit, source) VALUES
  ('check_within_m', '2019-06-01', 30, 'm', '产品默认值'),
  ('extensions_at_most', '2019-06-01', 2, 'times', '产品默认值'),
  ('rebound_within_days', '2019-06-01', 180, 'days', '产品默认值'),
  ('level_1_share', '2019-06-01', 0.8, 'share of the limit', '产品默认值'),
  ('level_3_limit_factor', '2019-06-01', 2, 'limits', '产品默认值'),
  ('level_5_red_work_days', '2019-06-01', 2, 'work days', '产品默认值');
"""

DOWN = r"""
DROP TABLE server.ledger_rule;
DROP FUNCTION server.guard_ledger_rule();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
