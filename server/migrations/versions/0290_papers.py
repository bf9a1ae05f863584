"""Papers: their templates, numbers and append-only history, what may never be false of them, and what waits to be drafted."""

from alembic import op

revision = "0290"
down_revision = "0280"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.paper_prefix (
  body text NOT NULL REFERENCES server.unit,
  kind text NOT NULL,
  prefix text NOT NULL CHECK (prefix ~ '^[^\s〔〕]{1,30}$'),
  PRIMARY KEY (body, kind),
  CONSTRAINT paper_prefix_of_one_body EXCLUDE USING gist (prefix WITH =, body WITH <>)
);
CREATE TABLE server.paper_template (
  template_id uuid PRIMARY KEY,
  kind text NOT NULL,
  content bytea NOT NULL,
  sha256 bytea NOT NULL CHECK (sha256 = sha256(content)),
  origin text NOT NULL CHECK (origin IN ('standard', 'office')),
  valid_from timestamptz NOT NULL,
  added_by uuid REFERENCES server."user",
  UNIQUE (kind, valid_from)
);
CREATE TABLE server.paper (
  paper_id uuid PRIMARY KEY,
  kind text NOT NULL,
  body text NOT NULL REFERENCES server.unit,
  to_unit text REFERENCES server.unit,
  state text NOT NULL DEFAULT 'draft',
  head_seq integer NOT NULL DEFAULT 0,
  number text UNIQUE,
  fields jsonb NOT NULL,
  template_id uuid REFERENCES server.paper_template,
  drafted_at timestamptz NOT NULL,
  issued_at timestamptz,
  CONSTRAINT paper_issued_with_number CHECK ((state = 'issued') = (number IS NOT NULL)),
  CONSTRAINT paper_issued_with_moment CHECK ((state = 'issued') = (issued_at IS NOT NULL)),
  CONSTRAINT paper_issued_with_template CHECK ((state = 'issued') = (template_id IS NOT NULL))
);
CREATE INDEX paper_newest_first ON server.paper (drafted_at DESC, paper_id DESC);
CREATE INDEX ON server.paper (body, drafted_at DESC, paper_id DESC);
CREATE INDEX ON server.paper (to_unit, drafted_at DESC, paper_id DESC);
CREATE TABLE server.paper_case (
  paper_id uuid NOT NULL REFERENCES server.paper,
  position integer NOT NULL CHECK (position >= 1),
  case_id uuid NOT NULL REFERENCES server."case",
  kind text NOT NULL,
  cause_seq integer,
  PRIMARY KEY (paper_id, position),
  UNIQUE (case_id, paper_id)
);
CREATE UNIQUE INDEX paper_case_drafted_once ON server.paper_case (case_id, cause_seq, kind) WHERE cause_seq IS NOT NULL;
COMMENT ON COLUMN server.paper_case.cause_seq IS 'the entry of the case for which the product drafted the paper by itself';

CREATE TABLE server.paper_transition (
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  PRIMARY KEY (command, from_state, to_state)
);
INSERT INTO server.paper_transition (command, from_state, to_state) VALUES
  ('paper.draft', '', 'draft'),
  ('paper.edit', 'draft', 'draft'),
  ('paper.review', 'draft', 'reviewed'),
  ('paper.void', 'draft', 'void'),
  ('paper.countersign', 'reviewed', 'countersigned'),
  ('paper.send_back', 'reviewed', 'draft'),
  ('paper.void', 'reviewed', 'void'),
  ('paper.issue', 'countersigned', 'issued'),
  ('paper.send_back', 'countersigned', 'draft'),
  ('paper.void', 'countersigned', 'void'),
  ('paper.serve', 'issued', 'issued'),
  ('paper.receive', 'issued', 'issued'),
  ('paper.attach_scan', 'issued', 'issued');
CREATE TABLE server.paper_entry (
  paper_id uuid NOT NULL REFERENCES server.paper,
  seq integer NOT NULL CHECK (seq >= 1),
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  actor_id uuid REFERENCES server."user",
  actor_unit text,
  recorded_at timestamptz NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (paper_id, seq),
  CHECK ((actor_id IS NULL) = (actor_unit IS NULL)),
  CONSTRAINT paper_moved_by_people CHECK (actor_id IS NOT NULL OR command = 'paper.draft'),
  CONSTRAINT paper_void_with_reason CHECK (command NOT IN ('paper.void', 'paper.send_back') OR coalesce(data ->> 'reason', '') <> ''),
  CONSTRAINT paper_served_by_two CHECK (command <> 'paper.serve' OR coalesce(data ->> 'server_1', '') <> ''
    AND coalesce(data ->> 'server_2', '') NOT IN ('', data ->> 'server_1')),
  CONSTRAINT paper_refusal_is_witnessed CHECK (command <> 'paper.serve' OR data -> 'received' = 'true'
    OR data -> 'received' = 'false' AND coalesce(data ->> 'refused_because', '') <> '' AND coalesce(data ->> 'witness', '') <> ''),
  CONSTRAINT paper_scan_has_its_digest CHECK (command <> 'paper.attach_scan' OR coalesce(data ->> 'sha256', '') ~ '^[0-9a-f]{64}$')
);
CREATE TABLE server.paper_number (
  prefix text NOT NULL,
  year integer NOT NULL,
  seq integer NOT NULL CHECK (seq >= 1),
  paper_id uuid NOT NULL UNIQUE REFERENCES server.paper,
  number text NOT NULL UNIQUE,
  PRIMARY KEY (prefix, year, seq)
);
CREATE TABLE server.paper_due (
  case_id uuid NOT NULL REFERENCES server."case",
  seq integer NOT NULL,
  PRIMARY KEY (case_id, seq)
);

