"""Rules of the ledger that were decided for a later day can be withdrawn; what held is never rewritten, in every table of them."""

from alembic import op

revision = "0810"
down_revision = "0800"
branch_labels = None
depends_on = None

UP = r"""
CREATE FUNCTION server.guard_rule_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.valid_from <= today THEN
      PERFORM server.case_fault(TG_TABLE_NAME || '_that_held_stays', 'a rule that has held is never deleted');
    END IF;
    RETURN OLD;
  END IF;
  IF to_jsonb(NEW) - 'valid_to' IS DISTINCT FROM to_jsonb(OLD) - 'valid_to'
     OR (OLD.valid_to IS NOT NULL AND NOT (NEW.valid_to IS NULL AND OLD.valid_to > today)) THEN
    PERFORM server.case_fault(TG_TABLE_NAME || '_is_ended_once', 'a rule is ended once and never rewritten');
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER ledger_rule_guarded ON server.ledger_rule;
DROP FUNCTION server.guard_ledger_rule();
DROP TRIGGER ledger_rule_never_deleted ON server.ledger_rule;
GRANT DELETE ON server.ledger_rule TO wangge_app;
CREATE TRIGGER ledger_rule_guarded BEFORE UPDATE OR DELETE ON server.ledger_rule FOR EACH ROW EXECUTE FUNCTION server.guard_rule_row();
CREATE TRIGGER link_limit_guarded BEFORE UPDATE OR DELETE ON server.link_limit FOR EACH ROW EXECUTE FUNCTION server.guard_rule_row();
CREATE TRIGGER category_rule_guarded BEFORE UPDATE OR DELETE ON server.category_rule FOR EACH ROW EXECUTE FUNCTION server.guard_rule_row();
CREATE TRIGGER ledger_rule_never_emptied BEFORE TRUNCATE ON server.ledger_rule FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER link_limit_never_emptied BEFORE TRUNCATE ON server.link_limit FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER category_rule_never_emptied BEFORE TRUNCATE ON server.category_rule FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
"""

DOWN = r"""
DROP TRIGGER category_rule_never_emptied ON server.category_rule;
DROP TRIGGER link_limit_never_emptied ON server.link_limit;
DROP TRIGGER ledger_rule_never_emptied ON server.ledger_rule;
DROP TRIGGER category_rule_guarded ON server.category_rule;
DROP TRIGGER link_limit_guarded ON server.link_limit;
DROP TRIGGER ledger_rule_guarded ON server.ledger_rule;
DROP FUNCTION server.guard_rule_row();
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
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
