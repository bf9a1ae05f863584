-- Stores the wire form of records and moves their bucket rows forward; numbers are given at commit.
WITH incoming AS (
  SELECT * FROM unnest(CAST(:entities AS text[]), CAST(:ids AS text[]), CAST(:versions AS integer[]),
                       CAST(:mids AS uuid[]), CAST(:bodies AS text[]))
           AS i (entity, entity_id, version, mid, body)
), stored AS (
  INSERT INTO sync.entity_state AS s (entity, entity_id, version, rev, mid, body)
  SELECT entity, entity_id, version, 1, mid, body::jsonb FROM incoming
  ON CONFLICT (entity, entity_id) DO UPDATE
     SET version = excluded.version, rev = s.rev + 1, mid = excluded.mid, body = excluded.body
  RETURNING s.entity, s.entity_id, s.version, s.rev
), wanted AS (
  SELECT b.bucket, stored.*, true AS alive
    FROM unnest(CAST(:bucket_entities AS text[]), CAST(:bucket_ids AS text[]), CAST(:buckets AS text[]))
           AS b (entity, entity_id, bucket)
    JOIN stored USING (entity, entity_id)
), unwanted AS (
  SELECT e.bucket, stored.*, false AS alive
    FROM sync.bucket_entry e JOIN stored USING (entity, entity_id)
   WHERE e.alive AND NOT EXISTS (SELECT FROM wanted w WHERE (w.bucket, w.entity, w.entity_id) = (e.bucket, e.entity, e.entity_id))
)
INSERT INTO sync.bucket_entry AS e (bucket, entity, entity_id, version, rev, alive, digest, change_no)
SELECT bucket, entity, entity_id, version, rev, alive, sync.entry_digest(entity, entity_id, rev), NULL
  FROM (SELECT * FROM wanted UNION ALL SELECT * FROM unwanted) AS moved (bucket, entity, entity_id, version, rev, alive)
ON CONFLICT (bucket, entity, entity_id) DO UPDATE
   SET version = excluded.version, rev = excluded.rev, alive = excluded.alive, digest = excluded.digest, change_no = NULL
