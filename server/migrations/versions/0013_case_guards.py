"""What can never happen to a case, held by triggers: see the names of the faults they raise."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UP = r"""
CREATE FUNCTION server.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER case_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.case_entry
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER case_number_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.case_number
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER case_never_deleted BEFORE DELETE OR TRUNCATE ON server."case"
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE UPDATE, DELETE ON server.case_entry FROM wangge_app;
REVOKE INSERT, UPDATE, DELETE ON server.case_number, server.case_transition FROM wangge_app;
REVOKE DELETE ON server."case" FROM wangge_app;

CREATE FUNCTION server.case_fault(code text, message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', message USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = code;
END $$;

-- The entry must say in its hashed text what its columns say.
CREATE FUNCTION server.check_entry_text(entry server.case_entry) RETURNS void LANGUAGE plpgsql AS $$
DECLARE told jsonb := entry.canonical::jsonb;
BEGIN
  IF told ->> 'case_id' IS DISTINCT FROM entry.case_id::text
     OR (told ->> 'seq')::integer IS DISTINCT FROM entry.seq
     OR (told ->> 'version')::integer IS DISTINCT FROM entry.version
     OR (told ->> 'level')::integer IS DISTINCT FROM entry.level
     OR told ->> 'command' IS DISTINCT FROM entry.command
     OR told ->> 'from' IS DISTINCT FROM entry.from_state
     OR told ->> 'to' IS DISTINCT FROM entry.to_state
     OR told ->> 'actor' IS DISTINCT FROM entry.actor_id::text
     OR told ->> 'actor_unit' IS DISTINCT FROM entry.actor_unit
     OR (told ->> 'at')::timestamptz IS DISTINCT FROM entry.recorded_at
     OR told ->> 'prev' IS DISTINCT FROM encode(entry.prev_hash, 'hex') THEN
    PERFORM server.case_fault('case_entry_text', 'the hashed text of the entry differs from its columns');
  END IF;
  IF entry.actor_unit IS DISTINCT FROM (SELECT u.unit_code FROM server."user" u WHERE u.user_id = entry.actor_id) THEN
    PERFORM server.case_fault('case_entry_unit', 'the entry names a unit that is not its actor''s');
  END IF;
END $$;

CREATE FUNCTION server.check_checker(checked_case uuid, before_seq integer, checker uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM server.case_entry e
              WHERE e.case_id = checked_case AND e.command = 'case.claim_fixed' AND e.seq < before_seq
                AND (e.actor_id = checker OR e.actor_unit = (SELECT u.unit_code FROM server."user" u WHERE u.user_id = checker))) THEN
    PERFORM server.case_fault('checker_is_not_the_fixer', 'the checker is a fixer or of a fixer''s unit');
  END IF;
END $$;

CREATE FUNCTION server.check_closing(entry server.case_entry) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  claim server.case_entry;
  passed server.case_entry;
BEGIN
  SELECT * INTO claim FROM server.case_entry e WHERE e.case_id = entry.case_id AND e.command = 'case.claim_fixed'
     AND e.seq < entry.seq ORDER BY seq DESC LIMIT 1;
  SELECT * INTO passed FROM server.case_entry e WHERE e.case_id = entry.case_id AND e.command = 'case.check'
     AND e.seq < entry.seq ORDER BY seq DESC LIMIT 1;
  IF claim.seq IS NULL OR passed.seq IS NULL OR passed.seq < claim.seq OR passed.to_state <> 'check_passed' THEN
    PERFORM server.case_fault('closed_after_passed_check', 'no passed check was made after the last claim');
  END IF;
  IF passed.actor_id = entry.actor_id THEN
    PERFORM server.case_fault('signer_is_not_the_checker', 'the signer made the check');
  END IF;
  IF EXISTS (SELECT FROM server.photo_claim c JOIN server.photo p USING (sha256)
              WHERE c.entity = 'case' AND c.entity_id = entry.case_id AND p.state <> 'stored')
     OR (SELECT photo_required FROM server."case" WHERE case_id = entry.case_id)
        AND NOT EXISTS (SELECT FROM server.photo_claim c JOIN server.photo p USING (sha256)
                         WHERE c.entity = 'case' AND c.entity_id = entry.case_id AND c.role = 'before' AND p.state = 'stored')
     OR NOT EXISTS (SELECT FROM server.photo_claim c JOIN server.photo p USING (sha256)
                     WHERE c.entity = 'case' AND c.entity_id = entry.case_id AND c.role = 'after'
                       AND c.entry_seq = claim.seq AND p.state = 'stored')
     OR NOT EXISTS (SELECT FROM server.photo_claim c JOIN server.photo p USING (sha256)
                     WHERE c.entity = 'case' AND c.entity_id = entry.case_id AND c.role = 'check'
                       AND c.entry_seq = passed.seq AND p.state = 'stored' AND p.first_seen_at > claim.recorded_at) THEN
    PERFORM server.case_fault('closed_with_evidence', 'the evidence of the case is not complete');
  END IF;
END $$;

-- An entry is the only thing that moves a case: it is checked, chained and then applied here.
CREATE FUNCTION server.apply_case_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
CREATE TRIGGER case_entry_moves_the_case AFTER INSERT ON server.case_entry
  FOR EACH ROW EXECUTE FUNCTION server.apply_case_entry();

CREATE FUNCTION server.guard_case() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER case_guarded BEFORE INSERT OR UPDATE ON server."case"
  FOR EACH ROW EXECUTE FUNCTION server.guard_case();
"""

DOWN = r"""
DROP TRIGGER case_guarded ON server."case";
DROP TRIGGER case_entry_moves_the_case ON server.case_entry;
DROP TRIGGER case_never_deleted ON server."case";
DROP TRIGGER case_number_append_only ON server.case_number;
DROP TRIGGER case_entry_append_only ON server.case_entry;
DROP FUNCTION server.guard_case();
DROP FUNCTION server.apply_case_entry();
DROP FUNCTION server.check_closing(server.case_entry);
DROP FUNCTION server.check_checker(uuid, integer, uuid);
DROP FUNCTION server.check_entry_text(server.case_entry);
DROP FUNCTION server.case_fault(text, text);
DROP FUNCTION server.refuse_change();
GRANT UPDATE, DELETE ON server.case_entry TO wangge_app;
GRANT INSERT, UPDATE, DELETE ON server.case_number, server.case_transition TO wangge_app;
GRANT DELETE ON server."case" TO wangge_app;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
