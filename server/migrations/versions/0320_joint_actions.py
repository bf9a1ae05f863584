"""Joint enforcement: proposed, decided by the subdistrict, held by several units, concluded; append-only."""

from alembic import op

revision = "0320"
down_revision = "0310"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.joint_action (
  joint_action_id uuid PRIMARY KEY,
  subdistrict_unit text NOT NULL REFERENCES server.unit,
  state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'accepted', 'declined', 'succeeded', 'failed')),
  version integer NOT NULL DEFAULT 1,
  reason text NOT NULL,
  proposed_at timestamptz NOT NULL,
  proposed_by uuid REFERENCES server."user",
  decided_at timestamptz,
  decided_by uuid REFERENCES server."user",
  decision_reason text,
  held_on date,
  concluded_at timestamptz,
  concluded_by uuid REFERENCES server."user",
  summary text,
  CHECK ((state = 'proposed') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
  CHECK (state <> 'declined' OR decision_reason <> ''),
  CHECK ((state IN ('accepted', 'succeeded', 'failed')) = (held_on IS NOT NULL)),
  CHECK ((state IN ('succeeded', 'failed')) = (concluded_at IS NOT NULL) AND (concluded_at IS NULL) = (concluded_by IS NULL)),
  CHECK (concluded_at IS NULL OR summary <> '')
);
CREATE INDEX ON server.joint_action (subdistrict_unit, state);
CREATE INDEX ON server.joint_action (proposed_at DESC, joint_action_id DESC);
COMMENT ON COLUMN server.joint_action.proposed_by IS 'null: the product itself';
CREATE TABLE server.joint_action_case (
  joint_action_id uuid NOT NULL REFERENCES server.joint_action,
  case_id uuid NOT NULL REFERENCES server."case",
  by_product boolean NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (joint_action_id, case_id)
);
CREATE INDEX ON server.joint_action_case (case_id);
CREATE UNIQUE INDEX proposed_once ON server.joint_action_case (case_id) WHERE by_product;
CREATE TABLE server.joint_action_participant (
  joint_action_id uuid NOT NULL REFERENCES server.joint_action,
  unit_code text NOT NULL REFERENCES server.unit,
  PRIMARY KEY (joint_action_id, unit_code)
);
CREATE INDEX ON server.joint_action_participant (unit_code);
CREATE TABLE server.joint_action_result (
  joint_action_id uuid NOT NULL,
  unit_code text NOT NULL,
  seq integer NOT NULL CHECK (seq >= 1),
  finding text NOT NULL CHECK (finding <> ''),
  result text NOT NULL CHECK (result <> ''),
  recorded_by uuid NOT NULL REFERENCES server."user",
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (joint_action_id, unit_code, seq),
  FOREIGN KEY (joint_action_id, unit_code) REFERENCES server.joint_action_participant
);
CREATE FUNCTION server.guard_joint_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.joint_action_id, NEW.subdistrict_unit, NEW.reason, NEW.proposed_at, NEW.proposed_by)
     IS DISTINCT FROM (OLD.joint_action_id, OLD.subdistrict_unit, OLD.reason, OLD.proposed_at, OLD.proposed_by)
     OR OLD.decided_at IS NOT NULL AND (NEW.decided_at, NEW.decided_by, NEW.decision_reason, NEW.held_on)
        IS DISTINCT FROM (OLD.decided_at, OLD.decided_by, OLD.decision_reason, OLD.held_on) THEN
    PERFORM server.case_fault('joint_action_stands', 'what was proposed or decided is never rewritten');
  END IF;
  IF NOT (OLD.state = 'proposed' AND NEW.state IN ('proposed', 'accepted', 'declined')
          OR OLD.state = 'accepted' AND NEW.state IN ('accepted', 'succeeded', 'failed')) THEN
    PERFORM server.case_fault('joint_action_goes_on', format('a joint action that is %s does not become %s', OLD.state, NEW.state));
  END IF;
  IF NEW.state = 'accepted' AND OLD.state = 'proposed'
     AND (SELECT count(*) FROM server.joint_action_participant p WHERE p.joint_action_id = NEW.joint_action_id) < 2 THEN
    PERFORM server.case_fault('joint_means_two', 'a joint action needs two participants at least');
  END IF;
  IF NEW.concluded_at IS NOT NULL AND EXISTS (
       SELECT FROM server.joint_action_participant p WHERE p.joint_action_id = NEW.joint_action_id AND NOT EXISTS (
         SELECT FROM server.joint_action_result r WHERE (r.joint_action_id, r.unit_code) = (p.joint_action_id, p.unit_code))) THEN
    PERFORM server.case_fault('joint_action_has_results', 'a participant has recorded no result yet');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER joint_action_guarded BEFORE UPDATE ON server.joint_action
  FOR EACH ROW EXECUTE FUNCTION server.guard_joint_action();
