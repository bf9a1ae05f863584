"""Siting scenarios: what a planner asks of the county's own places, and the plans that came of it."""

from alembic import op

revision = "0630"
down_revision = "0620"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.siting_scenario (
  scenario_id uuid PRIMARY KEY,
  name text NOT NULL CHECK (btrim(name) <> '' AND length(name) <= 100),
  asked jsonb NOT NULL CHECK (jsonb_typeof(asked) = 'object'),
  divisions text[] NOT NULL CHECK (cardinality(divisions) > 0),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'building', 'built', 'impossible')),
  stage text NOT NULL DEFAULT '',
  done_steps integer NOT NULL DEFAULT 0,
  answer jsonb CHECK (jsonb_typeof(answer) = 'object'),
  demand jsonb,
  places jsonb,
  because jsonb CHECK (jsonb_typeof(because) = 'object'),
  asked_by uuid NOT NULL REFERENCES server."user",
  asked_at timestamptz NOT NULL,
  begun_at timestamptz,
  heard_at timestamptz,
  finished_at timestamptz,
  CHECK ((state IN ('waiting', 'building')) = (finished_at IS NULL)),
  CHECK (state <> 'built' OR (answer IS NOT NULL AND demand IS NOT NULL AND places IS NOT NULL)),
  CHECK ((state = 'impossible') = (because IS NOT NULL))
);
COMMENT ON COLUMN server.siting_scenario.divisions IS 'the subdistricts of the communities that it plans for';
CREATE INDEX ON server.siting_scenario (asked_at DESC, scenario_id DESC);
CREATE INDEX ON server.siting_scenario (asked_at) WHERE finished_at IS NULL;
REVOKE DELETE ON server.siting_scenario FROM wangge_app;

CREATE FUNCTION server.keep_siting_scenario() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.finished_at IS NOT NULL THEN
    RAISE EXCEPTION 'the siting scenario % is finished and stays as it is', OLD.scenario_id USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.scenario_id, NEW.name, NEW.asked, NEW.divisions, NEW.asked_by, NEW.asked_at) IS DISTINCT FROM
     (OLD.scenario_id, OLD.name, OLD.asked, OLD.divisions, OLD.asked_by, OLD.asked_at) THEN
    RAISE EXCEPTION 'what was asked of the siting scenario % stays as it is', OLD.scenario_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER siting_scenario_is_kept BEFORE UPDATE ON server.siting_scenario
  FOR EACH ROW EXECUTE FUNCTION server.keep_siting_scenario();

ALTER TABLE server.siting_plan ADD COLUMN scenario_id uuid REFERENCES server.siting_scenario;
ALTER TABLE server.siting_plan ADD COLUMN heard_at timestamptz;
CREATE INDEX ON server.siting_plan (scenario_id);
CREATE OR REPLACE FUNCTION server.keep_siting_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.finished_at IS NOT NULL THEN
    RAISE EXCEPTION 'the siting plan % is finished and stays as it is', OLD.plan_id USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.plan_id, NEW.name, NEW.problem, NEW.asked_by, NEW.asked_at) IS DISTINCT FROM
     (OLD.plan_id, OLD.name, OLD.problem, OLD.asked_by, OLD.asked_at) OR NEW.based_on IS DISTINCT FROM OLD.based_on
     OR NEW.scenario_id IS DISTINCT FROM OLD.scenario_id THEN
    RAISE EXCEPTION 'what was asked of the siting plan % stays as it is', OLD.plan_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TABLE server.siting_adoption (
  plan_id uuid NOT NULL REFERENCES server.siting_plan,
  adopted_at timestamptz NOT NULL,
  adopted_by uuid NOT NULL REFERENCES server."user",
  undone_at timestamptz CHECK (undone_at >= adopted_at),
  undone_by uuid REFERENCES server."user",
  PRIMARY KEY (plan_id, adopted_at),
  CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
CREATE UNIQUE INDEX siting_plan_is_adopted_once ON server.siting_adoption (plan_id) WHERE undone_at IS NULL;
CREATE TABLE server.siting_adopted_site (
  plan_id uuid NOT NULL,
  adopted_at timestamptz NOT NULL,
  candidate text NOT NULL,
  site_id uuid NOT NULL REFERENCES server.charging_site,
  PRIMARY KEY (plan_id, adopted_at, candidate),
  FOREIGN KEY (plan_id, adopted_at) REFERENCES server.siting_adoption
);
CREATE INDEX ON server.siting_adopted_site (site_id);
REVOKE DELETE ON server.siting_adoption, server.siting_adopted_site FROM wangge_app;
"""

DOWN = r"""
DROP TABLE server.siting_adopted_site;
DROP TABLE server.siting_adoption;
CREATE OR REPLACE FUNCTION server.keep_siting_plan() RETURNS trigger LANGUAGE plpgsql AS $$
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
ALTER TABLE server.siting_plan DROP COLUMN heard_at;
ALTER TABLE server.siting_plan DROP COLUMN scenario_id;
DROP TABLE server.siting_scenario;
DROP FUNCTION server.keep_siting_scenario();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
