SELECT c.conflict_id, c.kind, c.entity, c.entity_id, c.field, c.fact, c.old, c.sent, c.stood, c.type, c.device_id, c.seq, c.mid,
       c.user_id, p.display_name AS worker_name, c.noted_at,
       r.choose, r.value, r.reason, r.version AS resolved_version, r.user_id AS resolved_by, q.display_name AS resolver_name,
       r.resolved_at
  FROM sync.conflict c
  JOIN server."user" p ON p.user_id = c.user_id
  JOIN server.unit u ON u.code = p.unit_code
  LEFT JOIN sync.conflict_resolution r ON r.conflict_id = c.conflict_id
  LEFT JOIN server."user" q ON q.user_id = r.user_id
 WHERE (CAST(:division AS text) IS NULL OR starts_with(u.division_code::text, CAST(:division AS text)))
   AND (CAST(:conflict_id AS uuid) IS NULL OR c.conflict_id = CAST(:conflict_id AS uuid))
   AND (CAST(:entity AS text) IS NULL OR c.entity = CAST(:entity AS text))
   AND (CAST(:entity_id AS uuid) IS NULL OR c.entity_id = CAST(:entity_id AS uuid))
   AND (CAST(:field AS text) IS NULL OR c.field = CAST(:field AS text))
   AND (CAST(:kind AS text) IS NULL OR c.kind = CAST(:kind AS text))
   AND (CAST(:user_id AS uuid) IS NULL OR c.user_id = CAST(:user_id AS uuid))
   AND (CAST(:device_id AS uuid) IS NULL OR c.device_id = CAST(:device_id AS uuid))
   AND (CAST(:resolved AS boolean) IS NULL OR (r.conflict_id IS NOT NULL) = CAST(:resolved AS boolean))
   AND (CAST(:after_at AS timestamptz) IS NULL
        OR (c.noted_at, c.conflict_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
 ORDER BY c.noted_at DESC, c.conflict_id DESC
 LIMIT :limit
