"""Telling the tablets as a function: its plans are made once a connection, not once a push.

The plans are kept, so they must be those of large tables even where a database has just begun.
"""

from alembic import op

revision = "0220"
down_revision = "0210"
branch_labels = None
depends_on = None

UP = r"""
CREATE FUNCTION sync.put_wires(entity_name text, ids text[], versions integer[], mids uuid[], bodies text[],
                               bucket_ids text[], buckets text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off AS $$
BEGIN
  WITH stored AS (
    INSERT INTO sync.entity_state AS s (entity, entity_id, version, rev, mid, body)
    SELECT entity_name, i.entity_id, i.version, 1, i.mid, i.body::jsonb
      FROM unnest(ids, versions, mids, bodies) AS i (entity_id, version, mid, body)
    ON CONFLICT (entity, entity_id) DO UPDATE
       SET version = excluded.version, rev = s.rev + 1, mid = excluded.mid, body = excluded.body
    RETURNING s.entity_id, s.version, s.rev
  ), wanted AS (
    SELECT b.bucket, stored.*, true AS alive
      FROM unnest(bucket_ids, buckets) AS b (entity_id, bucket) JOIN stored USING (entity_id)
  ), unwanted AS (
    SELECT e.bucket, stored.*, false AS alive
      FROM stored JOIN sync.bucket_entry e ON e.entity = entity_name AND e.entity_id = stored.entity_id
     WHERE stored.rev > 1 AND e.alive AND (e.bucket, e.entity_id) NOT IN (SELECT bucket, entity_id FROM wanted)
  )
  INSERT INTO sync.bucket_entry AS e (bucket, entity, entity_id, version, rev, alive, digest, change_no)
  SELECT bucket, entity_name, entity_id, version, rev, alive, sync.entry_digest(entity_name, entity_id, rev), NULL
    FROM (SELECT bucket, entity_id, version, rev, alive FROM wanted
           UNION ALL SELECT bucket, entity_id, version, rev, alive FROM unwanted) AS moved
  ON CONFLICT (bucket, entity, entity_id) DO UPDATE
     SET version = excluded.version, rev = excluded.rev, alive = excluded.alive, digest = excluded.digest, change_no = NULL;
END $$;
COMMENT ON FUNCTION sync.put_wires IS
  'stores the wire form of records and moves their bucket rows forward; numbers are given at commit';
"""

DOWN = r"""
DROP FUNCTION sync.put_wires(text, text[], integer[], uuid[], text[], text[], text[]);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
