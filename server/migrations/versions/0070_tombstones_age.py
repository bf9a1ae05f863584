"""Old tombstones may be forgotten: a bucket remembers up to which change it is no longer complete."""

from alembic import op

revision = "0070"
down_revision = "0060"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE sync.horizon (
  bucket text PRIMARY KEY,
  change_no bigint NOT NULL
);
COMMENT ON TABLE sync.horizon IS 'the largest change number of a forgotten tombstone: a cursor before it misses something';
CREATE INDEX bucket_entry_tombstones ON sync.bucket_entry (change_no) WHERE NOT alive;

-- A row that a tablet may hold cannot vanish without a word, and whatever vanishes moves the horizon.
CREATE FUNCTION sync.move_horizon() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM gone WHERE alive OR change_no IS NULL) THEN
    RAISE EXCEPTION 'only numbered tombstones can be forgotten' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  INSERT INTO sync.horizon AS h (bucket, change_no)
  SELECT bucket, max(change_no) FROM gone GROUP BY bucket ORDER BY bucket
  ON CONFLICT (bucket) DO UPDATE SET change_no = greatest(h.change_no, excluded.change_no);
  RETURN NULL;
END $$;
CREATE TRIGGER forgotten_moves_the_horizon AFTER DELETE ON sync.bucket_entry
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION sync.move_horizon();
REVOKE INSERT, UPDATE, DELETE ON sync.horizon FROM wangge_app;
"""

DOWN = r"""
DROP TRIGGER forgotten_moves_the_horizon ON sync.bucket_entry;
DROP FUNCTION sync.move_horizon();
DROP INDEX sync.bucket_entry_tombstones;
DROP TABLE sync.horizon;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
