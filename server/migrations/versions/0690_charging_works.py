"""Charging works: what happens to a site from the plan to its service, who has to act until when, and the papers of it."""

from alembic import op

revision = "0690"
down_revision = "0680"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.charging_work_state (
  state text PRIMARY KEY,
  site_status text NOT NULL,
  ended boolean NOT NULL
);
INSERT INTO server.charging_work_state VALUES
  ('planned', 'proposed', false),
  ('discussed', 'proposed', false),
  ('consulted', 'proposed', false),
  ('fire_reviewed', 'approved', false),
  ('power_replied', 'approved', false),
  ('invested', 'approved', false),
  ('building', 'under_construction', false),
  ('in_service', 'in_service', false),
  ('retired', 'retired', true),
  ('refused', 'refused', true),
  ('withdrawn', 'candidate', true);
CREATE TABLE server.charging_work_transition (
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  PRIMARY KEY (command, from_state, to_state)
);
INSERT INTO server.charging_work_transition (command, from_state, to_state) VALUES
  ('work.take_up', '', 'planned'),
  ('work.meet', 'planned', 'discussed'),
  ('work.consult', 'discussed', 'consulted'),
  ('work.fire_review', 'consulted', 'fire_reviewed'),
  ('work.fire_review', 'consulted', 'refused'),
  ('work.power_reply', 'fire_reviewed', 'power_replied'),
  ('work.power_reply', 'fire_reviewed', 'refused'),
  ('work.invest', 'power_replied', 'invested'),
  ('work.begin', 'invested', 'building'),
  ('work.extend', 'building', 'building'),
  ('work.complete', 'building', 'in_service'),
  ('work.retire', 'in_service', 'retired'),
  ('work.return', 'discussed', 'planned'),
  ('work.return', 'consulted', 'discussed'),
  ('work.return', 'fire_reviewed', 'consulted'),
  ('work.return', 'power_replied', 'fire_reviewed'),
  ('work.return', 'invested', 'power_replied'),
  ('work.return', 'building', 'invested'),
  ('work.return', 'in_service', 'building'),
  ('work.reopen', 'refused', 'planned'),
  ('work.reopen', 'withdrawn', 'planned'),
  ('work.reopen', 'retired', 'planned');
INSERT INTO server.charging_work_transition
  SELECT 'work.urge', state, state FROM server.charging_work_state WHERE NOT ended AND state <> 'in_service'
  UNION ALL
  SELECT 'work.withdraw', state, 'withdrawn' FROM server.charging_work_state WHERE NOT ended AND state <> 'in_service';

CREATE TABLE server.charging_work_limit (
  state text NOT NULL REFERENCES server.charging_work_state,
  valid_from date NOT NULL,
  responsible text NOT NULL CHECK (responsible <> ''),
  days integer CHECK (days BETWEEN 1 AND 3650),
  source text NOT NULL,
  PRIMARY KEY (state, valid_from)
);
COMMENT ON TABLE server.charging_work_limit IS 'who has to act next in a state (street: the unit of the place), and within how many days; NULL: by the day that was promised';
INSERT INTO server.charging_work_limit (state, valid_from, responsible, days, source) VALUES
  ('planned', '2019-03-01', 'street', 15, 'default'),
  ('discussed', '2019-03-01', 'street', 45, 'default'),
  ('consulted', '2019-03-01', 'emergency_bureau', 15, 'default'),
  ('fire_reviewed', '2019-03-01', 'power_company', 15, 'default'),
  ('power_replied', '2019-03-01', 'street', 30, 'default'),
  ('invested', '2019-03-01', 'street', 30, 'default'),
  ('building', '2019-03-01', 'street', NULL, 'default');

