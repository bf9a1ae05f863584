"""What siting reckons with and what its works keep to can be withdrawn before its day; what held is never rewritten."""

from alembic import op

revision = "0840"
down_revision = "0830"
branch_labels = None
depends_on = None

UP = r"""
DO $$
DECLARE kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['siting_rule', 'siting_price', 'siting_rate', 'transformer_spare'] LOOP
    EXECUTE format('DROP TRIGGER %1$s_is_kept ON server.%1$s', kept);
    EXECUTE format('CREATE TRIGGER %1$s_guarded BEFORE UPDATE OR DELETE ON server.%1$s FOR EACH ROW EXECUTE FUNCTION server.guard_rule_row()', kept);
    EXECUTE format('CREATE TRIGGER %1$s_never_emptied BEFORE TRUNCATE ON server.%1$s FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change()', kept);
    EXECUTE format('GRANT DELETE ON server.%s TO wangge_app', kept);
  END LOOP;
END $$;
CREATE FUNCTION server.keep_charging_work_limit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.valid_from > (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
    RETURN OLD;
  END IF;
  PERFORM server.case_fault('charging_work_limit_stays', 'a limit is never rewritten, and none that has held is deleted');
  RETURN NULL;
END $$;
DROP TRIGGER charging_work_limit_append_only ON server.charging_work_limit;
CREATE TRIGGER charging_work_limit_guarded BEFORE UPDATE OR DELETE ON server.charging_work_limit
  FOR EACH ROW EXECUTE FUNCTION server.keep_charging_work_limit();
CREATE TRIGGER charging_work_limit_never_emptied BEFORE TRUNCATE ON server.charging_work_limit
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
GRANT DELETE ON server.charging_work_limit TO wangge_app;
"""

DOWN = r"""
REVOKE DELETE ON server.charging_work_limit FROM wangge_app;
DROP TRIGGER charging_work_limit_never_emptied ON server.charging_work_limit;
DROP TRIGGER charging_work_limit_guarded ON server.charging_work_limit;
DROP FUNCTION server.keep_charging_work_limit();
CREATE TRIGGER charging_work_limit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.charging_work_limit
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
DO $$
DECLARE kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['siting_rule', 'siting_price', 'siting_rate', 'transformer_spare'] LOOP
    EXECUTE format('REVOKE DELETE ON server.%s FROM wangge_app', kept);
    EXECUTE format('DROP TRIGGER %1$s_never_emptied ON server.%1$s', kept);
    EXECUTE format('DROP TRIGGER %1$s_guarded ON server.%1$s', kept);
    EXECUTE format('CREATE TRIGGER %1$s_is_kept BEFORE UPDATE ON server.%1$s FOR EACH ROW EXECUTE FUNCTION server.keep_siting_row()', kept);
  END LOOP;
END $$;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
