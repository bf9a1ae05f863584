"""A department's task beside a case has a deadline of its own; tasks from before have none."""

from alembic import op

revision = "0420"
down_revision = "0410"
branch_labels = None
depends_on = None

FOLLOW = r"""
CREATE OR REPLACE FUNCTION server.keep_department_tasks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE facts jsonb := NEW.canonical::jsonb -> 'facts';
BEGIN
  IF NEW.command = 'case.file' THEN
    INSERT INTO server.department_task (case_id, unit_code, own_duty, opened_seq, opened_at%(column)s)
    SELECT NEW.case_id, code, true, NEW.seq, NEW.recorded_at%(value)s FROM jsonb_array_elements_text(coalesce(facts -> 'own_duty', '[]')) code
    ON CONFLICT (case_id, unit_code) DO NOTHING;
  ELSIF NEW.command = 'case.copy' THEN
    INSERT INTO server.department_task (case_id, unit_code, own_duty, opened_seq, opened_at, copied_seq%(column)s)
    SELECT NEW.case_id, code, false, NEW.seq, NEW.recorded_at, NEW.seq%(value)s FROM jsonb_array_elements_text(coalesce(facts -> 'units', '[]')) code
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
"""
WITH_DEADLINE = {"column": ", due_at", "value": ", (facts ->> 'departments_due_at')::timestamptz"}
WITHOUT = {"column": "", "value": ""}

UP = r"""
ALTER TABLE server.department_task ADD COLUMN due_at timestamptz CHECK (due_at >= opened_at);
COMMENT ON COLUMN server.department_task.due_at IS 'by when the department acts, as its entry said; null for tasks from before there were deadlines';
CREATE FUNCTION server.keep_deadline_of_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM server.case_fault('department_task_keeps_its_deadline', 'a department''s task keeps the deadline that its entry set');
  RETURN NULL;
END $$;
CREATE TRIGGER department_task_keeps_its_deadline BEFORE UPDATE ON server.department_task
  FOR EACH ROW WHEN (NEW.due_at IS DISTINCT FROM OLD.due_at) EXECUTE FUNCTION server.keep_deadline_of_task();
INSERT INTO server.ledger_rule (name, valid_from, value, unit, source) VALUES
  ('department_task_work_days', '2019-06-01', 10, 'work days', '产品默认值');
"""

DOWN = r"""
ALTER TABLE server.ledger_rule DISABLE TRIGGER ledger_rule_never_deleted;
DELETE FROM server.ledger_rule WHERE name = 'department_task_work_days';
ALTER TABLE server.ledger_rule ENABLE TRIGGER ledger_rule_never_deleted;
DROP TRIGGER department_task_keeps_its_deadline ON server.department_task;
DROP FUNCTION server.keep_deadline_of_task();
ALTER TABLE server.department_task DROP COLUMN due_at;
"""


def upgrade() -> None:
    op.execute(UP)
    op.execute(FOLLOW % WITH_DEADLINE)


def downgrade() -> None:
    op.execute(FOLLOW % WITHOUT)
    op.execute(DOWN)