CREATE TABLE server.charging_work (
  work_id uuid PRIMARY KEY,
  site_id uuid NOT NULL UNIQUE REFERENCES server.charging_site,
  plan_id uuid REFERENCES server.siting_plan,
  plan_site text,
  state text NOT NULL DEFAULT 'planned' REFERENCES server.charging_work_state,
  head_seq integer NOT NULL DEFAULT 0,
  since date,
  responsible text REFERENCES server.unit,
  due_on date,
  vote_id uuid REFERENCES server.vote,
  created_at timestamptz NOT NULL,
  UNIQUE (plan_id, plan_site),
  CHECK ((plan_id IS NULL) = (plan_site IS NULL))
);
CREATE INDEX charging_work_newest_first ON server.charging_work (created_at DESC, work_id DESC);
CREATE INDEX ON server.charging_work (responsible, due_on);
CREATE TABLE server.charging_work_entry (
  work_id uuid NOT NULL REFERENCES server.charging_work,
  seq integer NOT NULL CHECK (seq >= 1),
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  actor_id uuid NOT NULL REFERENCES server."user",
  actor_unit text NOT NULL,
  recorded_at timestamptz NOT NULL,
  responsible text REFERENCES server.unit,
  due_on date,
  data jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (work_id, seq),
  CONSTRAINT charging_work_undone_with_reason CHECK (command NOT IN ('work.return', 'work.withdraw', 'work.reopen', 'work.retire', 'work.extend', 'work.urge')
    OR coalesce(data ->> 'reason', '') <> ''),
  CONSTRAINT charging_work_consulted_somebody CHECK (command <> 'work.consult'
    OR (coalesce(data ->> 'vote_id', '') <> '') <> (coalesce(data ->> 'waived_because', '') <> '')),
  CONSTRAINT charging_work_serves_with_ports CHECK (command <> 'work.complete' OR coalesce((data ->> 'charging_ports')::integer, 0) >= 1)
);
CREATE TABLE server.charging_work_paper (
  work_id uuid NOT NULL,
  seq integer NOT NULL,
  paper_id uuid NOT NULL REFERENCES server.paper,
  PRIMARY KEY (work_id, seq, paper_id),
  FOREIGN KEY (work_id, seq) REFERENCES server.charging_work_entry
);
CREATE TRIGGER charging_work_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.charging_work_entry
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER charging_work_paper_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.charging_work_paper
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER charging_work_limit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.charging_work_limit
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER charging_work_never_deleted BEFORE DELETE OR TRUNCATE ON server.charging_work
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE UPDATE, DELETE ON server.charging_work_entry, server.charging_work_paper, server.charging_work_limit FROM wangge_app;
REVOKE INSERT, UPDATE, DELETE ON server.charging_work_state, server.charging_work_transition FROM wangge_app;
REVOKE DELETE ON server.charging_work FROM wangge_app;

-- While a site is worked on, its status is what the work says.
CREATE FUNCTION server.keep_site_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT coalesce(min(s.site_status), NEW.status) INTO NEW.status FROM server.charging_work w
    JOIN server.charging_work_state s USING (state) WHERE w.site_id = NEW.site_id AND w.head_seq > 0 AND NOT s.ended;
  RETURN NEW;
