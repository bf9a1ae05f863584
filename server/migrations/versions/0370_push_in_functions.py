"""What every push locks, stores and claims as functions, whose plans a connection keeps, as those of 0230 are."""

from alembic import op

revision = "0370"
down_revision = "0360"
branch_labels = None
depends_on = None

KEPT = """LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
"""

UP = [
    f"""
CREATE FUNCTION sync.lock_device(of_device uuid, first_seq bigint, last_seq bigint, mids uuid[]) RETURNS TABLE (
  acked bigint, scope text[], item_seq bigint, item_mid uuid, item_digest bytea, clashes boolean,
  became text, answered jsonb, last_clock jsonb) {KEPT}
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('device ' || of_device, 0));
  -- A statement of its own: it sees what was committed while this one waited for the lock.
  RETURN QUERY SELECT coalesce(d.acked_through, 0), coalesce(d.pulled_scope, '{{}}'),
         m.seq, m.mid, m.digest, m.clash, m.status, m.result, d.clock
    FROM (SELECT 1) AS one
    LEFT JOIN sync.device_state d ON d.device_id = of_device
    LEFT JOIN (
      SELECT s.seq, s.mid, s.digest, s.clash, s.status, s.result FROM sync.mutation s
       WHERE s.device_id = of_device AND s.seq BETWEEN lock_device.first_seq AND lock_device.last_seq
       UNION
      SELECT s.seq, s.mid, s.digest, s.clash, s.status, s.result FROM sync.mutation s
       WHERE s.device_id = of_device AND s.mid = ANY(lock_device.mids) AND NOT s.clash
    ) AS m ON true;
END $$;
COMMENT ON FUNCTION sync.lock_device IS
  'locks a device until the transaction ends; its state beside what is stored of these seqs and mids, at least one row';
""",
    f"""
CREATE FUNCTION sync.keep_results(
  of_device uuid, of_envelope uuid, at_time timestamptz, closes boolean, acked bigint, offset_ms bigint, new_clock jsonb,
  seqs bigint[], mids uuid[], digests text[], types text[], entity_ids uuid[], statuses text[], results text[],
  clashes boolean[], made_at timestamptz[], corrected_at timestamptz[], skews_ms bigint[], confidences text[],
  travels text[], arrived text[]) RETURNS boolean {KEPT}
BEGIN
  INSERT INTO sync.mutation
    (device_id, seq, mid, digest, type, entity_id, status, result, envelope_id, decided_at, clash,
     device_time, corrected_at, skew_ms, time_confidence, time_travel)
  SELECT of_device, r.seq, r.mid, decode(r.digest, 'hex'), r.type, r.entity_id, r.status, r.result::jsonb,
         of_envelope, at_time, r.clash, r.made, r.corrected, r.skew, r.confidence, string_to_array(r.travel, ' ')
    FROM unnest(seqs, mids, digests, types, entity_ids, statuses, results, clashes, made_at, corrected_at,
                skews_ms, confidences, travels)
           AS r (seq, mid, digest, type, entity_id, status, result, clash, made, corrected, skew, confidence, travel);
  UPDATE sync.envelope SET state = CASE WHEN closes THEN 'applied' ELSE state END, answered_at = at_time
   WHERE envelope_id = of_envelope;
  INSERT INTO sync.device_state AS d (device_id, acked_through, pushed_at, clock_offset_ms, clock)
  VALUES (of_device, acked, at_time, offset_ms, new_clock)
  ON CONFLICT (device_id) DO UPDATE
     SET acked_through = excluded.acked_through, pushed_at = excluded.pushed_at,
         clock_offset_ms = coalesce(excluded.clock_offset_ms, d.clock_offset_ms), clock = excluded.clock;
  RETURN EXISTS (SELECT FROM sync.waiting w WHERE w.key = ANY(arrived));
END $$;
COMMENT ON FUNCTION sync.keep_results IS
  'stores what became of items, how far the device got, and that the envelope is done; whether anything waits for these';
""",
    f"""
CREATE FUNCTION server.store_inspections(sent jsonb) RETURNS TABLE (
  inspection uuid, checklist text, checklist_version text, of_kind text, community uuid, community_name text,
  neighbourhood text, cell text, by_user uuid, worker_name text, by_device uuid, by_mid uuid,
  lon double precision, lat double precision, accuracy double precision, started timestamptz, finished timestamptz,
  made timestamptz, received timestamptz, warned jsonb, at_version integer, case_ids uuid[]) {KEPT}
BEGIN
  RETURN QUERY WITH stored AS (
    INSERT INTO server.inspection (inspection_id, checklist_version, community_id, grid_cell_code, user_id, device_id, mid,
           content_sha256, geom, location_sent, accuracy_m, started_at, finished_at, device_time, received_at, answers,
           warnings, skew_ms, time_confidence, time_travel)
    SELECT r.inspection_id, r.checklist_version, r.community_id, r.grid_cell_code, r.user_id, r.device_id, r.mid,
           decode(r.content_sha256, 'hex'), ST_SetSRID(ST_MakePoint(r.lon, r.lat), 4326), r.location_sent, r.accuracy_m,
           r.started_at, r.finished_at, r.device_time, r.received_at, r.answers, r.warnings, r.skew_ms,
           r.time_confidence, r.time_travel
      FROM jsonb_to_recordset(sent) AS r (
           inspection_id uuid, checklist_version text, community_id uuid, grid_cell_code text, user_id uuid,
           device_id uuid, mid uuid, content_sha256 text, lon double precision, lat double precision,
           location_sent jsonb, accuracy_m double precision, started_at timestamptz, finished_at timestamptz,
           device_time timestamptz, received_at timestamptz, answers jsonb, warnings jsonb, skew_ms bigint,
           time_confidence text, time_travel text[])
    RETURNING *
  )
  SELECT i.inspection_id, v.code::text, i.checklist_version, i.kind, i.community_id, m.name,
         m.neighbourhood_code::text, i.grid_cell_code::text, i.user_id, p.display_name, i.device_id, i.mid,
         ST_X(i.geom), ST_Y(i.geom), i.accuracy_m, i.started_at, i.finished_at, i.device_time, i.received_at,
         i.warnings, i.version, CAST('{{}}' AS uuid[])
    FROM stored i
    JOIN geo.community m ON m.community_id = i.community_id
    JOIN server.checklist_version v ON v.version = i.checklist_version
    JOIN server."user" p ON p.user_id = i.user_id;
END $$;
COMMENT ON FUNCTION server.store_inspections IS
  'stores inspections, as many as there are, and returns them as lists and tablets show them, still without cases';
""",
    f"""
CREATE FUNCTION server.claim_photos(
  entities text[], ids uuid[], digests bytea[], roles text[], contexts text[], taken timestamptz[], seqs integer[],
  by_user uuid, at_time timestamptz, fact text) RETURNS TABLE (photo bytea, missing boolean, facts text[]) {KEPT}
BEGIN
  -- Every photo is known from its first mention, and locked against becoming stored unseen: a photo that becomes
  -- stored looks for its claims. FOR SHARE makes it wait until this claim is committed, or makes this claim wait
  -- until the photo is visibly stored.
  INSERT INTO server.photo (sha256, state, first_seen_at)
  SELECT DISTINCT w.sha256, 'expected', at_time FROM unnest(digests) AS w (sha256) ORDER BY w.sha256
  ON CONFLICT DO NOTHING;
  PERFORM FROM server.photo p WHERE p.sha256 = ANY(digests) ORDER BY p.sha256 FOR SHARE;
  INSERT INTO server.photo_claim
    (entity, entity_id, sha256, role, entry_seq, context, taken_at, claimed_by, claimed_at)
  SELECT w.entity, w.entity_id, w.sha256, w.role, w.entry_seq, w.context, w.taken_at, by_user, at_time
    FROM unnest(entities, ids, digests, roles, contexts, taken, seqs)
           AS w (entity, entity_id, sha256, role, context, taken_at, entry_seq)
  ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT n.sha256, n.missing, n.facts FROM (
    SELECT p.sha256, p.state <> 'stored' AS missing,
           ARRAY(SELECT DISTINCT CAST(c.entity_id AS text) FROM server.photo_claim c
                  WHERE c.sha256 = p.sha256 AND c.entity = fact) AS facts
      FROM server.photo p WHERE p.sha256 = ANY(digests)
  ) AS n WHERE n.missing OR cardinality(n.facts) > 1;
END $$;
COMMENT ON FUNCTION server.claim_photos IS
  'names photos as evidence; returns those that are not stored yet, or that several records of the entity `fact` name';
""",
]

DOWN = """
DROP FUNCTION server.claim_photos(
  text[], uuid[], bytea[], text[], text[], timestamptz[], integer[], uuid, timestamptz, text);
DROP FUNCTION server.store_inspections(jsonb);
DROP FUNCTION sync.keep_results;
DROP FUNCTION sync.lock_device(uuid, bigint, bigint, uuid[]);
"""


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute(DOWN)
