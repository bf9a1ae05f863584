"""The complaints register: numbers, states moved by an append-only history, clocks, groups, follow-up codes."""

from alembic import op

revision = "0400"
down_revision = "0390"
branch_labels = None
depends_on = None

UP = r"""
CREATE SEQUENCE server.complaint_number_seq;
ALTER TABLE server.complaint ALTER COLUMN user_id DROP NOT NULL,
  ADD COLUMN number text UNIQUE,
  ADD COLUMN state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'acknowledged', 'verified', 'not_accepted',
    'transferred', 'answered', 'closed', 'reopened')),
  ADD COLUMN version integer NOT NULL DEFAULT 0,
  ADD COLUMN group_id uuid REFERENCES server.complaint,
  ADD COLUMN acknowledge_due_at timestamptz,
  ADD COLUMN verify_due_at timestamptz,
  ADD COLUMN answer_due_at timestamptz,
  ADD COLUMN acknowledged_at timestamptz,
  ADD COLUMN verified_at timestamptz,
  ADD COLUMN answered_at timestamptz,
  ADD COLUMN closed_at timestamptz,
  ADD COLUMN answered_late boolean NOT NULL DEFAULT false,
  ADD COLUMN finding text CHECK (finding IN ('true', 'false', 'not_found')),
  ADD COLUMN outcome text CHECK (outcome IN ('satisfied', 'unsatisfied', 'unreachable', 'no_objection')),
  ADD COLUMN case_id uuid REFERENCES server."case",
  ADD COLUMN case_ended_at timestamptz,
  ADD COLUMN reopened_count integer NOT NULL DEFAULT 0,
  ADD COLUMN erased_at timestamptz;
COMMENT ON COLUMN server.complaint.user_id IS 'null: sent in by a resident without an account';
COMMENT ON COLUMN server.complaint.group_id IS 'the first complaint of the same place and kind, itself when there is none';
UPDATE server.complaint k SET group_id = k.complaint_id, version = 1, number = n.number
  FROM (SELECT complaint_id, 'TS' || to_char(received_at AT TIME ZONE 'Asia/Shanghai', 'YYYY') || '-'
          || lpad(nextval('server.complaint_number_seq')::text, 6, '0') AS number
          FROM (SELECT complaint_id, received_at FROM server.complaint ORDER BY received_at, complaint_id) o) n
 WHERE n.complaint_id = k.complaint_id;
ALTER TABLE server.complaint ALTER COLUMN number SET NOT NULL, ALTER COLUMN group_id SET NOT NULL;
CREATE INDEX complaint_of_group ON server.complaint (group_id);
CREATE INDEX complaint_of_case ON server.complaint (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX complaint_open ON server.complaint (state, received_at DESC) WHERE state <> 'closed';
CREATE INDEX complaint_to_be_erased ON server.complaint (closed_at) WHERE state = 'closed' AND erased_at IS NULL;
CREATE INDEX complaint_words ON server.complaint USING gin (description gin_trgm_ops);
ALTER TABLE server.complaint_contact ADD COLUMN address text NOT NULL DEFAULT '';
COMMENT ON TABLE server.complaint_contact IS 'who complained: read one at a time by the desk that handles it, every reading written down; erased with time';
CREATE TABLE server.complaint_follow_up (
  complaint_id uuid PRIMARY KEY REFERENCES server.complaint,
  salt bytea NOT NULL CHECK (length(salt) >= 16),
  code_digest bytea NOT NULL CHECK (length(code_digest) = 32)
);
COMMENT ON TABLE server.complaint_follow_up IS 'proves who may follow a complaint without an account; the code itself is nowhere';

CREATE TABLE server.complaint_transition (
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  PRIMARY KEY (command, from_state, to_state)
);
INSERT INTO server.complaint_transition VALUES
  ('complaint.receive', '', 'received'),
  ('complaint.acknowledge', 'received', 'acknowledged'),
  ('complaint.refuse', 'received', 'not_accepted'),
  ('complaint.refuse', 'acknowledged', 'not_accepted'),
  ('complaint.refuse', 'reopened', 'not_accepted'),
  ('complaint.verify', 'received', 'verified'),
  ('complaint.verify', 'acknowledged', 'verified'),
  ('complaint.verify', 'reopened', 'verified'),
  ('complaint.verify', 'verified', 'verified'),
  ('complaint.transfer', 'verified', 'transferred'),
  ('complaint.answer', 'acknowledged', 'answered'),
  ('complaint.answer', 'reopened', 'answered'),
  ('complaint.answer', 'verified', 'answered'),
  ('complaint.answer', 'transferred', 'answered'),
  ('complaint.close', 'answered', 'closed'),
  ('complaint.close', 'not_accepted', 'closed'),
  ('complaint.reopen', 'answered', 'reopened'),
  ('complaint.reopen', 'not_accepted', 'reopened'),
  ('complaint.reopen', 'closed', 'reopened'),
  ('complaint.follow_case', 'transferred', 'transferred'),
  ('complaint.case_ended', 'transferred', 'transferred'),
  ('complaint.erase_identity', 'closed', 'closed');
INSERT INTO server.complaint_transition SELECT 'complaint.note', state, state
  FROM unnest(ARRAY['received', 'acknowledged', 'verified', 'not_accepted', 'transferred', 'answered', 'closed', 'reopened']) state;
-- Who may give a command at all; how far a right reaches is the product's affair.
CREATE TABLE server.complaint_right (command text NOT NULL, role text NOT NULL, PRIMARY KEY (command, role));
INSERT INTO server.complaint_right SELECT command, role
  FROM unnest(ARRAY['complaint.acknowledge', 'complaint.refuse', 'complaint.verify', 'complaint.transfer', 'complaint.answer',
                    'complaint.close', 'complaint.reopen', 'complaint.note']) command,
       unnest(ARRAY['intake_clerk', 'shift_leader', 'subdistrict', 'headquarters']) role;
INSERT INTO server.complaint_right VALUES ('complaint.verify', 'neighbourhood'), ('complaint.verify', 'dispatcher'),
  ('complaint.note', 'neighbourhood'), ('complaint.note', 'dispatcher');

CREATE TABLE server.complaint_entry (
  complaint_id uuid NOT NULL REFERENCES server.complaint,
  seq integer NOT NULL CHECK (seq >= 1),
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  given_by text NOT NULL CHECK (given_by IN ('person', 'complainer', 'system')),
  actor_id uuid REFERENCES server."user",
  actor_unit text,
  recorded_at timestamptz NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}',
  words jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (complaint_id, seq),
  CONSTRAINT a_person_has_a_name CHECK ((given_by = 'person') = (actor_id IS NOT NULL)),
  CONSTRAINT complainers_have_few_commands CHECK (given_by <> 'complainer' OR command IN ('complaint.receive', 'complaint.close', 'complaint.reopen')),
  CONSTRAINT the_product_has_few_commands CHECK (given_by <> 'system' OR command IN ('complaint.close', 'complaint.follow_case',
    'complaint.case_ended', 'complaint.erase_identity'))
);
INSERT INTO server.complaint_entry (complaint_id, seq, command, from_state, to_state, given_by, actor_id, actor_unit, recorded_at, facts)
  SELECT k.complaint_id, 1, 'complaint.receive', '', 'received', 'person', k.user_id, p.unit_code, k.received_at, jsonb_build_object('channel', k.channel)
    FROM server.complaint k JOIN server."user" p USING (user_id);

CREATE FUNCTION server.check_complaint_entry(entry server.complaint_entry, held server.complaint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE acting server."user";
BEGIN
  IF entry.seq <> held.version + 1 THEN
    PERFORM server.case_fault('complaint_entry_order', 'the entry does not follow the last one of its complaint');
  END IF;
  IF entry.from_state <> (CASE WHEN held.version = 0 THEN '' ELSE held.state END) THEN
    PERFORM server.case_fault('complaint_entry_from_state', 'the complaint is not in the state the entry starts from');
  END IF;
  IF NOT EXISTS (SELECT FROM server.complaint_transition t
                  WHERE (t.command, t.from_state, t.to_state) = (entry.command, entry.from_state, entry.to_state)) THEN
    PERFORM server.case_fault('complaint_transition_permitted', format('%s does not lead from %s to %s', entry.command, entry.from_state, entry.to_state));
  END IF;
  IF entry.given_by = 'person' THEN
    SELECT * INTO acting FROM server."user" WHERE user_id = entry.actor_id;
    IF entry.actor_unit IS DISTINCT FROM acting.unit_code THEN
      PERFORM server.case_fault('complaint_entry_unit', 'the entry names a unit that is not its actor''s');
    END IF;
    IF entry.command <> 'complaint.receive' AND NOT EXISTS (
         SELECT FROM server.complaint_right r WHERE (r.command, r.role) = (entry.command, acting.role)) THEN
      PERFORM server.case_fault('complaint_command_is_the_desks', format('%s is not given by a %s', entry.command, acting.role));
    END IF;
  END IF;
  IF entry.command = 'complaint.verify' AND coalesce(entry.facts ->> 'finding', '') NOT IN ('true', 'false', 'not_found') THEN
    PERFORM server.case_fault('complaint_verified_with_finding', 'a verification says what was found');
  END IF;
  IF entry.command IN ('complaint.refuse', 'complaint.reopen') AND coalesce(entry.words ->> 'reason', '') !~ '\S' THEN
    PERFORM server.case_fault('complaint_reason_is_given', format('%s needs a reason', entry.command));
  END IF;
  IF entry.command = 'complaint.answer' AND coalesce(entry.words ->> 'answer', '') !~ '\S' THEN
    PERFORM server.case_fault('complaint_answer_has_words', 'an answer has words');
  END IF;
  IF entry.command = 'complaint.close' AND entry.facts ->> 'outcome' IS NULL THEN
    PERFORM server.case_fault('complaint_closed_with_outcome', 'a complaint is closed with what its sender thinks of it');
  END IF;
  IF entry.command IN ('complaint.transfer', 'complaint.follow_case') AND NOT EXISTS (
       SELECT FROM server."case" c WHERE c.case_id = (entry.facts ->> 'case_id')::uuid AND c.community_id = held.community_id) THEN
    PERFORM server.case_fault('complaint_case_exists', 'the case is not there, or lies in another community');
  END IF;
  IF entry.command = 'complaint.transfer' AND held.finding IS DISTINCT FROM 'true' THEN
    PERFORM server.case_fault('complaint_transferred_when_true', 'only what was found true becomes a case');
  END IF;
  IF entry.command = 'complaint.answer' AND held.state = 'transferred' AND NOT EXISTS (
       SELECT FROM server."case" c WHERE c.case_id = held.case_id AND c.state IN ('closed', 'declined', 'voided', 'transferred')) THEN
    PERFORM server.case_fault('complaint_answered_after_its_case', 'the case of the complaint has not ended');
  END IF;
END $$;

-- An entry is the only thing that moves a complaint.
CREATE FUNCTION server.apply_complaint_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  held server.complaint;
  reopened boolean := NEW.command = 'complaint.reopen';
  answered boolean := NEW.command IN ('complaint.answer', 'complaint.refuse');
BEGIN
  SELECT * INTO held FROM server.complaint WHERE complaint_id = NEW.complaint_id FOR UPDATE;
  PERFORM server.check_complaint_entry(NEW, held);
  UPDATE server.complaint SET
    state = NEW.to_state,
    version = NEW.seq,
    acknowledged_at = CASE WHEN NEW.command IN ('complaint.acknowledge', 'complaint.verify') OR answered
                           THEN coalesce(acknowledged_at, NEW.recorded_at) ELSE acknowledged_at END,
    verified_at = CASE WHEN NEW.command = 'complaint.verify' THEN NEW.recorded_at WHEN reopened THEN NULL ELSE verified_at END,
    finding = CASE WHEN NEW.command = 'complaint.verify' THEN NEW.facts ->> 'finding' WHEN reopened THEN NULL ELSE finding END,
    answered_at = CASE WHEN answered THEN NEW.recorded_at WHEN reopened THEN NULL ELSE answered_at END,
    answered_late = answered_late OR answered AND coalesce(NEW.recorded_at > answer_due_at, false),
    verify_due_at = CASE WHEN reopened THEN (NEW.facts ->> 'verify_due_at')::timestamptz ELSE verify_due_at END,
    answer_due_at = CASE WHEN reopened OR NEW.command = 'complaint.case_ended' THEN (NEW.facts ->> 'answer_due_at')::timestamptz
                         WHEN NEW.command = 'complaint.transfer' THEN NULL ELSE answer_due_at END,
    case_id = CASE WHEN NEW.command IN ('complaint.transfer', 'complaint.follow_case') THEN (NEW.facts ->> 'case_id')::uuid ELSE case_id END,
    case_ended_at = CASE WHEN NEW.command = 'complaint.case_ended' THEN NEW.recorded_at
                         WHEN NEW.command IN ('complaint.transfer', 'complaint.follow_case') OR reopened THEN NULL ELSE case_ended_at END,
    outcome = CASE WHEN NEW.command = 'complaint.close' THEN NEW.facts ->> 'outcome' WHEN reopened THEN NULL ELSE outcome END,
    closed_at = CASE WHEN NEW.command = 'complaint.close' THEN NEW.recorded_at WHEN reopened THEN NULL ELSE closed_at END,
    reopened_count = reopened_count + reopened::integer,
    erased_at = CASE WHEN NEW.command = 'complaint.erase_identity' THEN NEW.recorded_at ELSE erased_at END
   WHERE complaint_id = NEW.complaint_id;
  RETURN NULL;
END $$;
CREATE TRIGGER complaint_entry_moves_the_complaint AFTER INSERT ON server.complaint_entry
  FOR EACH ROW EXECUTE FUNCTION server.apply_complaint_entry();
CREATE TRIGGER complaint_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.complaint_entry
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER complaint_never_deleted BEFORE DELETE OR TRUNCATE ON server.complaint
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();

CREATE FUNCTION server.guard_complaint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.number := 'TS' || to_char(NEW.received_at AT TIME ZONE 'Asia/Shanghai', 'YYYY') || '-'
                  || lpad(nextval('server.complaint_number_seq')::text, 6, '0');
    NEW.group_id := coalesce(NEW.group_id, NEW.complaint_id);
    IF (NEW.state, NEW.version, NEW.reopened_count, NEW.answered_late) IS DISTINCT FROM ('received', 0, 0, false)
       OR num_nonnulls(NEW.acknowledged_at, NEW.verified_at, NEW.answered_at, NEW.closed_at, NEW.finding, NEW.outcome,
                       NEW.case_id, NEW.case_ended_at, NEW.erased_at) > 0 THEN
      PERFORM server.case_fault('complaint_begins_received', 'a complaint begins received, without a history');
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.version <> OLD.version + 1 OR NOT EXISTS (SELECT FROM server.complaint_entry e
       WHERE (e.complaint_id, e.seq, e.to_state) = (NEW.complaint_id, NEW.version, NEW.state)) THEN
    PERFORM server.case_fault('complaint_moves_by_entries', 'only an entry of its history moves a complaint');
  END IF;
  IF (NEW.complaint_id, NEW.number, NEW.community_id, NEW.channel, NEW.category, NEW.description, NEW.user_id, NEW.received_at,
      NEW.group_id, NEW.content_sha256, NEW.acknowledge_due_at)
     IS DISTINCT FROM (OLD.complaint_id, OLD.number, OLD.community_id, OLD.channel, OLD.category, OLD.description, OLD.user_id,
      OLD.received_at, OLD.group_id, OLD.content_sha256, OLD.acknowledge_due_at) THEN
    PERFORM server.case_fault('complaint_first_facts_stay', 'what was complained of never changes');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaint_guarded BEFORE INSERT OR UPDATE ON server.complaint
  FOR EACH ROW EXECUTE FUNCTION server.guard_complaint();
CREATE FUNCTION server.begin_complaint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO server.complaint_entry (complaint_id, seq, command, from_state, to_state, given_by, actor_id, actor_unit, recorded_at, facts)
  VALUES (NEW.complaint_id, 1, 'complaint.receive', '', 'received', CASE WHEN NEW.user_id IS NULL THEN 'complainer' ELSE 'person' END,
          NEW.user_id, (SELECT u.unit_code FROM server."user" u WHERE u.user_id = NEW.user_id), NEW.received_at,
          jsonb_build_object('channel', NEW.channel));
  RETURN NULL;
END $$;
CREATE TRIGGER complaint_begins_its_history AFTER INSERT ON server.complaint
  FOR EACH ROW EXECUTE FUNCTION server.begin_complaint();

-- Which limit runs in the complaint's present state, and when it ends.
CREATE FUNCTION server.complaint_due(k server.complaint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE k.state WHEN 'received' THEN k.acknowledge_due_at WHEN 'acknowledged' THEN k.verify_due_at
                      WHEN 'reopened' THEN k.verify_due_at WHEN 'verified' THEN k.answer_due_at
                      WHEN 'transferred' THEN k.answer_due_at END
$$;

-- A complaint hears what becomes of its case.
CREATE FUNCTION server.note_case_of_complaint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM server.complaint k WHERE k.case_id = NEW.case_id AND k.state = 'transferred') THEN
    INSERT INTO server.untold (entity, entity_id, seq) VALUES ('case_of_complaint', NEW.case_id, NEW.seq);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER case_entry_heard_by_complaints AFTER INSERT ON server.case_entry FOR EACH ROW
  WHEN (NEW.to_state IN ('closed', 'declined', 'voided', 'transferred', 'merged') AND NEW.from_state <> NEW.to_state)
  EXECUTE FUNCTION server.note_case_of_complaint();

REVOKE UPDATE ON server.complaint FROM wangge_app;
REVOKE UPDATE, DELETE ON server.complaint_entry FROM wangge_app;
REVOKE UPDATE ON server.complaint_follow_up FROM wangge_app;
REVOKE INSERT, UPDATE, DELETE ON server.complaint_transition, server.complaint_right FROM wangge_app;

INSERT INTO server.ledger_rule (name, valid_from, value, unit, source) VALUES
  ('complaint_acknowledge_work_days', '2019-06-01', 1, 'work days', '产品默认值'),
  ('complaint_verify_work_days', '2019-06-01', 2, 'work days', '产品默认值'),
  ('complaint_answer_work_days', '2019-06-01', 3, 'work days', '产品默认值'),
  ('complaint_objection_days', '2019-06-01', 15, 'days', '产品默认值'),
  ('complaint_reopen_within_days', '2019-06-01', 60, 'days', '产品默认值'),
  ('complaint_identity_days', '2019-06-01', 180, 'days', '产品默认值'),
  ('complaint_group_within_days', '2019-06-01', 30, 'days', '产品默认值'),
  ('complaint_group_within_m', '2019-06-01', 100, 'm', '产品默认值');
"""

