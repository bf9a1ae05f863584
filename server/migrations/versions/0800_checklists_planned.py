"""Versions of checklists that are to hold from a later day."""

from alembic import op

revision = "0800"
down_revision = "0790"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.checklist_plan (
  plan_id uuid PRIMARY KEY,
  code text NOT NULL,
  version text NOT NULL,
  document jsonb NOT NULL,
  starts_on date NOT NULL,
  made_by uuid NOT NULL REFERENCES server."user",
  made_at timestamptz NOT NULL,
  outcome text CHECK (outcome IN ('published', 'withdrawn', 'faulty')),
  ended_at timestamptz,
  ended_by uuid REFERENCES server."user",
  CHECK (document ->> 'code' = code),
  CHECK ((outcome IS NULL) = (ended_at IS NULL)),
  CHECK (outcome IS DISTINCT FROM 'withdrawn' OR ended_by IS NOT NULL)
);
COMMENT ON COLUMN server.checklist_plan.outcome IS 'faulty: the categories it names had no rule any more when its day came';
CREATE UNIQUE INDEX checklist_plan_one_a_day ON server.checklist_plan (code, starts_on) WHERE outcome IS NULL;
CREATE INDEX checklist_plan_due ON server.checklist_plan (starts_on) WHERE outcome IS NULL;
CREATE FUNCTION server.guard_checklist_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.outcome IS NOT NULL OR NEW.outcome IS NULL
     OR to_jsonb(NEW) - ARRAY['outcome', 'ended_at', 'ended_by'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['outcome', 'ended_at', 'ended_by'] THEN
    PERFORM server.case_fault('checklist_plan_ends_once', 'a planned version ends once and is never rewritten');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER checklist_plan_guarded BEFORE UPDATE ON server.checklist_plan
  FOR EACH ROW EXECUTE FUNCTION server.guard_checklist_plan();
REVOKE DELETE ON server.checklist_plan FROM wangge_app;
"""

DOWN = r"""
DROP TABLE server.checklist_plan;
DROP FUNCTION server.guard_checklist_plan();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
