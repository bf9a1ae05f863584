"""Stand-ins: who acts for whom from when to when, and that two people in one deed count as both.

The hashed text of an entry names in its facts `on_behalf_of` whom its actor stood in for. Whoever mended,
checked or asked may then not check, sign or grant, neither themselves nor through a stand-in, nor as one.
"""

from alembic import op

revision = "0720"
down_revision = "0710"
branch_labels = None
depends_on = None

PAST = "CASE WHEN strpos(e.canonical, '\"due_at\"') > 0 THEN e.canonical::jsonb #>> '{facts,due_at}' END"
ABSENT = "CASE WHEN strpos(e.canonical, '\"on_behalf_of\"') > 0 THEN e.canonical::jsonb #>> '{facts,on_behalf_of}' END"
CASE_FILE = """
DO $do$
DECLARE was text := pg_get_functiondef('server.case_file(uuid, uuid, date, boolean, boolean)'::regprocedure);
BEGIN
  IF strpos(was, $old${old}$old$) = 0 THEN
    RAISE EXCEPTION 'server.case_file is not as this migration expects it';
  END IF;
  EXECUTE replace(was, $old${old}$old$, $new${new}$new$);
END $do$;
"""
UP = r"""
CREATE TABLE server.stand_in (
  stand_in_id uuid PRIMARY KEY,
  absent_id uuid NOT NULL REFERENCES server."user",
  deputy_id uuid NOT NULL REFERENCES server."user",
  from_on date NOT NULL,
  to_on date NOT NULL,
  reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 1 AND 500),
  named_by uuid NOT NULL REFERENCES server."user",
  named_at timestamptz NOT NULL,
  revoked_by uuid REFERENCES server."user",
  revoked_at timestamptz,
  CONSTRAINT stand_in_is_another CHECK (absent_id <> deputy_id),
  CONSTRAINT stand_in_ends CHECK (to_on >= from_on AND to_on - from_on < 93),
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
  CONSTRAINT one_stand_in_at_a_time EXCLUDE USING gist (absent_id WITH =, daterange(from_on, to_on, '[]') WITH &&)
    WHERE (revoked_at IS NULL)
);
COMMENT ON COLUMN server.stand_in.to_on IS 'the last local day';
CREATE INDEX ON server.stand_in (deputy_id, to_on);

CREATE TABLE server.stand_in_note (
  stand_in_note_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stand_in_id uuid NOT NULL REFERENCES server.stand_in,
  at timestamptz NOT NULL,
  user_id uuid NOT NULL REFERENCES server."user",
  words text NOT NULL CHECK (length(btrim(words)) BETWEEN 1 AND 4000)
);
CREATE INDEX ON server.stand_in_note (stand_in_id, stand_in_note_id);
CREATE TRIGGER stand_in_note_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.stand_in_note
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER stand_in_never_deleted BEFORE DELETE OR TRUNCATE ON server.stand_in
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE DELETE ON server.stand_in FROM wangge_app;
REVOKE UPDATE, DELETE ON server.stand_in_note FROM wangge_app;

CREATE FUNCTION server.guard_stand_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.revoked_at IS NOT NULL
       OR (NEW.stand_in_id, NEW.absent_id, NEW.deputy_id, NEW.from_on, NEW.to_on, NEW.reason, NEW.named_by, NEW.named_at)
          IS DISTINCT FROM
          (OLD.stand_in_id, OLD.absent_id, OLD.deputy_id, OLD.from_on, OLD.to_on, OLD.reason, OLD.named_by, OLD.named_at) THEN
      PERFORM server.case_fault('stand_in_is_only_revoked', 'a stand-in is revoked once, nothing else of it changes');
    END IF;
  ELSIF NOT EXISTS (SELECT FROM server."user" a JOIN server."user" d USING (unit_code)
                     WHERE a.user_id = NEW.absent_id AND d.user_id = NEW.deputy_id AND a.active AND d.active AND a.role <> 'admin') THEN
    PERFORM server.case_fault('stand_in_of_the_unit', 'only a colleague of the unit stands in, and nobody for an administrator');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stand_in_guarded BEFORE INSERT OR UPDATE ON server.stand_in
  FOR EACH ROW EXECUTE FUNCTION server.guard_stand_in();

CREATE FUNCTION server.people_behind(entry server.case_entry) RETURNS uuid[] LANGUAGE sql IMMUTABLE AS $$
  SELECT array_remove(ARRAY[entry.actor_id, CASE WHEN strpos(entry.canonical, '"on_behalf_of"') > 0
                            THEN (entry.canonical::jsonb #>> '{facts,on_behalf_of}')::uuid END], NULL)
$$;
COMMENT ON FUNCTION server.people_behind IS 'who acted, and for whom';

CREATE FUNCTION server.guard_people() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  behind uuid[] := server.people_behind(NEW);
  absent uuid := (NEW.canonical::jsonb #>> '{facts,on_behalf_of}')::uuid;
BEGIN
  IF absent IS NOT NULL AND NOT EXISTS (
       SELECT FROM server.stand_in s JOIN server."user" a ON a.user_id = s.absent_id JOIN server."user" d ON d.user_id = s.deputy_id
        WHERE s.absent_id = absent AND s.deputy_id = NEW.actor_id AND a.active AND a.unit_code = d.unit_code
          AND (NEW.recorded_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN s.from_on AND s.to_on
          AND (s.revoked_at IS NULL OR s.revoked_at > NEW.recorded_at)) THEN
    PERFORM server.case_fault('stand_in_in_force', 'the actor does not stand in for this person now');
  END IF;
  IF NEW.command IN ('case.check', 'case.close') AND EXISTS (
       SELECT FROM server.case_entry e WHERE e.case_id = NEW.case_id AND e.seq < NEW.seq AND e.command = 'case.claim_fixed'
          AND server.people_behind(e) && behind) THEN
    PERFORM server.case_fault(CASE NEW.command WHEN 'case.check' THEN 'checker_is_not_the_fixer' ELSE 'signer_is_not_the_fixer' END,
                              'whoever mended, or was stood in for, neither checks nor signs');
  END IF;
  IF NEW.command = 'case.close' AND server.people_behind((
       SELECT e FROM server.case_entry e WHERE e.case_id = NEW.case_id AND e.seq < NEW.seq AND e.command = 'case.check'
        ORDER BY e.seq DESC LIMIT 1)) && behind THEN
    PERFORM server.case_fault('signer_is_not_the_checker', 'whoever checked, or was stood in for, does not sign');
  END IF;
  IF NEW.command = 'case.decide' AND NEW.to_state = 'voided' AND server.people_behind((
       SELECT e FROM server.case_entry e WHERE e.case_id = NEW.case_id AND e.seq < NEW.seq AND e.command = 'case.void'
        ORDER BY e.seq DESC LIMIT 1)) && behind THEN
    PERFORM server.case_fault('voiding_takes_two', 'whoever asked for it, or was stood in for, does not grant it');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER case_entry_people AFTER INSERT ON server.case_entry FOR EACH ROW
  WHEN (NEW.command IN ('case.check', 'case.close', 'case.decide') OR strpos(NEW.canonical, '"on_behalf_of"') > 0)
  EXECUTE FUNCTION server.guard_people();
""" + CASE_FILE.replace("{old}", PAST).replace(
    "{new}", f"{PAST},\n                                        {ABSENT}"
)
DOWN = CASE_FILE.replace("{new}", PAST).replace(
    "{old}", f"{PAST},\n                                        {ABSENT}"
) + (
    """
DROP TRIGGER case_entry_people ON server.case_entry;
DROP FUNCTION server.guard_people();
DROP FUNCTION server.people_behind(server.case_entry);
DROP TABLE server.stand_in_note;
DROP TABLE server.stand_in;
DROP FUNCTION server.guard_stand_in();
"""
)


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
