"""The parties of a case, the parts of units in a community, and the departments' own tasks beside a case."""

from alembic import op

revision = "0280"
down_revision = "0270"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE server."case"
  ADD COLUMN offender text CHECK (offender <> '' AND length(offender) <= 100),
  ADD COLUMN urging_unit text REFERENCES server.unit,
  ADD COLUMN investigating_units text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN server."case".offender IS 'who did it, masked: never a full name or number';

CREATE TABLE server.community_unit (
  community_id uuid NOT NULL REFERENCES geo.community,
  part text NOT NULL CHECK (part IN ('developer', 'utility', 'operator', 'lift_maintainer', 'work_unit')),
  unit_code text NOT NULL REFERENCES server.unit,
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to > valid_from),
  PRIMARY KEY (community_id, part, valid_from),
  EXCLUDE USING gist (community_id WITH =, part WITH =, daterange(valid_from, valid_to) WITH &&)
);

CREATE TABLE server.department_task (
  case_id uuid NOT NULL REFERENCES server."case",
  unit_code text NOT NULL REFERENCES server.unit,
  own_duty boolean NOT NULL,
  opened_seq integer NOT NULL,
  opened_at timestamptz NOT NULL,
  copied_seq integer,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'lapsed')),
  ended_seq integer,
  ended_at timestamptz,
  PRIMARY KEY (case_id, unit_code),
  CHECK ((state = 'open') = (ended_at IS NULL) AND (state = 'open') = (ended_seq IS NULL)),
  CHECK (own_duty OR copied_seq IS NOT NULL),
  FOREIGN KEY (case_id, opened_seq) REFERENCES server.case_entry (case_id, seq),
  FOREIGN KEY (case_id, copied_seq) REFERENCES server.case_entry (case_id, seq),
  FOREIGN KEY (case_id, ended_seq) REFERENCES server.case_entry (case_id, seq)
);
CREATE INDEX ON server.department_task (unit_code, state);
COMMENT ON COLUMN server.department_task.own_duty IS 'the department acts by law and waits for no refusal; else it was only told';

-- The tasks follow the history: nobody else writes them.
CREATE FUNCTION server.keep_department_tasks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE facts jsonb := NEW.canonical::jsonb -> 'facts';
BEGIN
  IF NEW.command = 'case.file' THEN
    INSERT INTO server.department_task (case_id, unit_code, own_duty, opened_seq, opened_at)
    SELECT NEW.case_id, code, true, NEW.seq, NEW.recorded_at FROM jsonb_array_elements_text(coalesce(facts -> 'own_duty', '[]')) code
    ON CONFLICT (case_id, unit_code) DO NOTHING;
  ELSIF NEW.command = 'case.copy' THEN
    INSERT INTO server.department_task (case_id, unit_code, own_duty, opened_seq, opened_at, copied_seq)
    SELECT NEW.case_id, code, false, NEW.seq, NEW.recorded_at, NEW.seq FROM jsonb_array_elements_text(coalesce(facts -> 'units', '[]')) code
    ON CONFLICT (case_id, unit_code) DO UPDATE SET copied_seq = excluded.copied_seq
       WHERE department_task.state = 'open' AND department_task.copied_seq IS NULL;
  ELSIF NEW.command = 'case.record_disposition' THEN
    UPDATE server.department_task SET state = 'done', ended_seq = NEW.seq, ended_at = NEW.recorded_at
     WHERE case_id = NEW.case_id AND unit_code = NEW.actor_unit AND state = 'open';
  ELSE
    UPDATE server.department_task SET state = 'lapsed', ended_seq = NEW.seq, ended_at = NEW.recorded_at
     WHERE case_id = NEW.case_id AND state = 'open';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER department_tasks_follow AFTER INSERT ON server.case_entry
  FOR EACH ROW WHEN (NEW.command IN ('case.file', 'case.copy', 'case.record_disposition') OR NEW.to_state = 'voided')
  EXECUTE FUNCTION server.keep_department_tasks();
