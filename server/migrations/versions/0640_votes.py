"""Votes of owners: rules with validity, registers, ballots entered twice, and what may never be false of a result."""

from alembic import op

revision = "0640"
down_revision = "0630"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.vote_rule (
  rule_set text NOT NULL,
  form text NOT NULL CHECK (form IN ('assembly', 'poll')),
  matter text NOT NULL,
  base text NOT NULL CHECK (base IN ('all', 'taking_part')),
  quorum_numerator integer,
  quorum_denominator integer CHECK (quorum_denominator > 0),
  approval_numerator integer NOT NULL,
  approval_denominator integer NOT NULL CHECK (approval_denominator > 0),
  approval_strict boolean NOT NULL,
  by_area boolean NOT NULL,
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to > valid_from),
  source text NOT NULL,
  PRIMARY KEY (rule_set, form, matter),
  CHECK ((quorum_numerator IS NULL) = (quorum_denominator IS NULL)),
  CONSTRAINT one_vote_rule_a_day EXCLUDE USING gist (form WITH =, matter WITH =, daterange(valid_from, valid_to) WITH &&)
);
INSERT INTO server.vote_rule
  SELECT 'property_law_2007', 'assembly', matter, 'all', NULL, NULL,
         CASE WHEN heavy THEN 2 ELSE 1 END, CASE WHEN heavy THEN 3 ELSE 2 END, NOT heavy, true,
         DATE '2007-10-01', DATE '2021-01-01', 'Property Law of 2007, article 76'
    FROM (VALUES ('procedure_rules', false), ('covenant', false), ('committee', false), ('property_company', false), ('fund_use', true),
                 ('fund_raise', true), ('rebuild', true), ('common_use', false), ('other', false)) AS m (matter, heavy);
INSERT INTO server.vote_rule
  SELECT 'civil_code_2021', 'assembly', matter, 'taking_part', 2, 3,
         CASE WHEN heavy THEN 3 ELSE 1 END, CASE WHEN heavy THEN 4 ELSE 2 END, NOT heavy, true,
         DATE '2021-01-01', NULL, 'Civil Code, article 278'
    FROM (VALUES ('procedure_rules', false), ('covenant', false), ('committee', false), ('property_company', false), ('fund_use', false),
                 ('fund_raise', true), ('rebuild', true), ('common_use', true), ('other', false)) AS m (matter, heavy);
INSERT INTO server.vote_rule VALUES
  ('opinion_poll', 'poll', 'any', 'taking_part', NULL, NULL, 1, 2, true, false, DATE '2007-10-01', NULL, 'default: no law counts an opinion poll');

CREATE TABLE server.vote (
  vote_id uuid PRIMARY KEY,
  community_id uuid NOT NULL REFERENCES geo.community,
  form text NOT NULL CHECK (form IN ('assembly', 'poll')),
  matter text NOT NULL CHECK (matter IN ('procedure_rules', 'covenant', 'committee', 'property_company', 'fund_use', 'fund_raise', 'rebuild', 'common_use', 'other')),
  subject text NOT NULL CHECK (btrim(subject) <> '' AND length(subject) <= 200),
  question text NOT NULL CHECK (btrim(question) <> '' AND length(question) <= 4000),
  state text NOT NULL DEFAULT 'draft',
  head_seq integer NOT NULL DEFAULT 0,
  rule_set text,
  rule_matter text,
  opens_on date,
  closes_on date CHECK (closes_on >= opens_on),
  result jsonb,
  objections_until date,
  created_at timestamptz NOT NULL,
  FOREIGN KEY (rule_set, form, rule_matter) REFERENCES server.vote_rule,
  CONSTRAINT vote_opened_under_a_rule CHECK (state IN ('draft', 'void') OR (rule_set IS NOT NULL AND rule_matter IS NOT NULL AND opens_on IS NOT NULL AND closes_on IS NOT NULL)),
  CONSTRAINT vote_counted_has_a_result CHECK (state NOT IN ('counted', 'published', 'decided') OR result IS NOT NULL),
  CONSTRAINT vote_uncounted_has_none CHECK (state NOT IN ('draft', 'open') OR result IS NULL),
  CONSTRAINT vote_published_can_be_objected_to CHECK (state NOT IN ('published', 'decided') OR objections_until IS NOT NULL)
);
CREATE INDEX vote_newest_first ON server.vote (created_at DESC, vote_id DESC);
CREATE INDEX ON server.vote (community_id);

