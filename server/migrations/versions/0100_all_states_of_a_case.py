"""All states of a case: verified, declined, merged, suspended, voided, handed over, reopened; and what is asked for."""

from alembic import op

revision = "0100"
down_revision = "0090"
branch_labels = None
depends_on = None

OPEN = (
    "reported",
    "verifying",
    "filed",
    "dispatched",
    "in_progress",
    "suspended",
    "closeout_requested",
    "checking",
    "check_passed",
)
STEPS = (
    ("case.ask_verification", "reported", "verifying"),
    ("case.verify", "verifying", "reported"),
    ("case.decline", "reported", "declined"),
    ("case.merge", "reported", "merged"),
    ("case.return", "dispatched", "dispatched"),
    ("case.return", "in_progress", "in_progress"),
    ("case.decide", "dispatched", "filed"),
    ("case.decide", "in_progress", "filed"),
    ("case.request_extension", "in_progress", "in_progress"),
    ("case.suspend", "in_progress", "in_progress"),
    ("case.decide", "in_progress", "suspended"),
    ("case.resume", "suspended", "in_progress"),
    ("case.withdraw_claim", "closeout_requested", "in_progress"),
    ("case.reopen", "closed", "in_progress"),
    *(("case.void", state, state) for state in OPEN),
    *(("case.decide", state, state) for state in OPEN),
    *(("case.decide", state, "voided") for state in OPEN),
    *(("case.transfer", state, "transferred") for state in OPEN),
    *(
        (command, state, state)
        for command in ("case.report_dissuaded", "case.record_disposition")
        for state in OPEN
    ),
    *(
        (command, state, state)
        for command in (
            "case.note",
            "case.record_refusal",
            "case.join",
            "case.raise_level",
            "case.attach_photos",
        )
        for state in ("verifying", "suspended")
    ),
)

COLUMNS = r"""
ALTER TABLE server."case"
  ADD COLUMN ended_at timestamptz,
  ADD COLUMN verifier_id uuid REFERENCES server."user",
  ADD COLUMN finding text CHECK (finding IN ('true', 'false', 'not_found')),
  ADD COLUMN merged_into uuid REFERENCES server."case",
  ADD COLUMN repeat_of uuid REFERENCES server."case",
  ADD COLUMN transferred_to text REFERENCES server.unit,
  ADD COLUMN paused_at timestamptz,
  ADD COLUMN resume_on date,
  ADD COLUMN returned_count integer NOT NULL DEFAULT 0,
  ADD COLUMN buck_passing_count integer NOT NULL DEFAULT 0,
  ADD COLUMN extension_count integer NOT NULL DEFAULT 0,
  ADD COLUMN rebound_count integer NOT NULL DEFAULT 0;
UPDATE server."case" SET ended_at = closed_at WHERE closed_at IS NOT NULL;
ALTER TABLE server."case"
  ADD CONSTRAINT ended_has_its_moment CHECK
    ((state IN ('closed', 'declined', 'merged', 'voided', 'transferred')) = (ended_at IS NOT NULL)),
  ADD CONSTRAINT suspended_has_its_pause CHECK ((state = 'suspended') = (paused_at IS NOT NULL)),
  ADD CONSTRAINT suspended_until_a_day CHECK (state <> 'suspended' OR resume_on IS NOT NULL),
  ADD CONSTRAINT merged_into_another CHECK ((state = 'merged') = (merged_into IS NOT NULL) AND merged_into <> case_id),
  ADD CONSTRAINT repeats_another CHECK (repeat_of <> case_id);
DROP INDEX server.case_open_by_due;
CREATE INDEX case_open_by_due ON server."case" (due_at) WHERE ended_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX case_to_resume ON server."case" (resume_on) WHERE state = 'suspended';
CREATE INDEX ON server."case" (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX ON server."case" (repeat_of) WHERE repeat_of IS NOT NULL;

CREATE TABLE server.case_request (
  request_id uuid PRIMARY KEY,
  case_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('return', 'extension', 'suspension', 'voiding')),
  asked_seq integer NOT NULL,
  asked_by uuid NOT NULL REFERENCES server."user",
  asked_unit text NOT NULL,
  asked_at timestamptz NOT NULL,
  until timestamptz,
  resume_on date,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'granted', 'refused')),
  words_given text[] NOT NULL DEFAULT '{}',
  decided_at timestamptz,
  CHECK ((state = 'pending') = (decided_at IS NULL)),
  CHECK ((kind = 'extension') = (until IS NOT NULL)),
  CHECK ((kind = 'suspension') = (resume_on IS NOT NULL)),
  FOREIGN KEY (case_id, asked_seq) REFERENCES server.case_entry (case_id, seq)
);
CREATE UNIQUE INDEX one_pending_request_of_a_kind ON server.case_request (case_id, kind) WHERE state = 'pending';
CREATE INDEX ON server.case_request (case_id, asked_at);
CREATE FUNCTION server.guard_case_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'pending'
     OR (NEW.request_id, NEW.case_id, NEW.kind, NEW.asked_seq, NEW.asked_by, NEW.asked_unit, NEW.asked_at, NEW.until, NEW.resume_on)
        IS DISTINCT FROM
        (OLD.request_id, OLD.case_id, OLD.kind, OLD.asked_seq, OLD.asked_by, OLD.asked_unit, OLD.asked_at, OLD.until, OLD.resume_on) THEN
    PERFORM server.case_fault('request_is_decided_once', 'a request is decided once and never rewritten');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_request_guarded BEFORE UPDATE ON server.case_request
  FOR EACH ROW EXECUTE FUNCTION server.guard_case_request();
CREATE TRIGGER case_request_never_deleted BEFORE DELETE OR TRUNCATE ON server.case_request
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE DELETE ON server.case_request FROM wangge_app;

ALTER TABLE server.case_entry DROP CONSTRAINT case_entry_check1;
ALTER TABLE server.case_entry ADD CONSTRAINT case_entry_check1 CHECK (actor_id IS NOT NULL OR command IN
  ('case.file', 'case.raise_level', 'case.report', 'case.join', 'case.import', 'case.resume'));
"""

