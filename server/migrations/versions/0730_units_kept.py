"""Units that are made, changed and closed: parent, contact, duty; what is open never belongs to a closed unit."""

from alembic import op

revision = "0730"
down_revision = "0720"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE server.unit
  ADD COLUMN parent text REFERENCES server.unit CHECK (parent <> code),
  ADD COLUMN contact text NOT NULL DEFAULT '' CHECK (length(contact) <= 100),
  ADD COLUMN phone text NOT NULL DEFAULT '' CHECK (phone ~ '^[0-9+() -]{0,40}$'),
  ADD COLUMN duty text NOT NULL DEFAULT '' CHECK (length(duty) <= 2000),
  ADD COLUMN closed_on date;
COMMENT ON COLUMN server.unit.closed_on IS 'the first day on which the unit no longer works; it keeps its records';
CREATE INDEX unit_by_parent ON server.unit (parent) WHERE parent IS NOT NULL;
CREATE UNIQUE INDEX unit_one_answers_for_a_division ON server.unit (division_code) WHERE closed_on IS NULL AND division_code IS NOT NULL;
CREATE INDEX user_by_unit ON server."user" (unit_code);

-- What stands in the way of closing a unit: the trigger and the page ask the same function.
CREATE FUNCTION server.open_matters(of_unit text, on_day date) RETURNS TABLE (matter text, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT found.matter, found.n FROM (
    SELECT 'people', count(*) FROM server."user" WHERE unit_code = of_unit AND active
    UNION ALL SELECT 'cases', count(*) FROM server."case" WHERE ended_at IS NULL AND unit_code = of_unit
    UNION ALL SELECT 'cases_led', count(*) FROM server."case"
      WHERE ended_at IS NULL AND of_unit IN (lead_unit, urging_unit) AND unit_code IS DISTINCT FROM of_unit
    UNION ALL SELECT 'tasks', count(*) FROM server.department_task WHERE unit_code = of_unit AND state = 'open'
    UNION ALL SELECT 'orders', count(*) FROM server.hotline_order WHERE unit_code = of_unit AND answered_at IS NULL
    UNION ALL SELECT 'joint_actions', count(DISTINCT a.joint_action_id) FROM server.joint_action a
      LEFT JOIN server.joint_action_participant p ON p.joint_action_id = a.joint_action_id AND p.unit_code = of_unit
      WHERE a.state IN ('proposed', 'accepted') AND (a.subdistrict_unit = of_unit OR p.unit_code IS NOT NULL)
    UNION ALL SELECT 'papers', count(*) FROM server.paper WHERE body = of_unit AND state IN ('draft', 'reviewed', 'countersigned')
    UNION ALL SELECT 'charging_works', count(*) FROM server.charging_work w JOIN server.charging_work_state s USING (state)
      WHERE w.responsible = of_unit AND NOT s.ended
    UNION ALL SELECT 'contracts', count(*) FROM server.service_contract WHERE unit_code = of_unit AND (ends_on IS NULL OR ends_on > on_day)
    UNION ALL SELECT 'parts', count(*) FROM server.community_unit WHERE unit_code = of_unit AND (valid_to IS NULL OR valid_to > on_day)
    UNION ALL SELECT 'rules', count(*) FROM server.category_rule
      WHERE (valid_to IS NULL OR valid_to > on_day) AND (lead = of_unit OR of_unit = ANY(departments))
    UNION ALL SELECT 'division', count(*) FROM server.unit WHERE code = of_unit AND division_code IS NOT NULL
    UNION ALL SELECT 'units', count(*) FROM server.unit WHERE parent = of_unit AND closed_on IS NULL
  ) found (matter, n) WHERE found.n > 0
$$;

-- A unit that is being closed is locked against whoever is about to give it something to do, and the other way round.
CREATE FUNCTION server.must_be_open(of_unit text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM server.unit WHERE code = of_unit AND closed_on IS NULL FOR KEY SHARE;
  IF NOT FOUND AND EXISTS (SELECT FROM server.unit WHERE code = of_unit) THEN
    PERFORM server.case_fault('unit_is_open', format('unit %s is closed', of_unit));
  END IF;
END $$;
CREATE FUNCTION server.guard_unit_closing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE left_open text;
BEGIN
  PERFORM FROM server.unit WHERE code = NEW.code FOR UPDATE;
  SELECT string_agg(n || ' ' || matter, ', ') INTO left_open FROM server.open_matters(NEW.code, NEW.closed_on);
  IF left_open IS NOT NULL THEN
    PERFORM server.case_fault('unit_leaves_nothing_open', format('unit %s still has %s', NEW.code, left_open));
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER unit_closes_empty BEFORE UPDATE ON server.unit
  FOR EACH ROW WHEN (NEW.closed_on IS NOT NULL AND NEW.closed_on IS DISTINCT FROM OLD.closed_on) EXECUTE FUNCTION server.guard_unit_closing();
CREATE FUNCTION server.guard_parent_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM server.must_be_open(NEW.parent);
  IF EXISTS (WITH RECURSIVE above AS (
      SELECT code, parent FROM server.unit WHERE code = NEW.parent
      UNION SELECT u.code, u.parent FROM server.unit u JOIN above ON u.code = above.parent
    ) SELECT FROM above WHERE code = NEW.code) THEN
    PERFORM server.case_fault('unit_stands_under_no_child', 'a unit cannot stand under one that stands under it');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER unit_parent_is_open BEFORE INSERT OR UPDATE OF parent, closed_on ON server.unit
  FOR EACH ROW WHEN (NEW.parent IS NOT NULL AND NEW.closed_on IS NULL) EXECUTE FUNCTION server.guard_parent_is_open();
CREATE FUNCTION server.guard_unit_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM server.must_be_open(NEW.unit_code);
  RETURN NEW;
END $$;
CREATE TRIGGER user_of_an_open_unit BEFORE INSERT OR UPDATE OF unit_code, active ON server."user"
  FOR EACH ROW WHEN (NEW.active) EXECUTE FUNCTION server.guard_unit_is_open();
CREATE TRIGGER case_begins_at_an_open_unit BEFORE INSERT ON server."case"
  FOR EACH ROW WHEN (NEW.ended_at IS NULL AND NEW.unit_code IS NOT NULL) EXECUTE FUNCTION server.guard_unit_is_open();
CREATE TRIGGER case_goes_to_an_open_unit BEFORE UPDATE ON server."case"
  FOR EACH ROW WHEN (NEW.ended_at IS NULL AND NEW.unit_code IS NOT NULL AND (NEW.unit_code IS DISTINCT FROM OLD.unit_code OR OLD.ended_at IS NOT NULL))
  EXECUTE FUNCTION server.guard_unit_is_open();
CREATE TRIGGER contract_of_an_open_unit BEFORE INSERT OR UPDATE OF unit_code, ends_on ON server.service_contract
  FOR EACH ROW WHEN (NEW.ends_on IS NULL) EXECUTE FUNCTION server.guard_unit_is_open();
CREATE TRIGGER part_of_an_open_unit BEFORE INSERT OR UPDATE OF unit_code, valid_to ON server.community_unit
  FOR EACH ROW WHEN (NEW.valid_to IS NULL) EXECUTE FUNCTION server.guard_unit_is_open();
CREATE TRIGGER order_of_an_open_unit BEFORE INSERT OR UPDATE OF unit_code ON server.hotline_order
  FOR EACH ROW WHEN (NEW.answered_at IS NULL) EXECUTE FUNCTION server.guard_unit_is_open();
"""

DOWN = r"""
DROP TRIGGER order_of_an_open_unit ON server.hotline_order;
DROP TRIGGER part_of_an_open_unit ON server.community_unit;
DROP TRIGGER contract_of_an_open_unit ON server.service_contract;
DROP TRIGGER case_goes_to_an_open_unit ON server."case";
DROP TRIGGER case_begins_at_an_open_unit ON server."case";
DROP TRIGGER user_of_an_open_unit ON server."user";
DROP TRIGGER unit_parent_is_open ON server.unit;
DROP TRIGGER unit_closes_empty ON server.unit;
DROP FUNCTION server.guard_unit_is_open();
DROP FUNCTION server.guard_parent_is_open();
DROP FUNCTION server.guard_unit_closing();
DROP FUNCTION server.must_be_open(text);
DROP FUNCTION server.open_matters(text, date);
DROP INDEX server.user_by_unit;
ALTER TABLE server.unit DROP COLUMN parent, DROP COLUMN contact, DROP COLUMN phone, DROP COLUMN duty, DROP COLUMN closed_on;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