-- Cases and participants belong to the proposal, results to the action: nothing is added out of its time.
CREATE FUNCTION server.guard_joint_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE standing text := (SELECT state FROM server.joint_action WHERE joint_action_id = NEW.joint_action_id);
BEGIN
  IF standing <> (CASE TG_TABLE_NAME WHEN 'joint_action_result' THEN 'accepted' ELSE 'proposed' END) THEN
    PERFORM server.case_fault('joint_action_in_its_time', format('nothing of this kind is added to a joint action that is %s', standing));
  END IF;
  IF TG_TABLE_NAME = 'joint_action_result' THEN
    IF NEW.unit_code <> (SELECT u.unit_code FROM server."user" u WHERE u.user_id = NEW.recorded_by) THEN
      PERFORM server.case_fault('joint_result_of_ones_own', 'a participant''s result is recorded by its own people');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER joint_action_case_guarded BEFORE INSERT ON server.joint_action_case
  FOR EACH ROW EXECUTE FUNCTION server.guard_joint_parts();
CREATE TRIGGER joint_action_participant_guarded BEFORE INSERT ON server.joint_action_participant
  FOR EACH ROW EXECUTE FUNCTION server.guard_joint_parts();
CREATE TRIGGER joint_action_result_guarded BEFORE INSERT ON server.joint_action_result
  FOR EACH ROW EXECUTE FUNCTION server.guard_joint_parts();
CREATE TRIGGER joint_action_never_deleted BEFORE DELETE OR TRUNCATE ON server.joint_action
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER joint_action_case_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.joint_action_case
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER joint_action_participant_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.joint_action_participant
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER joint_action_result_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.joint_action_result
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE DELETE ON server.joint_action FROM wangge_app;
REVOKE UPDATE, DELETE ON server.joint_action_case, server.joint_action_participant, server.joint_action_result FROM wangge_app;
INSERT INTO server.case_transition (command, from_state, to_state)
  SELECT 'case.joint_action', state, state FROM unnest(ARRAY['reported', 'verifying', 'filed', 'dispatched', 'in_progress', 'suspended',
    'closeout_requested', 'checking', 'check_passed', 'closed', 'transferred']) state;
ALTER TABLE server.case_entry DROP CONSTRAINT case_entry_check1;
ALTER TABLE server.case_entry ADD CONSTRAINT case_entry_check1 CHECK (actor_id IS NOT NULL OR command IN ('case.file',
  'case.raise_level', 'case.report', 'case.join', 'case.import', 'case.resume', 'case.copy', 'case.joint_action'));
"""

DOWN = r"""
ALTER TABLE server.case_entry DROP CONSTRAINT case_entry_check1;
ALTER TABLE server.case_entry ADD CONSTRAINT case_entry_check1 CHECK (actor_id IS NOT NULL OR command IN
  ('case.file', 'case.raise_level', 'case.report', 'case.join', 'case.import', 'case.resume', 'case.copy'));
DELETE FROM server.case_transition WHERE command = 'case.joint_action';
DROP TABLE server.joint_action_result;
DROP TABLE server.joint_action_participant;
DROP TABLE server.joint_action_case;
DROP TABLE server.joint_action;
DROP FUNCTION server.guard_joint_parts();
DROP FUNCTION server.guard_joint_action();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