CREATE TABLE server.vote_owner (
  vote_id uuid NOT NULL REFERENCES server.vote,
  owner_no text NOT NULL CHECK (btrim(owner_no) <> '' AND length(owner_no) <= 100),
  name text NOT NULL CHECK (length(name) <= 200),
  PRIMARY KEY (vote_id, owner_no)
);
COMMENT ON TABLE server.vote_owner IS 'one head each, however many units they own';
CREATE TABLE server.vote_unit (
  vote_id uuid NOT NULL,
  unit_no text NOT NULL CHECK (btrim(unit_no) <> '' AND length(unit_no) <= 100),
  owner_no text NOT NULL,
  area_m2 numeric(10, 2) CHECK (area_m2 > 0),
  PRIMARY KEY (vote_id, unit_no),
  FOREIGN KEY (vote_id, owner_no) REFERENCES server.vote_owner
);
CREATE INDEX ON server.vote_unit (vote_id, owner_no);

CREATE TABLE server.vote_ballot_entry (
  vote_id uuid NOT NULL,
  owner_no text NOT NULL,
  pass smallint NOT NULL CHECK (pass IN (1, 2)),
  attempt integer NOT NULL CHECK (attempt >= 1),
  choice text NOT NULL CHECK (choice IN ('for', 'against', 'abstain', 'invalid')),
  kind text NOT NULL CHECK (kind IN ('paper', 'proxy')),
  proxy_name text NOT NULL DEFAULT '' CHECK (length(proxy_name) <= 200),
  because text NOT NULL DEFAULT '' CHECK (length(because) <= 1000),
  entered_by uuid NOT NULL REFERENCES server."user",
  entered_at timestamptz NOT NULL,
  PRIMARY KEY (vote_id, owner_no, pass, attempt),
  FOREIGN KEY (vote_id, owner_no) REFERENCES server.vote_owner,
  CONSTRAINT ballot_proxy_is_named CHECK ((kind = 'proxy') = (btrim(proxy_name) <> '')),
  CONSTRAINT ballot_correction_has_a_reason CHECK ((attempt > 1) = (btrim(because) <> ''))
);
COMMENT ON TABLE server.vote_ballot_entry IS 'every ballot is entered twice, by two people; the latest attempt of each pass counts';
CREATE VIEW server.vote_ballot AS
  SELECT o.vote_id, o.owner_no, a.choice, a.kind, a.proxy_name, a.entered_by AS first_by, b.entered_by AS second_by,
         b.choice AS second_choice, b.kind AS second_kind, b.proxy_name AS second_proxy_name,
         coalesce((a.choice, a.kind, a.proxy_name) = (b.choice, b.kind, b.proxy_name), false) AS agreed,
         (a.choice IS NULL)::int + (b.choice IS NULL)::int AS missing
    FROM server.vote_owner o
    LEFT JOIN LATERAL (SELECT * FROM server.vote_ballot_entry e WHERE (e.vote_id, e.owner_no, e.pass) = (o.vote_id, o.owner_no, 1) ORDER BY attempt DESC LIMIT 1) a ON true
    LEFT JOIN LATERAL (SELECT * FROM server.vote_ballot_entry e WHERE (e.vote_id, e.owner_no, e.pass) = (o.vote_id, o.owner_no, 2) ORDER BY attempt DESC LIMIT 1) b ON true
   WHERE a.choice IS NOT NULL OR b.choice IS NOT NULL;
