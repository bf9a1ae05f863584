"""What held items wait for, what became of items later, what the office decided, and declared holes."""

from alembic import op

revision = "0190"
down_revision = "0180"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE sync.waiting (
  device_id uuid NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]*$'),
  key text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (device_id, seq, kind, key),
  CHECK (kind <> 'mid' OR key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
);
CREATE INDEX waiting_by_key ON sync.waiting (key, kind);
COMMENT ON TABLE sync.waiting IS 'mid: another item; type: a command; leader: a person; else the entity (case, checklist, …) whose record has this id';
COMMENT ON COLUMN sync.waiting.attempts IS 'tries that began and did not end; an item that took two processes down is quarantined';

INSERT INTO sync.waiting (device_id, seq, kind, key)
SELECT device_id, seq, 'mid', lower(one) FROM sync.mutation, jsonb_array_elements_text(result -> 'problem' -> 'mids') one
 WHERE status = 'held' AND result -> 'problem' ->> 'type' = '/problems/dependency-missing'
UNION
SELECT device_id, seq, 'type', type FROM sync.mutation
 WHERE status = 'held' AND result -> 'problem' ->> 'type' = '/problems/unknown-type'
UNION
SELECT device_id, seq, kind, entity_id::text FROM sync.mutation, unnest(ARRAY['case', 'inspection']) kind
 WHERE status = 'held' AND result -> 'problem' ->> 'type' = '/problems/not-found' AND entity_id IS NOT NULL
UNION
SELECT device_id, seq, 'checklist', (convert_from(e.body, 'UTF8')::json -> 'mutations' -> (m.seq - e.first_seq)::int -> 'data' ->> 'checklist_version')
  FROM sync.mutation m JOIN sync.envelope e USING (device_id, envelope_id)
 WHERE m.status = 'held' AND m.result -> 'problem' ->> 'type' = '/problems/unknown-checklist' AND e.body IS NOT NULL
UNION
SELECT device_id, seq, 'leader', '' FROM sync.mutation
 WHERE status = 'held' AND result -> 'problem' ->> 'type' = '/problems/not-yours';

-- A dependency may have come from another tablet: the same uniqueness, to be asked by mid alone.
DROP INDEX sync.mutation_mid_once;
CREATE UNIQUE INDEX mutation_mid_once ON sync.mutation (mid, device_id) WHERE NOT clash;
ALTER TABLE sync.mutation DROP CONSTRAINT mutation_check,
  ADD CONSTRAINT clash_is_for_the_office CHECK (NOT clash OR status IN ('quarantined', 'applied', 'merged', 'rejected'));

CREATE TABLE sync.outcome (
  outcome_id uuid PRIMARY KEY,
  device_id uuid NOT NULL,
  seq bigint NOT NULL,
  mid uuid NOT NULL,
  digest bytea NOT NULL,
  user_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('applied', 'merged', 'conflict', 'held', 'quarantined', 'rejected')),
  version integer,
  problem json,
  fates integer NOT NULL DEFAULT 1 CHECK (fates >= 1),
  fated_at timestamptz NOT NULL,
  UNIQUE (device_id, seq, mid, digest),
  FOREIGN KEY (device_id, seq, mid, digest) REFERENCES sync.mutation
);
COMMENT ON TABLE sync.outcome IS 'what became of an item after its first answer; sync.mutation.result stays as it was answered';

CREATE TABLE sync.decision (
  device_id uuid NOT NULL,
  seq bigint NOT NULL,
  mid uuid NOT NULL,
  digest bytea NOT NULL,
  action text NOT NULL CHECK (action IN ('apply', 'reject')),
  reason text NOT NULL CHECK (reason ~ '\S'),
  was text NOT NULL CHECK (was IN ('held', 'quarantined')),
  became text NOT NULL,
  applied_mid uuid,
  user_id uuid NOT NULL,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (device_id, seq, mid, digest),
  FOREIGN KEY (device_id, seq, mid, digest) REFERENCES sync.mutation,
  CHECK (became IN ('applied', 'merged') AND action = 'apply' OR became = 'rejected' AND action = 'reject'),
  CHECK (applied_mid IS NULL OR action = 'apply')
);
COMMENT ON COLUMN sync.decision.applied_mid IS 'the mid that the server made for an item whose own mid or seq was used twice';

