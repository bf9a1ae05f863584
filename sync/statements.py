"""The inbox's SQL, fixed text: on the push path every round trip counts."""

from __future__ import annotations

from sync.fixed import Fixed

_STORE = """
INSERT INTO sync.envelope
  (envelope_id, device_id, user_id, batch_id, first_seq, mutation_count, sha256, body, received_at,
   clock_wall, clock_monotonic_ms, boot_id)
VALUES (CAST(:envelope_id AS uuid), CAST(:device_id AS uuid), CAST(:user_id AS uuid),
        :batch_id, :first_seq, :count, sha256(:body), :body, :now, :wall, :monotonic_ms, :boot_id)
"""
STORE = Fixed(_STORE)
STORE_LAZILY = Fixed(f"SET LOCAL synchronous_commit = off;{_STORE}")

# Two statements in one round trip: the second sees what was committed while the first waited for the lock.
KNOWN = Fixed("""
SELECT pg_advisory_xact_lock(hashtextextended('device ' || :device_id, 0));
SELECT coalesce(d.acked_through, 0), coalesce(d.pulled_scope, '{}'),
       m.seq, m.mid, m.digest, m.clash, m.status, m.result, d.clock
  FROM (SELECT 1) AS one
  LEFT JOIN sync.device_state d ON d.device_id = CAST(:device_id AS uuid)
  LEFT JOIN (
    SELECT seq, mid, digest, clash, status, result FROM sync.mutation
     WHERE device_id = CAST(:device_id AS uuid) AND seq BETWEEN :first_seq AND :last_seq
     UNION
    SELECT seq, mid, digest, clash, status, result FROM sync.mutation
     WHERE device_id = CAST(:device_id AS uuid) AND mid = ANY(CAST(:mids AS uuid[])) AND NOT clash
  ) AS m ON true
""")

KEEP = Fixed("""
INSERT INTO sync.mutation
  (device_id, seq, mid, digest, type, entity_id, status, result, envelope_id, decided_at, clash,
   device_time, corrected_at, skew_ms, time_confidence, time_travel)
SELECT CAST(:device_id AS uuid), seq, mid, decode(digest, 'hex'), type, entity_id, status, result::jsonb,
       CAST(:envelope_id AS uuid), :now, clash,
       made_at, corrected_at, skew_ms, confidence, string_to_array(travels, ' ')
  FROM unnest(CAST(:seqs AS bigint[]), CAST(:mids AS uuid[]), CAST(:digests AS text[]),
              CAST(:types AS text[]), CAST(:entity_ids AS uuid[]), CAST(:statuses AS text[]),
              CAST(:results AS text[]), CAST(:clashes AS boolean[]), CAST(:made_at AS timestamptz[]),
              CAST(:corrected_at AS timestamptz[]), CAST(:skews_ms AS bigint[]),
              CAST(:confidences AS text[]), CAST(:travels AS text[]))
         AS r (seq, mid, digest, type, entity_id, status, result, clash,
               made_at, corrected_at, skew_ms, confidence, travels);
UPDATE sync.envelope SET state = CASE WHEN :closes THEN 'applied' ELSE state END, answered_at = :now
 WHERE envelope_id = CAST(:envelope_id AS uuid);
INSERT INTO sync.device_state AS d (device_id, acked_through, pushed_at, clock_offset_ms, clock)
VALUES (CAST(:device_id AS uuid), :acked_through, :now, :clock_offset_ms, CAST(:clock AS jsonb))
ON CONFLICT (device_id) DO UPDATE
   SET acked_through = excluded.acked_through, pushed_at = excluded.pushed_at,
       clock_offset_ms = coalesce(excluded.clock_offset_ms, d.clock_offset_ms), clock = excluded.clock;
SELECT EXISTS (SELECT FROM sync.waiting WHERE key = ANY(CAST(:arrived AS text[])))
""")

REFUSE = Fixed("""
UPDATE sync.envelope SET state = 'refused', answered_at = :now, answer = CAST(:answer AS jsonb)
 WHERE envelope_id = CAST(:envelope_id AS uuid)
""")

ORPHANS = Fixed("""
SELECT envelope_id FROM sync.envelope WHERE state = 'received' AND received_at < :before
 ORDER BY received_at, envelope_id LIMIT :limit
""")

TAKE = Fixed("""
UPDATE sync.envelope SET attempts = attempts + 1
 WHERE envelope_id = CAST(:envelope_id AS uuid) AND state = 'received'
RETURNING envelope_id, device_id, user_id, body, received_at, attempts, trying_seq
""")

TRY = Fixed("UPDATE sync.envelope SET trying_seq = :seq WHERE envelope_id = CAST(:envelope_id AS uuid)")