GRANT SELECT ON server.vote_ballot TO wangge_app;

CREATE TABLE server.vote_transition (
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  PRIMARY KEY (command, from_state, to_state)
);
INSERT INTO server.vote_transition (command, from_state, to_state) VALUES
  ('vote.draft', '', 'draft'),
  ('vote.edit', 'draft', 'draft'),
  ('vote.register', 'draft', 'draft'),
  ('vote.open', 'draft', 'open'),
  ('vote.count', 'open', 'counted'),
  ('vote.publish', 'counted', 'published'),
  ('vote.object', 'published', 'published'),
  ('vote.answer', 'published', 'published'),
  ('vote.decide', 'published', 'decided'),
  ('vote.void', 'draft', 'void'),
  ('vote.void', 'open', 'void'),
  ('vote.void', 'counted', 'void'),
  ('vote.void', 'published', 'void');
CREATE TABLE server.vote_entry (
  vote_id uuid NOT NULL REFERENCES server.vote,
  seq integer NOT NULL CHECK (seq >= 1),
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  actor_id uuid NOT NULL REFERENCES server."user",
  actor_unit text NOT NULL,
  recorded_at timestamptz NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (vote_id, seq),
  CONSTRAINT vote_void_with_reason CHECK (command <> 'vote.void' OR coalesce(data ->> 'reason', '') <> '')
);
CREATE TABLE server.vote_paper (
  vote_id uuid NOT NULL REFERENCES server.vote,
  paper_id uuid NOT NULL UNIQUE REFERENCES server.paper,
  PRIMARY KEY (vote_id, paper_id)
);

CREATE TRIGGER vote_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.vote_entry
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER vote_ballot_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.vote_ballot_entry
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER vote_paper_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.vote_paper
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER vote_never_deleted BEFORE DELETE OR TRUNCATE ON server.vote
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE UPDATE, DELETE ON server.vote_entry, server.vote_ballot_entry, server.vote_paper FROM wangge_app;
REVOKE INSERT, UPDATE, DELETE ON server.vote_rule, server.vote_transition FROM wangge_app;
REVOKE DELETE ON server.vote FROM wangge_app;