DOWN = r"""
ALTER TABLE server.ledger_rule DISABLE TRIGGER ledger_rule_never_deleted;
DELETE FROM server.ledger_rule WHERE starts_with(name, 'complaint_');
ALTER TABLE server.ledger_rule ENABLE TRIGGER ledger_rule_never_deleted;
DROP TRIGGER case_entry_heard_by_complaints ON server.case_entry;
DROP FUNCTION server.note_case_of_complaint();
DELETE FROM server.untold WHERE entity = 'case_of_complaint';
DROP FUNCTION server.complaint_due;
DROP TRIGGER complaint_begins_its_history ON server.complaint;
DROP FUNCTION server.begin_complaint();
DROP TRIGGER complaint_guarded ON server.complaint;
DROP FUNCTION server.guard_complaint();
DROP TRIGGER complaint_never_deleted ON server.complaint;
DROP TRIGGER complaint_entry_moves_the_complaint ON server.complaint_entry;
DROP FUNCTION server.apply_complaint_entry();
DROP FUNCTION server.check_complaint_entry;
DROP TABLE server.complaint_entry;
DROP TABLE server.complaint_right;
DROP TABLE server.complaint_transition;
DROP TABLE server.complaint_follow_up;
ALTER TABLE server.complaint_contact DROP COLUMN address;
DROP INDEX server.complaint_words;
ALTER TABLE server.complaint DROP COLUMN number, DROP COLUMN state, DROP COLUMN version, DROP COLUMN group_id,
  DROP COLUMN acknowledge_due_at, DROP COLUMN verify_due_at, DROP COLUMN answer_due_at, DROP COLUMN acknowledged_at,
  DROP COLUMN verified_at, DROP COLUMN answered_at, DROP COLUMN closed_at, DROP COLUMN answered_late, DROP COLUMN finding,
  DROP COLUMN outcome, DROP COLUMN case_id, DROP COLUMN case_ended_at, DROP COLUMN reopened_count, DROP COLUMN erased_at;
-- The older register knows no complaint that nobody took in.
DELETE FROM server.complaint_contact t USING server.complaint k WHERE k.complaint_id = t.complaint_id AND k.user_id IS NULL;
DELETE FROM server.complaint WHERE user_id IS NULL;
ALTER TABLE server.complaint ALTER COLUMN user_id SET NOT NULL;
GRANT UPDATE ON server.complaint TO wangge_app;
DROP SEQUENCE server.complaint_number_seq;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