CREATE TRIGGER paper_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.paper_entry
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER paper_number_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.paper_number
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER paper_case_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.paper_case
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER paper_template_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.paper_template
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER paper_never_deleted BEFORE DELETE OR TRUNCATE ON server.paper
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE UPDATE, DELETE ON server.paper_entry, server.paper_case, server.paper_template FROM wangge_app;
REVOKE INSERT, UPDATE, DELETE ON server.paper_number, server.paper_transition FROM wangge_app;
REVOKE DELETE ON server.paper FROM wangge_app;

CREATE FUNCTION server.check_paper_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM server.paper_number WHERE (prefix, year) = (NEW.prefix, NEW.year))
     OR NEW.number <> format('%s〔%s〕%s号', NEW.prefix, NEW.year, NEW.seq) THEN
    PERFORM server.case_fault('paper_numbers_have_no_gap', format('%s does not follow the last number of its year', NEW.number));
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER paper_numbers_have_no_gap BEFORE INSERT ON server.paper_number
  FOR EACH ROW EXECUTE FUNCTION server.check_paper_number();

-- The rows of the prefix stay locked to the end of the transaction: the next number waits for this one's fate.
CREATE FUNCTION server.number_paper(held server.paper, at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  wanted text;
  local_year integer := extract(year FROM at AT TIME ZONE 'Asia/Shanghai');
  next_seq integer;
  given text;
BEGIN
  SELECT prefix INTO wanted FROM server.paper_prefix WHERE (body, kind) = (held.body, held.kind);
  IF wanted IS NULL THEN
    PERFORM server.case_fault('paper_prefix_known', format('no prefix for %s and %s', held.body, held.kind));
  END IF;
  PERFORM FROM server.paper_prefix WHERE prefix = wanted ORDER BY body, kind FOR UPDATE;
  SELECT coalesce(max(seq), 0) + 1 INTO next_seq FROM server.paper_number WHERE (prefix, year) = (wanted, local_year);
  given := format('%s〔%s〕%s号', wanted, local_year, next_seq);
  INSERT INTO server.paper_number (prefix, year, seq, paper_id, number) VALUES (wanted, local_year, next_seq, held.paper_id, given);
  RETURN given;
END $$;

CREATE FUNCTION server.check_paper_persons(entry server.paper_entry) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  sent_back integer := (SELECT coalesce(max(seq), 0) FROM server.paper_entry WHERE paper_id = entry.paper_id AND command = 'paper.send_back');
BEGIN
  IF entry.actor_unit IS DISTINCT FROM (SELECT u.unit_code FROM server."user" u WHERE u.user_id = entry.actor_id) THEN
    PERFORM server.case_fault('paper_entry_unit', 'the entry names a unit that is not its actor''s');
  END IF;
  IF entry.command IN ('paper.review', 'paper.issue') AND EXISTS (
       SELECT FROM server.paper_entry e WHERE e.paper_id = entry.paper_id AND e.actor_id = entry.actor_id
          AND (e.command IN ('paper.draft', 'paper.edit')
               OR entry.command = 'paper.issue' AND e.command = 'paper.review' AND e.seq > sent_back)) THEN
    PERFORM server.case_fault('paper_by_different_people', 'drafting, reviewing and issuing are for different people');
  END IF;
END $$;

-- An entry is the only thing that moves a paper: it is checked, and then applied here.
CREATE FUNCTION server.apply_paper_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  held server.paper;
  given text;
  used uuid;
BEGIN
  SELECT * INTO held FROM server.paper WHERE paper_id = NEW.paper_id FOR UPDATE;
  IF NEW.seq <> held.head_seq + 1 THEN
    PERFORM server.case_fault('paper_entry_follows', 'the entry does not follow the last one of its paper');
  END IF;
  IF NEW.from_state <> (CASE WHEN held.head_seq = 0 THEN '' ELSE held.state END) OR NOT EXISTS (
       SELECT FROM server.paper_transition t WHERE (t.command, t.from_state, t.to_state) = (NEW.command, NEW.from_state, NEW.to_state)) THEN
    PERFORM server.case_fault('paper_transition_permitted', format('%s does not lead from %s to %s', NEW.command, held.state, NEW.to_state));
  END IF;
  PERFORM server.check_paper_persons(NEW);
  IF NEW.command = 'paper.issue' THEN
    given := server.number_paper(held, NEW.recorded_at);
    SELECT template_id INTO used FROM server.paper_template WHERE kind = held.kind ORDER BY valid_from DESC LIMIT 1;
  END IF;
  UPDATE server.paper SET state = NEW.to_state, head_seq = NEW.seq, number = coalesce(given, number),
         template_id = coalesce(used, template_id),
         issued_at = CASE WHEN NEW.command = 'paper.issue' THEN NEW.recorded_at ELSE issued_at END,
         fields = CASE WHEN NEW.command = 'paper.edit' THEN fields || coalesce(NEW.data -> 'fields', '{}') ELSE fields END
   WHERE paper_id = NEW.paper_id;
  RETURN NULL;
END $$;
CREATE TRIGGER paper_entry_moves_the_paper AFTER INSERT ON server.paper_entry
  FOR EACH ROW EXECUTE FUNCTION server.apply_paper_entry();

CREATE FUNCTION server.guard_paper() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moving server.paper_entry;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.state, NEW.head_seq) IS DISTINCT FROM ('draft', 0) THEN
      PERFORM server.case_fault('paper_begins_as_draft', 'a paper begins as a draft without entries');
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state IN ('issued', 'void') AND to_jsonb(NEW) - 'head_seq' <> to_jsonb(OLD) - 'head_seq' THEN
    PERFORM server.case_fault('paper_issued_stays', 'what is issued or void never changes');
  END IF;
  SELECT * INTO moving FROM server.paper_entry e WHERE e.paper_id = NEW.paper_id AND e.seq = NEW.head_seq AND e.to_state = NEW.state;
  IF NEW IS DISTINCT FROM OLD AND (NEW.head_seq <> OLD.head_seq + 1 OR moving.seq IS NULL) THEN
    PERFORM server.case_fault('paper_moves_by_entries', 'only an entry of its history moves a paper');
  END IF;
  IF (NEW.paper_id, NEW.kind, NEW.body, NEW.to_unit, NEW.drafted_at) IS DISTINCT FROM (OLD.paper_id, OLD.kind, OLD.body, OLD.to_unit, OLD.drafted_at)
     OR NEW.fields <> OLD.fields AND (moving.command <> 'paper.edit' OR NEW.fields <> OLD.fields || coalesce(moving.data -> 'fields', '{}'))
     OR NEW.number IS DISTINCT FROM OLD.number AND NOT EXISTS (
          SELECT FROM server.paper_number n WHERE (n.paper_id, n.number) = (NEW.paper_id, NEW.number)) THEN
    PERFORM server.case_fault('paper_says_what_its_history_says', 'fields change by edits, numbers are given at issue');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER paper_guarded BEFORE INSERT OR UPDATE ON server.paper
  FOR EACH ROW EXECUTE FUNCTION server.guard_paper();