GUARDS = r"""
-- What an entry of one command must show besides being a permitted step.
CREATE FUNCTION server.check_command(entry server.case_entry, held server."case") RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  facts jsonb := entry.canonical::jsonb -> 'facts';
  other server."case";
BEGIN
  IF (entry.command = 'case.import') <> (held.origin = 'imported' AND held.head_seq = 0) THEN
    PERFORM server.case_fault('imported_cases_begin_so', 'a case of an old ledger begins with one case.import, no other case has any');
  END IF;
  IF entry.command = 'case.assign_check' THEN
    PERFORM server.check_checker(entry.case_id, entry.seq, (facts ->> 'checker')::uuid);
  ELSIF entry.command = 'case.check' THEN
    PERFORM server.check_checker(entry.case_id, entry.seq, entry.actor_id);
  ELSIF entry.command = 'case.close' THEN
    PERFORM server.check_closing(entry);
  ELSIF entry.command = 'case.merge' THEN
    SELECT * INTO other FROM server."case" c WHERE c.case_id = (facts ->> 'into')::uuid;
    IF other.case_id IS NULL OR other.case_id = held.case_id OR other.ended_at IS NOT NULL OR other.category <> held.category THEN
      PERFORM server.case_fault('merged_into_an_open_case', 'a case is merged into another open case of its category');
    END IF;
  ELSIF entry.command = 'case.decide' AND entry.to_state = 'voided'
    AND entry.actor_id = (SELECT e.actor_id FROM server.case_entry e WHERE e.case_id = entry.case_id
                             AND e.command = 'case.void' AND e.seq < entry.seq ORDER BY e.seq DESC LIMIT 1) THEN
    PERFORM server.case_fault('voided_by_a_second_person', 'whoever asked to void a case may not grant it');
  ELSIF entry.command = 'case.decide' AND NOT EXISTS (
      SELECT FROM server.case_request r WHERE r.case_id = entry.case_id AND r.request_id::text = facts ->> 'request_id') THEN
    PERFORM server.case_fault('decided_what_was_asked', 'the entry decides a request that was never made');
  ELSIF entry.command = 'case.reopen' AND jsonb_array_length(coalesce(facts -> 'photos', '[]')) = 0 THEN
    PERFORM server.case_fault('reopened_with_a_photo', 'a case is reopened with a new photo only');
  END IF;
END $$;
CREATE OR REPLACE FUNCTION server.apply_case_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  held server."case";
  closed_on_paper timestamptz;
BEGIN
  SELECT * INTO held FROM server."case" WHERE case_id = NEW.case_id FOR UPDATE;
  IF NEW.seq <> held.head_seq + 1 OR NEW.prev_hash IS DISTINCT FROM held.head_hash THEN
    PERFORM server.case_fault('case_entry_chain', 'the entry does not follow the last one of its case');
  END IF;
  IF NEW.from_state <> (CASE WHEN held.head_seq = 0 THEN '' ELSE held.state END) THEN
    PERFORM server.case_fault('case_entry_from_state', 'the case is not in the state the entry starts from');
  END IF;
  IF NEW.version NOT BETWEEN held.version AND held.version + 1 OR NEW.level < held.level THEN
    PERFORM server.case_fault('case_entry_version', 'versions rise by one, levels never fall');
  END IF;
  IF NOT EXISTS (SELECT FROM server.case_transition t
                  WHERE (t.command, t.from_state, t.to_state) = (NEW.command, NEW.from_state, NEW.to_state)) THEN
    PERFORM server.case_fault('case_transition_permitted', format('%s does not lead from %s to %s', NEW.command, NEW.from_state, NEW.to_state));
  END IF;
  PERFORM server.check_entry_text(NEW);
  PERFORM server.check_command(NEW, held);
  IF NEW.command = 'case.import' THEN
    closed_on_paper := server.check_import(NEW, held);
  END IF;
  UPDATE server."case" SET state = NEW.to_state, version = NEW.version, level = NEW.level,
         head_seq = NEW.seq, head_hash = NEW.entry_hash,
         closed_at = CASE WHEN NEW.to_state = 'closed' THEN coalesce(closed_on_paper, NEW.recorded_at) END,
         ended_at = CASE WHEN NEW.to_state IN ('closed', 'declined', 'merged', 'voided', 'transferred')
                         THEN coalesce(closed_on_paper, NEW.recorded_at) END,
         paused_at = CASE WHEN NEW.to_state = 'suspended' THEN coalesce(held.paused_at, NEW.recorded_at) END,
         resume_on = CASE WHEN NEW.to_state = 'suspended' THEN coalesce(held.resume_on, (NEW.canonical::jsonb #>> '{facts,resume_on}')::date) END,
         merged_into = CASE WHEN NEW.to_state = 'merged' THEN (NEW.canonical::jsonb #>> '{facts,into}')::uuid END
   WHERE case_id = NEW.case_id;
  RETURN NULL;
END $$;
"""