CREATE FUNCTION server.guard_department_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'open'
     OR (NEW.case_id, NEW.unit_code, NEW.own_duty, NEW.opened_seq, NEW.opened_at)
        IS DISTINCT FROM (OLD.case_id, OLD.unit_code, OLD.own_duty, OLD.opened_seq, OLD.opened_at) THEN
    PERFORM server.case_fault('department_task_ends_once', 'a department''s task ends once and is never rewritten');
  END IF;
  IF NEW.state = 'done' AND NOT EXISTS (SELECT FROM server.case_entry e WHERE (e.case_id, e.seq) = (NEW.case_id, NEW.ended_seq)
       AND e.command = 'case.record_disposition' AND e.actor_unit = NEW.unit_code)
     OR NEW.state = 'lapsed' AND NOT EXISTS (SELECT FROM server.case_entry e WHERE (e.case_id, e.seq) = (NEW.case_id, NEW.ended_seq)
       AND e.to_state = 'voided') THEN
    PERFORM server.case_fault('department_task_ends_by_its_word', 'only the department''s own disposition ends its task');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER department_task_guarded BEFORE UPDATE ON server.department_task
  FOR EACH ROW EXECUTE FUNCTION server.guard_department_task();
CREATE TRIGGER department_task_never_deleted BEFORE DELETE OR TRUNCATE ON server.department_task
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE INSERT, UPDATE, DELETE ON server.department_task FROM wangge_app;

-- A department may act on a case after its end; that does not end the case anew.
CREATE FUNCTION server.keep_end_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.closed_at := OLD.closed_at;
  NEW.ended_at := OLD.ended_at;
  NEW.merged_into := OLD.merged_into;
  RETURN NEW;
END $$;
CREATE TRIGGER case_keeps_its_end BEFORE UPDATE ON server."case"
  FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL AND NEW.state = OLD.state) EXECUTE FUNCTION server.keep_end_of_case();

INSERT INTO server.case_transition (command, from_state, to_state)
  SELECT 'case.copy', state, state FROM unnest(ARRAY['reported', 'verifying', 'filed', 'dispatched', 'in_progress', 'suspended',
    'closeout_requested', 'checking', 'check_passed']) state;
INSERT INTO server.case_transition (command, from_state, to_state) VALUES
  ('case.record_disposition', 'closed', 'closed'), ('case.record_disposition', 'transferred', 'transferred');
ALTER TABLE server.case_entry DROP CONSTRAINT case_entry_check1;
ALTER TABLE server.case_entry ADD CONSTRAINT case_entry_check1 CHECK (actor_id IS NOT NULL OR command IN
  ('case.file', 'case.raise_level', 'case.report', 'case.join', 'case.import', 'case.resume', 'case.copy'));
"""

DOWN = r"""
ALTER TABLE server.case_entry DROP CONSTRAINT case_entry_check1;
-- Histories keep their entries: copies that were made meanwhile stay, no further ones come.
ALTER TABLE server.case_entry ADD CONSTRAINT case_entry_check1 CHECK (actor_id IS NOT NULL OR command IN
  ('case.file', 'case.raise_level', 'case.report', 'case.join', 'case.import', 'case.resume')) NOT VALID;
DELETE FROM server.case_transition WHERE command = 'case.copy' OR command = 'case.record_disposition' AND from_state IN ('closed', 'transferred');
DROP TRIGGER case_keeps_its_end ON server."case";
DROP FUNCTION server.keep_end_of_case();
DROP TRIGGER department_tasks_follow ON server.case_entry;
DROP FUNCTION server.keep_department_tasks();
DROP TABLE server.department_task;
DROP FUNCTION server.guard_department_task();
DROP TABLE server.community_unit;
ALTER TABLE server."case" DROP COLUMN offender, DROP COLUMN urging_unit, DROP COLUMN investigating_units;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
