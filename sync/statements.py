"""The inbox's SQL, fixed text: on the push path every round trip counts."""

from __future__ import annotations

from sync.fixed import Fixed

_STORE = """
INSERT INTO sync.envelope
  (envelope_id, device_id, user_id, batch_id, first_seq, mutation_count, sha256, body, received_at,
   clock_wall, clock_monotonic_ms, boot_id)
VALUES (CAST(:envelope_id AS uuid), CAST(:device_id AS uuid), CAST(:user_id AS uuid),
        :batch_id, :first_seq, :count, :sha256, :body, :now, :wall, :monotonic_ms, :boot_id)
"""
STORE = Fixed(_STORE)
STORE_LAZILY = Fixed(f"SET LOCAL synchronous_commit = off;{_STORE}")

KNOWN = Fixed("""
SELECT * FROM sync.lock_device(CAST(:device_id AS uuid), :first_seq, :last_seq, CAST(:mids AS uuid[]))
""")

KEEP = Fixed("""
SELECT sync.keep_results(
  CAST(:device_id AS uuid), CAST(:envelope_id AS uuid), :now, :closes, :acked_through, :clock_offset_ms,
  CAST(:clock AS jsonb), CAST(:seqs AS bigint[]), CAST(:mids AS uuid[]), CAST(:digests AS text[]),
  CAST(:types AS text[]), CAST(:entity_ids AS uuid[]), CAST(:statuses AS text[]), CAST(:results AS text[]),
  CAST(:clashes AS boolean[]), CAST(:made_at AS timestamptz[]), CAST(:corrected_at AS timestamptz[]),
  CAST(:skews_ms AS bigint[]), CAST(:confidences AS text[]), CAST(:travels AS text[]),
  CAST(:arrived AS text[]))
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
