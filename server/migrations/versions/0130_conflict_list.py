"""The conflict list: what met another edit or a newer state, and what the office made of it."""

from alembic import op

revision = "0130"
down_revision = "0120"
branch_labels = None
depends_on = None

UP = r"""
CREATE FUNCTION sync.new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
           PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;
COMMENT ON FUNCTION sync.new_id() IS 'a UUIDv7';

CREATE TABLE sync.conflict (
  conflict_id uuid PRIMARY KEY DEFAULT sync.new_id(),
  kind text NOT NULL CHECK (kind IN ('field', 'geometry', 'deleted', 'not_done', 'item')),
  entity text NOT NULL,
  entity_id uuid NOT NULL,
  field text,
  old json,
  sent json,
  stood json,
  type text NOT NULL,
  device_id uuid NOT NULL,
  seq bigint NOT NULL,
  mid uuid NOT NULL,
  user_id uuid NOT NULL,
  noted_at timestamptz NOT NULL,
  CHECK ((kind = 'item') = (field IS NULL)),
  CHECK (kind <> 'item' OR (old IS NULL AND sent IS NULL AND stood IS NULL))
);
COMMENT ON COLUMN sync.conflict.sent IS 'json, not jsonb: a tablet may send what jsonb cannot hold';
CREATE INDEX conflict_newest_first ON sync.conflict (noted_at DESC, conflict_id DESC);
CREATE INDEX ON sync.conflict (entity, entity_id);
CREATE INDEX ON sync.conflict (device_id, seq);
CREATE INDEX ON sync.conflict (user_id, noted_at DESC);

CREATE TABLE sync.conflict_resolution (
  conflict_id uuid PRIMARY KEY REFERENCES sync.conflict,
  choose text NOT NULL CHECK (choose IN ('current', 'other', 'value')),
  value json,
  version integer,
  reason text NOT NULL CHECK (reason ~ '\S'),
  user_id uuid NOT NULL,
  unit_code text NOT NULL,
  resolved_at timestamptz NOT NULL
);
COMMENT ON COLUMN sync.conflict_resolution.version IS 'the version of the record that the resolution made, if it changed it';

CREATE FUNCTION sync.refuse_conflict_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER conflict_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sync.conflict
  FOR EACH STATEMENT EXECUTE FUNCTION sync.refuse_conflict_change();
CREATE TRIGGER conflict_resolution_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sync.conflict_resolution
  FOR EACH STATEMENT EXECUTE FUNCTION sync.refuse_conflict_change();
REVOKE UPDATE, DELETE ON sync.conflict, sync.conflict_resolution FROM wangge_app;

-- An item that was not done because of a conflict always stands in the list: by the fields that its command
-- told of, else as a whole.
CREATE FUNCTION sync.list_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sync.conflict (kind, entity, entity_id, type, device_id, seq, mid, user_id, noted_at)
  SELECT 'item', split_part(NEW.type, '.', 1), NEW.entity_id, NEW.type, NEW.device_id, NEW.seq, NEW.mid, e.user_id, NEW.decided_at
    FROM sync.envelope e
   WHERE e.envelope_id = NEW.envelope_id
     AND NOT EXISTS (SELECT FROM sync.conflict c WHERE (c.device_id, c.seq, c.mid) = (NEW.device_id, NEW.seq, NEW.mid));
  RETURN NULL;
END $$;
CREATE TRIGGER mutation_in_conflict_is_listed AFTER INSERT OR UPDATE OF status ON sync.mutation
  FOR EACH ROW WHEN (NEW.status = 'conflict' AND NEW.entity_id IS NOT NULL) EXECUTE FUNCTION sync.list_conflict();

INSERT INTO sync.conflict (kind, entity, entity_id, type, device_id, seq, mid, user_id, noted_at)
SELECT 'item', split_part(m.type, '.', 1), m.entity_id, m.type, m.device_id, m.seq, m.mid, e.user_id, m.decided_at
  FROM sync.mutation m JOIN sync.envelope e USING (envelope_id)
 WHERE m.status = 'conflict' AND m.entity_id IS NOT NULL;
"""

DOWN = r"""
DROP TRIGGER mutation_in_conflict_is_listed ON sync.mutation;
DROP FUNCTION sync.list_conflict();
DROP TABLE sync.conflict_resolution;
DROP TABLE sync.conflict;
DROP FUNCTION sync.refuse_conflict_change();
DROP FUNCTION sync.new_id();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