-- Heads and areas of the register, and of the ballots that both clerks entered alike.
CREATE FUNCTION server.vote_figures(of_vote uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
  WITH owner AS (
    SELECT o.owner_no, coalesce(sum(u.area_m2), 0) AS area FROM server.vote_owner o LEFT JOIN server.vote_unit u USING (vote_id, owner_no)
     WHERE o.vote_id = of_vote GROUP BY o.owner_no),
  cast_by AS (
    SELECT w.area, b.choice FROM owner w LEFT JOIN server.vote_ballot b ON b.vote_id = of_vote AND b.owner_no = w.owner_no AND b.agreed)
  SELECT jsonb_object_agg(name, jsonb_build_object('heads', heads, 'area_m2', area::text))
    FROM (SELECT 'everybody' AS name, count(*) AS heads, coalesce(sum(area), 0)::numeric(14, 2) AS area FROM cast_by
          UNION ALL
          SELECT c.name, count(b.choice), coalesce(sum(b.area), 0)::numeric(14, 2)
            FROM (VALUES ('approving', 'for'), ('against', 'against'), ('abstaining', 'abstain'), ('invalid', 'invalid')) AS c (name, choice)
            LEFT JOIN cast_by b USING (choice) GROUP BY c.name) AS told
$$;

CREATE FUNCTION server.vote_share_met(part jsonb, whole jsonb, numerator integer, denominator integer, strict boolean, by_area boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT bool_and(w > 0 AND CASE WHEN strict THEN p * denominator > w * numerator ELSE p * denominator >= w * numerator END)
    FROM (VALUES ((part ->> 'heads')::numeric, (whole ->> 'heads')::numeric, true),
                 ((part ->> 'area_m2')::numeric, (whole ->> 'area_m2')::numeric, by_area)) AS told (p, w, counts) WHERE counts
$$;

CREATE FUNCTION server.vote_outcome(rule server.vote_rule, figures jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  WITH part AS (
    SELECT jsonb_build_object('heads', sum((figures #>> ARRAY[name, 'heads'])::numeric),
                              'area_m2', sum((figures #>> ARRAY[name, 'area_m2'])::numeric)) AS taking
      FROM unnest(ARRAY['approving', 'against', 'abstaining']) AS name)
  SELECT CASE
    WHEN rule.quorum_numerator IS NOT NULL
         AND NOT server.vote_share_met(taking, figures -> 'everybody', rule.quorum_numerator, rule.quorum_denominator, false, rule.by_area) THEN 'no_quorum'
    WHEN server.vote_share_met(figures -> 'approving', CASE rule.base WHEN 'all' THEN figures -> 'everybody' ELSE taking END,
                               rule.approval_numerator, rule.approval_denominator, rule.approval_strict, rule.by_area) THEN 'passed'
    ELSE 'rejected' END FROM part
$$;

-- A register is written until the vote opens.
CREATE FUNCTION server.guard_vote_register() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_vote uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.vote_id ELSE NEW.vote_id END;
BEGIN
  PERFORM FROM server.vote WHERE vote_id = of_vote AND state = 'draft' FOR SHARE;
  IF NOT FOUND OR TG_OP = 'UPDATE' AND NEW.vote_id <> OLD.vote_id THEN
    PERFORM server.case_fault('vote_register_stands', 'the register of a vote stands once it is open');
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER vote_owner_guarded BEFORE INSERT OR UPDATE OR DELETE ON server.vote_owner FOR EACH ROW EXECUTE FUNCTION server.guard_vote_register();
CREATE TRIGGER vote_unit_guarded BEFORE INSERT OR UPDATE OR DELETE ON server.vote_unit FOR EACH ROW EXECUTE FUNCTION server.guard_vote_register();
CREATE TRIGGER vote_owner_never_emptied BEFORE TRUNCATE ON server.vote_owner FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER vote_unit_never_emptied BEFORE TRUNCATE ON server.vote_unit FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();

-- Ballots are taken while the vote is open, each pass by another person; a later attempt of a pass corrects it.
CREATE FUNCTION server.guard_vote_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM server.vote WHERE vote_id = NEW.vote_id AND state = 'open' FOR SHARE;
  IF NOT FOUND THEN
    PERFORM server.case_fault('vote_ballots_while_open', 'ballots are taken while the vote is open, and stand once they are counted');
  END IF;
  PERFORM FROM server.vote_owner WHERE vote_id = NEW.vote_id AND owner_no = NEW.owner_no FOR UPDATE;
  IF NEW.attempt <> 1 + (SELECT count(*) FROM server.vote_ballot_entry e WHERE (e.vote_id, e.owner_no, e.pass) = (NEW.vote_id, NEW.owner_no, NEW.pass)) THEN
    PERFORM server.case_fault('vote_one_ballot_an_owner', 'an owner has one ballot; a correction follows the last attempt');
  END IF;
  IF EXISTS (SELECT FROM server.vote_ballot_entry e WHERE e.vote_id = NEW.vote_id AND e.owner_no = NEW.owner_no AND e.pass <> NEW.pass AND e.entered_by = NEW.entered_by) THEN
    PERFORM server.case_fault('vote_ballot_by_two_people', 'a ballot is entered twice, by two people');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER vote_ballot_guarded BEFORE INSERT ON server.vote_ballot_entry FOR EACH ROW EXECUTE FUNCTION server.guard_vote_ballot();

-- The result says what the ballots and the rule say; it is reckoned here, whoever writes it.
CREATE FUNCTION server.check_vote_result(held server.vote, entry server.vote_entry) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  rule server.vote_rule;
  figures jsonb := server.vote_figures(held.vote_id);
BEGIN
  SELECT * INTO rule FROM server.vote_rule WHERE (rule_set, form, matter) = (held.rule_set, held.form, held.rule_matter);
  IF EXISTS (SELECT FROM server.vote_ballot WHERE vote_id = held.vote_id AND NOT agreed) THEN
    PERFORM server.case_fault('vote_ballots_entered_alike', 'a ballot was entered once only, or twice and differently');
  END IF;
  IF (entry.recorded_at AT TIME ZONE 'Asia/Shanghai')::date < held.closes_on THEN
    PERFORM server.case_fault('vote_counted_after_its_end', 'ballots are counted when the vote has closed');
  END IF;
  IF entry.data -> 'figures' IS DISTINCT FROM figures OR entry.data ->> 'outcome' IS DISTINCT FROM server.vote_outcome(rule, figures) THEN
    PERFORM server.case_fault('vote_result_says_what_the_ballots_say', 'the result is not what the ballots and the rule give');
  END IF;
END $$;

CREATE FUNCTION server.check_vote_end(held server.vote, entry server.vote_entry) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF (entry.recorded_at AT TIME ZONE 'Asia/Shanghai')::date <= held.objections_until THEN
    PERFORM server.case_fault('vote_decided_after_objections', 'a vote is decided when the days for objections are over');
  END IF;
  IF EXISTS (SELECT FROM server.vote_entry o WHERE o.vote_id = held.vote_id AND o.command = 'vote.object' AND NOT EXISTS (
       SELECT FROM server.vote_entry a WHERE a.vote_id = held.vote_id AND a.command = 'vote.answer' AND a.data -> 'objection' = to_jsonb(o.seq))) THEN
    PERFORM server.case_fault('vote_objections_answered', 'an objection has no answer');
  END IF;
END $$;

-- An entry is the only thing that moves a vote: it is checked, and then applied here.
CREATE FUNCTION server.apply_vote_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held server.vote;
BEGIN
  SELECT * INTO held FROM server.vote WHERE vote_id = NEW.vote_id FOR UPDATE;
  IF NEW.seq <> held.head_seq + 1 THEN
    PERFORM server.case_fault('vote_entry_follows', 'the entry does not follow the last one of its vote');
  END IF;
  IF NEW.from_state <> (CASE WHEN held.head_seq = 0 THEN '' ELSE held.state END) OR NOT EXISTS (
       SELECT FROM server.vote_transition t WHERE (t.command, t.from_state, t.to_state) = (NEW.command, NEW.from_state, NEW.to_state)) THEN
    PERFORM server.case_fault('vote_transition_permitted', format('%s does not lead from %s to %s', NEW.command, held.state, NEW.to_state));
  END IF;
  IF NEW.actor_unit IS DISTINCT FROM (SELECT u.unit_code FROM server."user" u WHERE u.user_id = NEW.actor_id) THEN
    PERFORM server.case_fault('vote_entry_unit', 'the entry names a unit that is not its actor''s');
  END IF;
  IF NEW.command = 'vote.open' AND NOT EXISTS (SELECT FROM server.vote_unit WHERE vote_id = NEW.vote_id) THEN
    PERFORM server.case_fault('vote_has_a_register', 'a vote without a register cannot open');
  END IF;
  IF NEW.command = 'vote.count' THEN PERFORM server.check_vote_result(held, NEW); END IF;
  IF NEW.command = 'vote.decide' THEN PERFORM server.check_vote_end(held, NEW); END IF;
  UPDATE server.vote SET state = NEW.to_state, head_seq = NEW.seq,
         form = coalesce(NEW.data ->> 'form', form), matter = coalesce(NEW.data ->> 'matter', matter),
         subject = coalesce(NEW.data ->> 'subject', subject), question = coalesce(NEW.data ->> 'question', question),
         rule_set = coalesce(NEW.data ->> 'rule_set', rule_set), rule_matter = coalesce(NEW.data ->> 'rule_matter', rule_matter),
         opens_on = coalesce((NEW.data ->> 'opens_on')::date, opens_on), closes_on = coalesce((NEW.data ->> 'closes_on')::date, closes_on),
         result = CASE WHEN NEW.command = 'vote.count' THEN NEW.data ELSE result END,
         objections_until = coalesce((NEW.data ->> 'objections_until')::date, objections_until)
   WHERE vote_id = NEW.vote_id;
  RETURN NULL;
END $$;
CREATE TRIGGER vote_entry_moves_the_vote AFTER INSERT ON server.vote_entry FOR EACH ROW EXECUTE FUNCTION server.apply_vote_entry();

CREATE FUNCTION server.guard_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moving server.vote_entry;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.state, NEW.head_seq) IS DISTINCT FROM ('draft', 0) OR NEW.rule_set IS NOT NULL THEN
      PERFORM server.case_fault('vote_begins_as_draft', 'a vote begins as a draft without entries');
    END IF;
    RETURN NEW;
  END IF;
  IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
  SELECT * INTO moving FROM server.vote_entry e WHERE e.vote_id = OLD.vote_id AND e.seq = NEW.head_seq AND e.to_state = NEW.state;
  IF NEW.head_seq <> OLD.head_seq + 1 OR moving.seq IS NULL OR OLD.state IN ('decided', 'void')
     OR (NEW.vote_id, NEW.community_id, NEW.created_at) IS DISTINCT FROM (OLD.vote_id, OLD.community_id, OLD.created_at) THEN
    PERFORM server.case_fault('vote_moves_by_entries', 'only an entry of its history moves a vote');
  END IF;
  IF moving.command NOT IN ('vote.edit', 'vote.draft') AND (NEW.form, NEW.matter, NEW.subject, NEW.question) IS DISTINCT FROM (OLD.form, OLD.matter, OLD.subject, OLD.question)
     OR moving.command <> 'vote.open' AND (NEW.rule_set, NEW.rule_matter, NEW.opens_on, NEW.closes_on) IS DISTINCT FROM (OLD.rule_set, OLD.rule_matter, OLD.opens_on, OLD.closes_on)
     OR moving.command <> 'vote.publish' AND NEW.objections_until IS DISTINCT FROM OLD.objections_until
     OR moving.command <> 'vote.count' AND NEW.result IS DISTINCT FROM OLD.result
     OR moving.command = 'vote.count' AND NEW.result IS DISTINCT FROM moving.data THEN
    PERFORM server.case_fault('vote_says_what_its_history_says', 'each part of a vote changes by its own command only');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER vote_guarded BEFORE INSERT OR UPDATE ON server.vote FOR EACH ROW EXECUTE FUNCTION server.guard_vote();
"""

DOWN = r"""
DROP TABLE server.vote_paper;
DROP VIEW server.vote_ballot CASCADE;
DROP FUNCTION server.check_vote_result(server.vote, server.vote_entry);
DROP FUNCTION server.check_vote_end(server.vote, server.vote_entry);
DROP TABLE server.vote_entry;
DROP FUNCTION server.apply_vote_entry();
DROP TABLE server.vote_transition;
DROP FUNCTION server.vote_figures(uuid);
DROP TABLE server.vote_ballot_entry;
DROP FUNCTION server.guard_vote_ballot();
DROP TABLE server.vote_unit;
DROP TABLE server.vote_owner;
DROP FUNCTION server.guard_vote_register();
DROP TABLE server.vote;
DROP FUNCTION server.guard_vote();
DROP FUNCTION server.vote_outcome(server.vote_rule, jsonb);
DROP FUNCTION server.vote_share_met(jsonb, jsonb, integer, integer, boolean, boolean);
DROP TABLE server.vote_rule;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