UNGUARD = r"""
CREATE OR REPLACE FUNCTION server.apply_case_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  held server."case";
  closed_on_paper timestamptz;
BEGIN
  SELECT * INTO held FROM server."case" WHERE case_id = NEW.case_id FOR UPDATE;
  IF NEW.seq <> held.head_seq + 1 OR NEW.prev_hash IS DISTINCT FROM held.head_hash THEN
    PERFORM server.case_fault('case_entry_chain', 'the entry does not follow the last one of its case');
  END IF;
  IF NEW.from_state <> (CASE WHEN held.head_seq = 0 THEN '' ELSE held.state END) THEN
    PERFORM server.case_fault('case_entry_from_state', 'the case is not in the state the entry starts from');
  END IF;
  IF NEW.version NOT BETWEEN held.version AND held.version + 1 OR NEW.level < held.level THEN
    PERFORM server.case_fault('case_entry_version', 'versions rise by one, levels never fall');
  END IF;
  IF NOT EXISTS (SELECT FROM server.case_transition t
                  WHERE (t.command, t.from_state, t.to_state) = (NEW.command, NEW.from_state, NEW.to_state)) THEN
    PERFORM server.case_fault('case_transition_permitted', format('%s does not lead from %s to %s', NEW.command, NEW.from_state, NEW.to_state));
  END IF;
  PERFORM server.check_entry_text(NEW);
  IF (NEW.command = 'case.import') <> (held.origin = 'imported' AND held.head_seq = 0) THEN
    PERFORM server.case_fault('imported_cases_begin_so', 'a case of an old ledger begins with one case.import, no other case has any');
  END IF;
  IF NEW.command = 'case.assign_check' THEN
    PERFORM server.check_checker(NEW.case_id, NEW.seq, (NEW.canonical::jsonb #>> '{facts,checker}')::uuid);
  ELSIF NEW.command = 'case.check' THEN
    PERFORM server.check_checker(NEW.case_id, NEW.seq, NEW.actor_id);
  ELSIF NEW.command = 'case.close' THEN
    PERFORM server.check_closing(NEW);
  ELSIF NEW.command = 'case.import' THEN
    closed_on_paper := server.check_import(NEW, held);
  END IF;
  UPDATE server."case" SET state = NEW.to_state, version = NEW.version, level = NEW.level,
         head_seq = NEW.seq, head_hash = NEW.entry_hash,
         closed_at = CASE WHEN NEW.to_state = 'closed' THEN coalesce(closed_on_paper, NEW.recorded_at) END WHERE case_id = NEW.case_id;
  RETURN NULL;
END $$;
DROP FUNCTION server.check_command(server.case_entry, server."case");
"""

REMOVE = r"""
ALTER TABLE server.case_entry DROP CONSTRAINT case_entry_check1;
ALTER TABLE server.case_entry ADD CONSTRAINT case_entry_check1
  CHECK (actor_id IS NOT NULL OR command IN ('case.file', 'case.raise_level', 'case.report', 'case.join', 'case.import'));
DROP TABLE server.case_request;
DROP FUNCTION server.guard_case_request();
DROP INDEX server.case_open_by_due;
CREATE INDEX case_open_by_due ON server."case" (due_at) WHERE closed_at IS NULL AND due_at IS NOT NULL;
ALTER TABLE server."case"
  DROP COLUMN ended_at, DROP COLUMN verifier_id, DROP COLUMN finding, DROP COLUMN merged_into,
  DROP COLUMN repeat_of, DROP COLUMN transferred_to, DROP COLUMN paused_at, DROP COLUMN resume_on,
  DROP COLUMN returned_count, DROP COLUMN buck_passing_count, DROP COLUMN extension_count,
  DROP COLUMN rebound_count;
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(GUARDS)
    rows = ", ".join(f"('{command}', '{start}', '{to}')" for command, start, to in STEPS)
    op.execute(f"INSERT INTO server.case_transition (command, from_state, to_state) VALUES {rows}")


def downgrade() -> None:
    # A row that stands in a state the older product does not know keeps the older schema from coming back.
    for command, start, to in STEPS:
        op.execute(
            "DELETE FROM server.case_transition"
            f" WHERE (command, from_state, to_state) = ('{command}', '{start}', '{to}')"
        )
    op.execute(UNGUARD)
    op.execute(REMOVE)