CREATE TABLE sync.gap (
  device_id uuid NOT NULL,
  from_seq bigint NOT NULL CHECK (from_seq >= 1),
  to_seq bigint NOT NULL,
  reason text NOT NULL CHECK (reason ~ '\S'),
  mid uuid NOT NULL,
  user_id uuid NOT NULL,
  declared_at timestamptz NOT NULL,
  PRIMARY KEY (device_id, from_seq, to_seq),
  CHECK (to_seq >= from_seq)
);
CREATE INDEX gap_newest_first ON sync.gap (declared_at DESC, device_id, from_seq);

CREATE FUNCTION sync.refuse_decision_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sync.decision
  FOR EACH STATEMENT EXECUTE FUNCTION sync.refuse_decision_change();
CREATE TRIGGER gap_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sync.gap
  FOR EACH STATEMENT EXECUTE FUNCTION sync.refuse_decision_change();
REVOKE UPDATE, DELETE ON sync.decision, sync.gap FROM wangge_app;

-- What was answered stays as it was answered, and what is done or refused is so for good.
CREATE FUNCTION sync.guard_fate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.device_id, NEW.seq, NEW.mid, NEW.digest, NEW.clash, NEW.envelope_id) IS DISTINCT FROM
     (OLD.device_id, OLD.seq, OLD.mid, OLD.digest, OLD.clash, OLD.envelope_id) OR NEW.result IS DISTINCT FROM OLD.result THEN
    RAISE EXCEPTION 'the first answer to an item is kept' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.status <> OLD.status AND OLD.status IN ('applied', 'merged', 'rejected') THEN
    RAISE EXCEPTION 'an item that is % stays so', OLD.status USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fate_is_guarded BEFORE UPDATE ON sync.mutation FOR EACH ROW EXECUTE FUNCTION sync.guard_fate();

-- Nobody waits for an item that is decided, and the body of one that is not is still needed.
CREATE FUNCTION sync.forget_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM sync.waiting WHERE device_id = NEW.device_id AND seq = NEW.seq;
  RETURN NULL;
END $$;
CREATE TRIGGER decided_waits_no_more AFTER UPDATE OF status ON sync.mutation
  FOR EACH ROW WHEN (OLD.status = 'held' AND NEW.status <> 'held' AND NOT NEW.clash) EXECUTE FUNCTION sync.forget_waiting();

CREATE FUNCTION sync.keep_undecided_body() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM sync.mutation m WHERE m.device_id = OLD.device_id AND m.envelope_id = OLD.envelope_id
                AND m.seq BETWEEN OLD.first_seq AND OLD.first_seq + OLD.mutation_count AND m.status IN ('held', 'quarantined')) THEN
    NEW.body := OLD.body;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER undecided_body_is_kept BEFORE UPDATE OF body ON sync.envelope
  FOR EACH ROW WHEN (NEW.body IS NULL AND OLD.body IS NOT NULL) EXECUTE FUNCTION sync.keep_undecided_body();
"""

DOWN = r"""
DROP TRIGGER undecided_body_is_kept ON sync.envelope;
DROP FUNCTION sync.keep_undecided_body();
DROP TRIGGER decided_waits_no_more ON sync.mutation;
DROP FUNCTION sync.forget_waiting();
DROP TRIGGER fate_is_guarded ON sync.mutation;
DROP FUNCTION sync.guard_fate();
DROP TABLE sync.gap;
DROP TABLE sync.decision;
DROP TABLE sync.outcome;
DROP FUNCTION sync.refuse_decision_change();
UPDATE sync.mutation SET status = 'quarantined' WHERE clash;
ALTER TABLE sync.mutation DROP CONSTRAINT clash_is_for_the_office,
  ADD CONSTRAINT mutation_check CHECK (NOT clash OR status = 'quarantined');
DROP INDEX sync.mutation_mid_once;
CREATE UNIQUE INDEX mutation_mid_once ON sync.mutation (device_id, mid) WHERE NOT clash;
DROP TABLE sync.waiting;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
