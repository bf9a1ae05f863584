-- One statement: every photo is known from its first mention, and locked against becoming stored unseen.
-- A photo that becomes stored looks for its claims; FOR SHARE makes it wait until this claim is committed,
-- or makes this claim wait until the photo is visibly stored.
WITH wanted AS (
  SELECT * FROM unnest(
    CAST(:entities AS text[]), CAST(:ids AS uuid[]), CAST(:digests AS bytea[]), CAST(:roles AS text[]),
    CAST(:contexts AS text[]), CAST(:taken AS timestamptz[]), CAST(:seqs AS integer[])
  ) AS w (entity, entity_id, sha256, role, context, taken_at, entry_seq)
), seen AS (
  INSERT INTO server.photo (sha256, state, first_seen_at)
  SELECT DISTINCT sha256, 'expected', CAST(:now AS timestamptz) FROM wanted ORDER BY sha256
  ON CONFLICT DO NOTHING
), held AS MATERIALIZED (
  SELECT sha256 FROM server.photo WHERE sha256 = ANY(CAST(:digests AS bytea[])) ORDER BY sha256 FOR SHARE
)
INSERT INTO server.photo_claim
  (entity, entity_id, sha256, role, entry_seq, context, taken_at, claimed_by, claimed_at)
SELECT entity, entity_id, sha256, role, entry_seq, context, taken_at,
       CAST(:user_id AS uuid), CAST(:now AS timestamptz)
  FROM wanted WHERE (SELECT count(*) FROM held) >= 0
ON CONFLICT DO NOTHING;
-- In the same round trip, and seeing what was committed while the first statement waited:
SELECT sha256, missing, facts FROM (
  SELECT p.sha256, p.state <> 'stored' AS missing,
         ARRAY(SELECT DISTINCT CAST(c.entity_id AS text) FROM server.photo_claim c
                WHERE c.sha256 = p.sha256 AND c.entity = CAST(:fact AS text)) AS facts
    FROM server.photo p WHERE p.sha256 = ANY(CAST(:digests AS bytea[]))
) AS named WHERE missing OR cardinality(facts) > 1
