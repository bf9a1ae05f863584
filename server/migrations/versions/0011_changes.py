"""What travels to tablets: one row per bucket and entity, numbered at commit."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE sync.change (
  change_no bigint PRIMARY KEY CHECK (change_no >= 1),
  mark bigint NOT NULL,
  committed_at timestamptz NOT NULL
);
CREATE TABLE sync.entity_state (
  entity text NOT NULL,
  entity_id text NOT NULL,
  version integer NOT NULL,
  rev integer NOT NULL,
  mid uuid,
  body jsonb NOT NULL,
  PRIMARY KEY (entity, entity_id)
);
CREATE TABLE sync.bucket_entry (
  bucket text NOT NULL,
  entity text NOT NULL,
  entity_id text NOT NULL,
  version integer NOT NULL,
  rev integer NOT NULL,
  alive boolean NOT NULL,
  digest bigint NOT NULL,
  change_no bigint,
  PRIMARY KEY (bucket, entity, entity_id)
);
CREATE INDEX bucket_entry_in_order ON sync.bucket_entry (bucket, change_no, entity, entity_id);
CREATE INDEX bucket_entry_of_entity ON sync.bucket_entry (entity, entity_id);
COMMENT ON COLUMN sync.bucket_entry.digest IS 'first 8 bytes, big-endian, of SHA-256 of "entity id rev"';

CREATE FUNCTION sync.entry_digest(entity text, entity_id text, rev integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ('x' || left(encode(sha256(convert_to(entity || ' ' || entity_id || ' ' || rev, 'UTF8')), 'hex'), 16))::bit(64)::bigint
$$;

-- Given at commit, under a lock that is held until the commit is visible: a smaller number can never
-- appear after a larger one was read. Nothing slow, and nothing that waits for a row, follows the lock.
CREATE FUNCTION sync.take_commit_lock() RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(7307001)
$$;
CREATE FUNCTION sync.change_no_of_transaction() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  known text := current_setting('wangge.change_no', true);
  number bigint;
BEGIN
  IF known LIKE pg_current_xact_id()::text || ':%' THEN
    RETURN split_part(known, ':', 2)::bigint;
  END IF;
  PERFORM sync.take_commit_lock();
  SELECT coalesce(max(change_no), 0) + 1 INTO number FROM sync.change;
  INSERT INTO sync.change (change_no, mark, committed_at)
    VALUES (number, ('x' || left(replace(gen_random_uuid()::text, '-', ''), 15))::bit(60)::bigint, clock_timestamp());
  PERFORM set_config('wangge.change_no', pg_current_xact_id()::text || ':' || number, true);
  RETURN number;
END $$;
CREATE FUNCTION sync.number_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE sync.bucket_entry SET change_no = sync.change_no_of_transaction()
   WHERE bucket = NEW.bucket AND entity = NEW.entity AND entity_id = NEW.entity_id AND change_no IS NULL;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bucket_entry_numbered_at_commit AFTER INSERT OR UPDATE ON sync.bucket_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.change_no IS NULL) EXECUTE FUNCTION sync.number_entry();

CREATE FUNCTION sync.refuse_given_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.change_no IS NOT NULL AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'change numbers are given at commit' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER change_no_is_given_at_commit BEFORE INSERT OR UPDATE OF change_no ON sync.bucket_entry
  FOR EACH ROW EXECUTE FUNCTION sync.refuse_given_number();
REVOKE INSERT, UPDATE, DELETE ON sync.change FROM wangge_app;
"""

DOWN = r"""
DROP TABLE sync.bucket_entry;
DROP TABLE sync.entity_state;
DROP TABLE sync.change;
DROP FUNCTION sync.number_entry();
DROP FUNCTION sync.refuse_given_number();
DROP FUNCTION sync.change_no_of_transaction();
DROP FUNCTION sync.take_commit_lock();
DROP FUNCTION sync.entry_digest(text, text, integer);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
