"""A complaint is given to a worker who looks at it on site; he alone says so from there, with a photo."""

from alembic import op

revision = "0660"
down_revision = "0650"
branch_labels = None
depends_on = None

STATES = "'received', 'acknowledged', {more}'verified', 'not_accepted', 'transferred', 'answered', 'closed', 'reopened'"
CHECK = """
ALTER TABLE server.complaint DROP CONSTRAINT complaint_state_check;
ALTER TABLE server.complaint ADD CONSTRAINT complaint_state_check CHECK (state IN ({states}));
CREATE OR REPLACE FUNCTION server.complaint_due(k server.complaint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE k.state WHEN 'received' THEN k.acknowledge_due_at WHEN 'acknowledged' THEN k.verify_due_at{due}
                      WHEN 'reopened' THEN k.verify_due_at WHEN 'verified' THEN k.answer_due_at
                      WHEN 'transferred' THEN k.answer_due_at END
$$;
"""
UP = (
    CHECK.format(
        states=STATES.format(more="'verifying', "),
        due="\n                      WHEN 'verifying' THEN k.verify_due_at",
    )
    + r"""
ALTER TABLE server.complaint ADD COLUMN verifier_id uuid REFERENCES server."user";
COMMENT ON COLUMN server.complaint.verifier_id IS 'the worker who was last asked to look';
CREATE INDEX complaint_of_verifier ON server.complaint (verifier_id) WHERE verifier_id IS NOT NULL;
INSERT INTO server.complaint_transition
  SELECT 'complaint.ask_verification', state, 'verifying'
    FROM unnest(ARRAY['received', 'acknowledged', 'verifying', 'verified', 'reopened']) state;
INSERT INTO server.complaint_transition VALUES ('complaint.verify', 'verifying', 'verified'),
  ('complaint.refuse', 'verifying', 'not_accepted'), ('complaint.note', 'verifying', 'verifying');
INSERT INTO server.complaint_right SELECT 'complaint.ask_verification', role
  FROM unnest(ARRAY['intake_clerk', 'shift_leader', 'subdistrict', 'headquarters', 'neighbourhood', 'dispatcher']) role;
INSERT INTO server.complaint_right VALUES ('complaint.verify', 'grid_worker');

-- Fires before complaint_entry_moves_the_complaint: the complaint is still as the entry found it.
CREATE FUNCTION server.check_complaint_verifier() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  held server.complaint;
  by_worker boolean := EXISTS (SELECT FROM server."user" u WHERE u.user_id = NEW.actor_id AND u.role = 'grid_worker');
BEGIN
  IF NEW.command = 'complaint.ask_verification' AND NOT EXISTS (
       SELECT FROM server."user" u WHERE u.user_id::text = NEW.facts ->> 'worker' AND u.role = 'grid_worker' AND u.active) THEN
    PERFORM server.case_fault('complaint_verifier_is_a_worker', 'a complaint is looked at by an active grid worker');
  END IF;
  IF NEW.command = 'complaint.verify' AND by_worker THEN
    SELECT * INTO held FROM server.complaint WHERE complaint_id = NEW.complaint_id;
    IF held.state <> 'verifying' OR held.verifier_id IS DISTINCT FROM NEW.actor_id THEN
      PERFORM server.case_fault('complaint_verified_by_its_verifier', 'only the worker who was asked says what he found');
    END IF;
    IF jsonb_typeof(NEW.facts -> 'photos') IS DISTINCT FROM 'array' OR jsonb_array_length(NEW.facts -> 'photos') = 0 THEN
      PERFORM server.case_fault('complaint_verified_with_a_photo', 'what a worker found on site is shown by a photo');
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER complaint_entry_by_its_verifier AFTER INSERT ON server.complaint_entry FOR EACH ROW
  WHEN (NEW.command IN ('complaint.ask_verification', 'complaint.verify')) EXECUTE FUNCTION server.check_complaint_verifier();

CREATE FUNCTION server.keep_complaint_verifier() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NEW.verifier_id := OLD.verifier_id;
  IF NEW.state = 'verifying' THEN
    SELECT (e.facts ->> 'worker')::uuid, coalesce(NEW.acknowledged_at, e.recorded_at) INTO NEW.verifier_id, NEW.acknowledged_at
      FROM server.complaint_entry e WHERE e.complaint_id = NEW.complaint_id AND e.command = 'complaint.ask_verification'
       AND e.seq <= NEW.version ORDER BY e.seq DESC LIMIT 1;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaint_keeps_its_verifier BEFORE UPDATE ON server.complaint
  FOR EACH ROW EXECUTE FUNCTION server.keep_complaint_verifier();
"""
)
DOWN = r"""
DROP TRIGGER complaint_keeps_its_verifier ON server.complaint;
DROP FUNCTION server.keep_complaint_verifier();
DROP TRIGGER complaint_entry_by_its_verifier ON server.complaint_entry;
DROP FUNCTION server.check_complaint_verifier();
DELETE FROM server.complaint_right WHERE command = 'complaint.ask_verification' OR (command, role) = ('complaint.verify', 'grid_worker');
DELETE FROM server.complaint_transition WHERE 'verifying' IN (from_state, to_state);
DROP INDEX server.complaint_of_verifier;
ALTER TABLE server.complaint DROP COLUMN verifier_id;
""" + CHECK.format(states=STATES.format(more=""), due="")


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    # A complaint that is being looked at just now keeps the older schema, which cannot name that, away.
    op.execute(DOWN)