CREATE FUNCTION server.check_paper_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM server.paper p WHERE (p.paper_id, p.kind, p.head_seq) = (NEW.paper_id, NEW.kind, 0)) THEN
    PERFORM server.case_fault('paper_cases_stand_from_the_beginning', 'the cases of a paper are named when it is drafted');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER paper_cases_stand_from_the_beginning BEFORE INSERT ON server.paper_case
  FOR EACH ROW EXECUTE FUNCTION server.check_paper_case();

CREATE FUNCTION server.ask_for_papers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.command <> 'case.file' OR NEW.canonical::jsonb #>> '{facts,severity}' = 'A' THEN
    INSERT INTO server.paper_due (case_id, seq) VALUES (NEW.case_id, NEW.seq);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER case_entry_asks_for_papers AFTER INSERT ON server.case_entry FOR EACH ROW
  WHEN (NEW.command IN ('case.file', 'case.dispatch', 'case.raise_level', 'case.claim_fixed'))
  EXECUTE FUNCTION server.ask_for_papers();
"""

DOWN = r"""
DROP TRIGGER case_entry_asks_for_papers ON server.case_entry;
DROP FUNCTION server.ask_for_papers();
DROP FUNCTION server.number_paper(server.paper, timestamptz);
DROP FUNCTION server.check_paper_persons(server.paper_entry);
DROP TABLE server.paper_due;
DROP TABLE server.paper_number;
DROP TABLE server.paper_entry;
DROP TABLE server.paper_transition;
DROP TABLE server.paper_case;
DROP TABLE server.paper;
DROP TABLE server.paper_template;
DROP TABLE server.paper_prefix;
DROP FUNCTION server.check_paper_case();
DROP FUNCTION server.guard_paper();
DROP FUNCTION server.apply_paper_entry();
DROP FUNCTION server.check_paper_number();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