END $$;
CREATE TRIGGER charging_site_says_what_its_work_says BEFORE UPDATE ON server.charging_site FOR EACH ROW
  WHEN (NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION server.keep_site_status();

CREATE FUNCTION server.check_work_vote(held server.charging_work, entry server.charging_work_entry) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF entry.data ->> 'vote_id' IS NOT NULL AND NOT EXISTS (
       SELECT FROM server.vote v JOIN server.charging_site s USING (community_id)
        WHERE v.vote_id = (entry.data ->> 'vote_id')::uuid AND s.site_id = held.site_id AND v.state IN ('counted', 'published', 'decided')) THEN
    PERFORM server.case_fault('charging_work_vote_is_of_its_community', 'the vote is not one that the owners of this community have taken');
  END IF;
END $$;

-- An entry is the only thing that moves a work, and the work moves its site.
CREATE FUNCTION server.apply_charging_work_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held server.charging_work;
BEGIN
  SELECT * INTO held FROM server.charging_work WHERE work_id = NEW.work_id FOR UPDATE;
  IF NEW.seq <> held.head_seq + 1 THEN
    PERFORM server.case_fault('charging_work_entry_follows', 'the entry does not follow the last one of its work');
  END IF;
  IF NEW.from_state <> (CASE WHEN held.head_seq = 0 THEN '' ELSE held.state END) OR NOT EXISTS (
       SELECT FROM server.charging_work_transition t WHERE (t.command, t.from_state, t.to_state) = (NEW.command, NEW.from_state, NEW.to_state)) THEN
    PERFORM server.case_fault('charging_work_transition_permitted', format('%s does not lead from %s to %s', NEW.command, held.state, NEW.to_state));
  END IF;
  IF NEW.actor_unit IS DISTINCT FROM (SELECT u.unit_code FROM server."user" u WHERE u.user_id = NEW.actor_id) THEN
    PERFORM server.case_fault('charging_work_entry_unit', 'the entry names a unit that is not its actor''s');
  END IF;
  PERFORM server.check_work_vote(held, NEW);
  UPDATE server.charging_work SET state = NEW.to_state, head_seq = NEW.seq, responsible = NEW.responsible, due_on = NEW.due_on,
         since = CASE WHEN NEW.to_state = NEW.from_state THEN since ELSE (NEW.recorded_at AT TIME ZONE 'Asia/Shanghai')::date END,
         vote_id = CASE WHEN NEW.command = 'work.consult' THEN (NEW.data ->> 'vote_id')::uuid ELSE vote_id END
   WHERE work_id = NEW.work_id;
  UPDATE server.charging_site s SET status = k.site_status, version = s.version + 1,
         charging_ports = CASE WHEN NEW.command = 'work.complete' THEN (NEW.data ->> 'charging_ports')::integer ELSE s.charging_ports END
    FROM server.charging_work_state k WHERE s.site_id = held.site_id AND k.state = NEW.to_state AND (s.status <> k.site_status OR NEW.command IN ('work.take_up', 'work.complete'));
  RETURN NULL;
END $$;
CREATE TRIGGER charging_work_entry_moves_the_work AFTER INSERT ON server.charging_work_entry
  FOR EACH ROW EXECUTE FUNCTION server.apply_charging_work_entry();

CREATE FUNCTION server.guard_charging_work() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moving server.charging_work_entry;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.state, NEW.head_seq) IS DISTINCT FROM ('planned', 0) OR NEW.vote_id IS NOT NULL THEN
      PERFORM server.case_fault('charging_work_begins_as_planned', 'a work begins as planned without entries');
    END IF;
    RETURN NEW;
  END IF;
  IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
  SELECT * INTO moving FROM server.charging_work_entry e WHERE e.work_id = OLD.work_id AND e.seq = NEW.head_seq AND e.to_state = NEW.state;
  IF NEW.head_seq <> OLD.head_seq + 1 OR moving.seq IS NULL
     OR (NEW.responsible, NEW.due_on) IS DISTINCT FROM (moving.responsible, moving.due_on)
     OR (NEW.work_id, NEW.site_id, NEW.plan_id, NEW.plan_site, NEW.created_at) IS DISTINCT FROM (OLD.work_id, OLD.site_id, OLD.plan_id, OLD.plan_site, OLD.created_at) THEN
    PERFORM server.case_fault('charging_work_moves_by_entries', 'only an entry of its history moves a work');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER charging_work_guarded BEFORE INSERT OR UPDATE ON server.charging_work
  FOR EACH ROW EXECUTE FUNCTION server.guard_charging_work();
"""

DOWN = r"""
DROP TRIGGER charging_site_says_what_its_work_says ON server.charging_site;
DROP FUNCTION server.keep_site_status();
DROP TABLE server.charging_work_paper;
DROP FUNCTION server.check_work_vote(server.charging_work, server.charging_work_entry);
DROP TABLE server.charging_work_entry;
DROP FUNCTION server.apply_charging_work_entry();
DROP TABLE server.charging_work;
DROP FUNCTION server.guard_charging_work();
DROP TABLE server.charging_work_limit;
DROP TABLE server.charging_work_transition;
DROP TABLE server.charging_work_state;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
