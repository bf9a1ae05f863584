-- Tablets with what the office should know of each, by user name; the columns are those of `DeviceView`.
WITH tablet AS (
  SELECT d.device_id, p.user_id, p.username, p.display_name AS worker_name, p.unit_code, d.name, d.platform,
         d.app_version, d.enrolled_at, d.revoked_at, s.pushed_at, s.pulled_at, s.clock_offset_ms,
         coalesce(s.acked_through, 0) AS acked_through,
         greatest(d.enrolled_at, s.pushed_at, s.pulled_at, (
           SELECT max(t.issued_at) FROM server.refresh_token t
            WHERE t.user_id = d.user_id AND t.device_id = d.device_id), (
           SELECT r.reported_at FROM server.device_report r WHERE r.device_id = d.device_id)) AS last_contact_at
    FROM server.device d
    JOIN server."user" p USING (user_id)
    JOIN server.unit u ON u.code = p.unit_code
    LEFT JOIN sync.device_state s ON s.device_id = d.device_id
   WHERE (CAST(:unit_code AS text) IS NULL OR p.unit_code = CAST(:unit_code AS text))
     AND (CAST(:division AS text) IS NULL OR starts_with(u.division_code, CAST(:division AS text)))
     AND (CAST(:text AS text) IS NULL
          OR strpos(lower(concat_ws(' ', p.username, p.display_name, d.name, d.device_id)), lower(CAST(:text AS text))) > 0)
     AND (CAST(:device_id AS uuid) IS NULL OR d.device_id = CAST(:device_id AS uuid))
     AND (CAST(:revoked AS boolean) IS NULL OR (d.revoked_at IS NOT NULL) = CAST(:revoked AS boolean))
     AND (CAST(:app_version AS text) IS NULL OR d.app_version = CAST(:app_version AS text))
     AND (CAST(:after_name AS text) IS NULL
          OR (p.username, d.device_id) > (CAST(:after_name AS text), CAST(:after_id AS uuid)))
)
SELECT t.*, undecided.held, undecided.quarantined, undecided.conflicts, missing.photos AS photos_missing,
       least(undecided.oldest_held_at, unapplied.oldest_at) AS oldest_waiting_at, gap.gaps, gap.lost_items,
       unsent.items AS unsent_items, to_jsonb(r) - 'device_id' AS report,
       to_jsonb(w) - 'ordered_by' || jsonb_build_object('ordered_by', o.display_name) AS wipe
  FROM tablet t
  LEFT JOIN server.device_report r ON r.device_id = t.device_id
  LEFT JOIN server.device_wipe w ON w.device_id = t.device_id AND w.withdrawn_at IS NULL
  LEFT JOIN server."user" o ON o.user_id = w.ordered_by
 CROSS JOIN LATERAL (
   SELECT count(*) FILTER (WHERE status = 'held') AS held, count(*) FILTER (WHERE status = 'quarantined') AS quarantined,
          count(*) FILTER (WHERE status = 'conflict') AS conflicts,
          min(decided_at) FILTER (WHERE status = 'held') AS oldest_held_at
     FROM sync.mutation m
    WHERE m.device_id = t.device_id AND m.status IN ('held', 'quarantined', 'conflict')) AS undecided
 CROSS JOIN LATERAL (
   SELECT min(e.received_at) AS oldest_at FROM sync.envelope e
    WHERE e.state = 'received' AND e.device_id = t.device_id) AS unapplied
 CROSS JOIN LATERAL (
   SELECT count(*) AS gaps, coalesce(sum(g.to_seq - g.from_seq + 1), 0)::bigint AS lost_items FROM sync.gap g
    WHERE g.device_id = t.device_id) AS gap
 CROSS JOIN LATERAL (
   SELECT coalesce(min(e.first_seq) - 1 - t.acked_through, 0) AS items FROM sync.envelope e
    WHERE e.device_id = t.device_id AND e.first_seq > t.acked_through + 1 AND e.state = 'refused') AS unsent
 CROSS JOIN LATERAL (
   SELECT count(DISTINCT f.sha256) AS photos
     FROM server.photo f
     JOIN server.photo_claim c ON c.sha256 = f.sha256 AND c.claimed_by = t.user_id
     LEFT JOIN server.inspection i ON c.entity = 'inspection' AND i.inspection_id = c.entity_id
    WHERE f.state = 'expected' AND coalesce(i.device_id, t.device_id) = t.device_id) AS missing
 WHERE (CAST(:silent_since AS timestamptz) IS NULL OR t.last_contact_at < CAST(:silent_since AS timestamptz))
   AND (NOT :troubled OR undecided.held + undecided.quarantined + undecided.conflicts + missing.photos + gap.gaps + unsent.items > 0
        OR unapplied.oldest_at IS NOT NULL)
   AND (NOT :nearly_full OR r.nearly_full)
   AND (CAST(:waiting_from AS integer) IS NULL OR r.waiting_items >= CAST(:waiting_from AS integer))
   AND (CAST(:wipe AS text) IS NULL
        OR w.wipe_id IS NOT NULL AND (w.erased_at IS NOT NULL) = (CAST(:wipe AS text) = 'done'))
 ORDER BY t.username, t.device_id
 LIMIT :limit
