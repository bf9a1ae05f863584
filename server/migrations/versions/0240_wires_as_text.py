"""What tablets are sent is kept as the text that is sent: nothing asks into it, and taking it apart costs a pull.

Restates `server.number_case` and `sync.put_wires`, which write it.
"""

from alembic import op

revision = "0240"
down_revision = "0230"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE sync.entity_state ALTER body TYPE json USING body::text::json;

CREATE OR REPLACE FUNCTION server.number_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  local_year integer := extract(year FROM NEW.recorded_at AT TIME ZONE 'Asia/Shanghai');
  next_seq integer;
  given text;
BEGIN
  IF EXISTS (SELECT FROM server.case_number WHERE case_id = NEW.case_id) THEN
    RETURN NULL;
  END IF;
  PERFORM sync.take_commit_lock();
  SELECT coalesce(max(seq), 0) + 1 INTO next_seq FROM server.case_number WHERE year = local_year;
  SELECT format('%s-%s-%s', adcode, local_year, lpad(next_seq::text, greatest(6, length(next_seq::text)), '0')) INTO STRICT given FROM geo.county;
  INSERT INTO server.case_number (year, seq, case_id, number) VALUES (local_year, next_seq, NEW.case_id, given);
  UPDATE server."case" SET number = given WHERE case_id = NEW.case_id;
  UPDATE sync.entity_state SET body = jsonb_set(body::jsonb, '{number}', to_jsonb(given))::json
   WHERE entity = 'case' AND entity_id = NEW.case_id::text;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sync.put_wires(entity_name text, ids text[], versions integer[], mids uuid[], bodies text[],
                               bucket_ids text[], buckets text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off AS $$
BEGIN
  WITH stored AS (
    INSERT INTO sync.entity_state AS s (entity, entity_id, version, rev, mid, body)
    SELECT entity_name, i.entity_id, i.version, 1, i.mid, i.body::json
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
"""

DOWN = r"""
ALTER TABLE sync.entity_state ALTER body TYPE jsonb USING body::text::jsonb;

CREATE OR REPLACE FUNCTION server.number_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  local_year integer := extract(year FROM NEW.recorded_at AT TIME ZONE 'Asia/Shanghai');
  next_seq integer;
  given text;
BEGIN
  IF EXISTS (SELECT FROM server.case_number WHERE case_id = NEW.case_id) THEN
    RETURN NULL;
  END IF;
  PERFORM sync.take_commit_lock();
  SELECT coalesce(max(seq), 0) + 1 INTO next_seq FROM server.case_number WHERE year = local_year;
  SELECT format('%s-%s-%s', adcode, local_year, lpad(next_seq::text, greatest(6, length(next_seq::text)), '0')) INTO STRICT given FROM geo.county;
  INSERT INTO server.case_number (year, seq, case_id, number) VALUES (local_year, next_seq, NEW.case_id, given);
  UPDATE server."case" SET number = given WHERE case_id = NEW.case_id;
  UPDATE sync.entity_state SET body = jsonb_set(body, '{number}', to_jsonb(given))
   WHERE entity = 'case' AND entity_id = NEW.case_id::text;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sync.put_wires(entity_name text, ids text[], versions integer[], mids uuid[], bodies text[],
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
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
