"""Entries that leave the state of their case as it is are checked and applied a statement at a time.

A night in which a hundred thousand cases rise is then a few statements a batch. What is checked is what
`server.apply_case_entry` and `server.guard_level` check row by row for all other entries.
"""

from alembic import op

revision = "0580"
down_revision = "0570"
branch_labels = None
depends_on = None

QUIET = "('case.raise_level', 'case.joint_action')"
TOLD = """'case.dispatch', 'case.return', 'case.request_extension', 'case.suspend', 'case.void',
                        'case.decide', {rise}'case.assign_check', 'case.ask_verification',
                        'case.check', 'case.close', 'case.reopen', 'case.transfer', 'case.resume'"""
ASKING = """'case.file', 'case.dispatch', {rise}'case.claim_fixed', 'case.close'"""
ROW_TRIGGERS = """
DROP TRIGGER case_entry_moves_the_case ON server.case_entry;
CREATE TRIGGER case_entry_moves_the_case AFTER INSERT ON server.case_entry
  FOR EACH ROW{loud} EXECUTE FUNCTION server.apply_case_entry();
DROP TRIGGER case_entry_levels ON server.case_entry;
CREATE TRIGGER case_entry_levels AFTER INSERT ON server.case_entry
  FOR EACH ROW WHEN (NEW.level > 0{and_loud}) EXECUTE FUNCTION server.guard_level();
DROP TRIGGER case_entry_to_be_told ON server.case_entry;
CREATE TRIGGER case_entry_to_be_told AFTER INSERT ON server.case_entry FOR EACH ROW
  WHEN (NEW.command IN ({told}))
  EXECUTE FUNCTION server.note_untold();
DROP TRIGGER case_entry_asks_for_papers ON server.case_entry;
CREATE TRIGGER case_entry_asks_for_papers AFTER INSERT ON server.case_entry FOR EACH ROW
  WHEN (NEW.command IN ({asking})
        OR NEW.command = 'case.check' AND NEW.to_state = 'check_passed')
  EXECUTE FUNCTION server.ask_for_papers();
"""
GUARD = r"""
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
     AND (%s OR NOT EXISTS (SELECT FROM server.case_entry e WHERE e.case_id = NEW.case_id
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
UP = (
    r"""
CREATE FUNCTION server.quiet_fault(e server.case_entry, held server."case", before server.case_entry, told jsonb)
RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN e.seq <> coalesce(before.seq, held.head_seq) + 1
         OR e.prev_hash IS DISTINCT FROM (CASE WHEN before.seq IS NULL THEN held.head_hash ELSE before.entry_hash END)
      THEN 'case_entry_chain'
    WHEN held.head_seq = 0 OR e.from_state <> coalesce(before.to_state, held.state) THEN 'case_entry_from_state'
    WHEN e.command = 'case.raise_level' AND e.level <= coalesce(before.level, held.level) THEN 'levels_rise'
    WHEN e.version NOT BETWEEN coalesce(before.version, held.version) AND coalesce(before.version, held.version) + 1
         OR e.level < coalesce(before.level, held.level) THEN 'case_entry_version'
    WHEN e.command <> 'case.raise_level' AND e.level > coalesce(before.level, held.level) THEN 'only_rises_raise'
    WHEN e.from_state <> e.to_state OR NOT EXISTS (SELECT FROM server.case_transition t
         WHERE (t.command, t.from_state, t.to_state) = (e.command, e.from_state, e.to_state)) THEN 'case_transition_permitted'
    WHEN told ->> 'case_id' IS DISTINCT FROM e.case_id::text
      OR (told ->> 'seq')::integer IS DISTINCT FROM e.seq
      OR (told ->> 'version')::integer IS DISTINCT FROM e.version
      OR (told ->> 'level')::integer IS DISTINCT FROM e.level
      OR told ->> 'command' IS DISTINCT FROM e.command
      OR told ->> 'from' IS DISTINCT FROM e.from_state
      OR told ->> 'to' IS DISTINCT FROM e.to_state
      OR told ->> 'actor' IS DISTINCT FROM e.actor_id::text
      OR told ->> 'actor_unit' IS DISTINCT FROM e.actor_unit
      OR (told ->> 'at')::timestamptz IS DISTINCT FROM e.recorded_at
      OR told ->> 'prev' IS DISTINCT FROM encode(e.prev_hash, 'hex') THEN 'case_entry_text'
    WHEN e.actor_id IS NOT NULL
         AND e.actor_unit IS DISTINCT FROM (SELECT u.unit_code FROM server."user" u WHERE u.user_id = e.actor_id)
      THEN 'case_entry_unit'
  END
$$;
COMMENT ON FUNCTION server.quiet_fault IS 'what is wrong with an entry that follows another of the same statement, or the head of its case';

CREATE FUNCTION server.apply_quiet_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  fault text;
  at_fault uuid;
BEGIN
  IF NOT EXISTS (SELECT FROM added WHERE command IN QUIET) THEN
    RETURN NULL;
  END IF;
  PERFORM FROM server."case" c WHERE c.case_id IN (SELECT case_id FROM added WHERE command IN QUIET) ORDER BY c.case_id FOR UPDATE;
  SELECT f.fault, f.case_id INTO fault, at_fault
    FROM (SELECT c.case_id, (e.one).seq, server.quiet_fault(e.one, c, lag(e.one) OVER (PARTITION BY c.case_id ORDER BY (e.one).seq),
                                                            (e.one).canonical::jsonb) AS fault
            FROM (SELECT a.case_id, ROW(a.*)::server.case_entry AS one FROM added a WHERE a.command IN QUIET) e
            JOIN server."case" c USING (case_id)) f
   WHERE f.fault IS NOT NULL ORDER BY f.case_id, f.seq LIMIT 1;
  IF FOUND THEN
    PERFORM server.case_fault(fault, format('an entry of case %s may not follow its history', at_fault));
  END IF;
  UPDATE server."case" c SET version = l.version, level = l.level, head_seq = l.seq, head_hash = l.entry_hash
    FROM (SELECT DISTINCT ON (case_id) case_id, version, level, seq, entry_hash
            FROM added WHERE command IN QUIET ORDER BY case_id, seq DESC) l
   WHERE c.case_id = l.case_id;
  INSERT INTO server.untold (entity, entity_id, seq) SELECT 'case', case_id, seq FROM added WHERE command = 'case.raise_level';
  INSERT INTO server.paper_due (case_id, seq) SELECT case_id, seq FROM added WHERE command IN QUIET;
  RETURN NULL;
END $$;
CREATE TRIGGER case_entry_moves_cases AFTER INSERT ON server.case_entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION server.apply_quiet_entries();
""".replace("QUIET", QUIET)
    + ROW_TRIGGERS.format(
        loud=f" WHEN (NEW.command NOT IN {QUIET})",
        and_loud=f" AND NEW.command NOT IN {QUIET}",
        told=TOLD.format(rise=""),
        asking=ASKING.format(rise=""),
    )
    + GUARD % "NEW.head_seq <= OLD.head_seq"
)
DOWN = (
    ROW_TRIGGERS.format(
        loud="",
        and_loud="",
        told=TOLD.format(rise="'case.raise_level', "),
        asking=ASKING.format(rise="'case.raise_level', ") + ", 'case.joint_action'",
    )
    + GUARD % "NEW.head_seq <> OLD.head_seq + 1"
    + """
DROP TRIGGER case_entry_moves_cases ON server.case_entry;
DROP FUNCTION server.apply_quiet_entries();
DROP FUNCTION server.quiet_fault(server.case_entry, server."case", server.case_entry, jsonb);
"""
)


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
