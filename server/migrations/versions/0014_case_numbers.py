"""Case numbers without a gap, given at commit under the same lock as change numbers."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

UP = r"""
CREATE FUNCTION server.number_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  local_year integer := extract(year FROM NEW.recorded_at AT TIME ZONE 'Asia/Shanghai');
  next_seq integer;
  given text;
BEGIN
  IF EXISTS (SELECT FROM server.case_number WHERE case_id = NEW.case_id) THEN
    RETURN NULL;
  END IF;
  PERFORM sync.take_commit_lock();
  SELECT coalesce(max(seq), 0) + 1 INTO next_seq FROM server.case_number WHERE year = local_year;
  SELECT format('%s-%s-%s', adcode, local_year, lpad(next_seq::text, greatest(6, length(next_seq::text)), '0')) INTO STRICT given FROM geo.county;
  INSERT INTO server.case_number (year, seq, case_id, number) VALUES (local_year, next_seq, NEW.case_id, given);
  UPDATE server."case" SET number = given WHERE case_id = NEW.case_id;
  UPDATE sync.entity_state SET body = jsonb_set(body, '{number}', to_jsonb(given))
   WHERE entity = 'case' AND entity_id = NEW.case_id::text;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_numbered_at_commit AFTER INSERT ON server.case_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.command = 'case.file') EXECUTE FUNCTION server.number_case();

CREATE FUNCTION server.check_case_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM server.case_number WHERE year = NEW.year) THEN
    PERFORM server.case_fault('case_numbers_have_no_gap', format('number %s of %s does not follow the last one', NEW.seq, NEW.year));
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_numbers_have_no_gap BEFORE INSERT ON server.case_number
  FOR EACH ROW EXECUTE FUNCTION server.check_case_number();
"""

DOWN = r"""
DROP TRIGGER case_numbers_have_no_gap ON server.case_number;
DROP TRIGGER case_numbered_at_commit ON server.case_entry;
DROP FUNCTION server.check_case_number();
DROP FUNCTION server.number_case();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
