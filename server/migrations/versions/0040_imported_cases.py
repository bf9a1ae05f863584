"""Cases taken in from an old ledger: closed without our check, but only so, and each by an import that is named."""

from alembic import op

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.ledger_import (
  import_id uuid PRIMARY KEY,
  ledger text NOT NULL,
  file_name text NOT NULL,
  file_sha256 bytea NOT NULL CHECK (length(file_sha256) = 32),
  imported_by uuid REFERENCES server."user",
  imported_at timestamptz NOT NULL
);
CREATE TABLE server.imported_case (
  case_id uuid PRIMARY KEY REFERENCES server."case",
  import_id uuid NOT NULL REFERENCES server.ledger_import,
  ledger text NOT NULL,
  old_number text,
  row_no integer NOT NULL,
  UNIQUE (ledger, old_number)
);
CREATE INDEX ON server.imported_case (import_id);
COMMENT ON COLUMN server.imported_case.old_number IS 'as the old ledger counts; once per ledger, so that none is taken in twice';
CREATE TRIGGER ledger_import_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.ledger_import
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER imported_case_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.imported_case
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE UPDATE, DELETE ON server.ledger_import, server.imported_case FROM wangge_app;

INSERT INTO server.case_transition (command, from_state, to_state) VALUES
  ('case.import', '', 'reported'),
  ('case.import', '', 'closed');
ALTER TABLE server.case_entry DROP CONSTRAINT case_entry_check1;
ALTER TABLE server.case_entry ADD CONSTRAINT case_entry_check1
  CHECK (actor_id IS NOT NULL OR command IN ('case.file', 'case.raise_level', 'case.report', 'case.join', 'case.import'));

-- Returns when the case was closed on paper, null while it is open.
CREATE FUNCTION server.check_import(entry server.case_entry, held server."case") RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
  facts jsonb := entry.canonical::jsonb -> 'facts';
  closed timestamptz := (facts ->> 'closed_at')::timestamptz;
BEGIN
  IF NOT EXISTS (SELECT FROM server.imported_case i WHERE i.case_id = entry.case_id AND i.import_id::text = facts ->> 'import') THEN
    PERFORM server.case_fault('import_is_named', 'the entry names no import that took the case in');
  END IF;
  IF (entry.to_state = 'closed') <> (closed IS NOT NULL) OR closed < held.reported_at OR closed > entry.recorded_at THEN
    PERFORM server.case_fault('closed_on_paper', 'the entry must say when the case was closed: after its report, before the import');
  END IF;
  RETURN closed;
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
CREATE OR REPLACE FUNCTION server.guard_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.state, NEW.version, NEW.head_seq, NEW.level) IS DISTINCT FROM ('reported', 0, 0, 0)
       OR NEW.head_hash IS NOT NULL OR NEW.number IS NOT NULL THEN
      PERFORM server.case_fault('case_begins_reported', 'a case begins reported, without entry and number');
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.state, NEW.version, NEW.level, NEW.head_seq, NEW.head_hash)
     IS DISTINCT FROM (OLD.state, OLD.version, OLD.level, OLD.head_seq, OLD.head_hash)
     AND (NEW.head_seq <> OLD.head_seq + 1 OR NOT EXISTS (SELECT FROM server.case_entry e WHERE e.case_id = NEW.case_id
            AND (e.seq, e.to_state, e.version, e.level, e.entry_hash) = (NEW.head_seq, NEW.state, NEW.version, NEW.level, NEW.head_hash))) THEN
    PERFORM server.case_fault('case_moves_by_entries', 'only an entry of its history moves a case');
  END IF;
  IF NEW.number IS DISTINCT FROM OLD.number AND (OLD.number IS NOT NULL OR NOT EXISTS (
       SELECT FROM server.case_number n WHERE n.case_id = NEW.case_id AND n.number = NEW.number)) THEN
    PERFORM server.case_fault('case_number_is_given_once', 'case numbers are given at commit, once');
  END IF;
  IF NEW.case_id <> OLD.case_id OR NEW.origin <> OLD.origin OR NEW.first_due_at IS DISTINCT FROM OLD.first_due_at AND OLD.first_due_at IS NOT NULL THEN
    PERFORM server.case_fault('case_first_facts_stay', 'the id, the origin and the first deadline of a case never change');
  END IF;
  RETURN NEW;
END $$;
"""

DOWN = r"""
CREATE OR REPLACE FUNCTION server.guard_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.state, NEW.version, NEW.head_seq, NEW.level) IS DISTINCT FROM ('reported', 0, 0, 0)
       OR NEW.head_hash IS NOT NULL OR NEW.number IS NOT NULL THEN
      PERFORM server.case_fault('case_begins_reported', 'a case begins reported, without entry and number');
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.state, NEW.version, NEW.level, NEW.head_seq, NEW.head_hash)
     IS DISTINCT FROM (OLD.state, OLD.version, OLD.level, OLD.head_seq, OLD.head_hash)
     AND (NEW.head_seq <> OLD.head_seq + 1 OR NOT EXISTS (SELECT FROM server.case_entry e WHERE e.case_id = NEW.case_id
            AND (e.seq, e.to_state, e.version, e.level, e.entry_hash) = (NEW.head_seq, NEW.state, NEW.version, NEW.level, NEW.head_hash))) THEN
    PERFORM server.case_fault('case_moves_by_entries', 'only an entry of its history moves a case');
  END IF;
  IF NEW.number IS DISTINCT FROM OLD.number AND (OLD.number IS NOT NULL OR NOT EXISTS (
       SELECT FROM server.case_number n WHERE n.case_id = NEW.case_id AND n.number = NEW.number)) THEN
    PERFORM server.case_fault('case_number_is_given_once', 'case numbers are given at commit, once');
  END IF;
  IF NEW.case_id <> OLD.case_id OR NEW.first_due_at IS DISTINCT FROM OLD.first_due_at AND OLD.first_due_at IS NOT NULL THEN
    PERFORM server.case_fault('case_first_facts_stay', 'the id and the first deadline of a case never change');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION server.apply_case_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held server."case";
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
  IF NEW.command = 'case.assign_check' THEN
    PERFORM server.check_checker(NEW.case_id, NEW.seq, (NEW.canonical::jsonb #>> '{facts,checker}')::uuid);
  ELSIF NEW.command = 'case.check' THEN
    PERFORM server.check_checker(NEW.case_id, NEW.seq, NEW.actor_id);
  ELSIF NEW.command = 'case.close' THEN
    PERFORM server.check_closing(NEW);
  END IF;
  UPDATE server."case" SET state = NEW.to_state, version = NEW.version, level = NEW.level,
         head_seq = NEW.seq, head_hash = NEW.entry_hash,
         closed_at = CASE WHEN NEW.to_state = 'closed' THEN NEW.recorded_at END WHERE case_id = NEW.case_id;
  RETURN NULL;
END $$;
DROP FUNCTION server.check_import(server.case_entry, server."case");
ALTER TABLE server.case_entry DROP CONSTRAINT case_entry_check1;
ALTER TABLE server.case_entry ADD CONSTRAINT case_entry_check1
  CHECK (actor_id IS NOT NULL OR command IN ('case.file', 'case.raise_level', 'case.report', 'case.join'));
DELETE FROM server.case_transition WHERE command = 'case.import';
DROP TABLE server.imported_case;
DROP TABLE server.ledger_import;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
