"""Siting plans: a problem that somebody asked to be solved, how far it is, and the plan, frozen once it is there."""

from alembic import op

revision = "0550"
down_revision = "0540"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.siting_plan (
  plan_id uuid PRIMARY KEY,
  name text NOT NULL CHECK (btrim(name) <> '' AND length(name) <= 100),
  based_on uuid REFERENCES server.siting_plan,
  problem jsonb NOT NULL CHECK (jsonb_typeof(problem) = 'object'),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'solving', 'solved', 'cancelled', 'impossible', 'failed')),
  value double precision,
  bound double precision,
  stop_asked boolean NOT NULL DEFAULT false,
  plan jsonb CHECK (jsonb_typeof(plan) = 'object'),
  because jsonb CHECK (jsonb_typeof(because) = 'object'),
  asked_by uuid NOT NULL REFERENCES server."user",
  asked_at timestamptz NOT NULL,
  begun_at timestamptz,
  finished_at timestamptz,
  CHECK ((state IN ('waiting', 'solving')) = (finished_at IS NULL)),
  CHECK (state <> 'solved' OR plan IS NOT NULL),
  CHECK (state NOT IN ('waiting', 'solving', 'impossible', 'failed') OR plan IS NULL),
  CHECK ((state IN ('impossible', 'failed')) = (because IS NOT NULL)),
  CHECK (state <> 'solving' OR begun_at IS NOT NULL)
);
COMMENT ON COLUMN server.siting_plan.value IS 'of the best choice so far';
CREATE INDEX ON server.siting_plan (asked_at DESC, plan_id DESC);
CREATE INDEX ON server.siting_plan (asked_at) WHERE finished_at IS NULL;
REVOKE DELETE ON server.siting_plan FROM wangge_app;

CREATE FUNCTION server.keep_siting_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.finished_at IS NOT NULL THEN
    RAISE EXCEPTION 'the siting plan % is finished and stays as it is', OLD.plan_id USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.plan_id, NEW.name, NEW.problem, NEW.asked_by, NEW.asked_at) IS DISTINCT FROM
     (OLD.plan_id, OLD.name, OLD.problem, OLD.asked_by, OLD.asked_at) OR NEW.based_on IS DISTINCT FROM OLD.based_on THEN
    RAISE EXCEPTION 'what was asked of the siting plan % stays as it is', OLD.plan_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER siting_plan_is_kept BEFORE UPDATE ON server.siting_plan
  FOR EACH ROW EXECUTE FUNCTION server.keep_siting_plan();
"""

DOWN = r"""
DROP TABLE server.siting_plan;
DROP FUNCTION server.keep_siting_plan();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
