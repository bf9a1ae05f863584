-- The columns that a month's entries changed; a member that is not there leaves its column as it is.
UPDATE server."case" c
   SET unit_code = CASE WHEN w.changed ? 'unit_code' THEN w.changed ->> 'unit_code' ELSE c.unit_code END,
       demand = CASE WHEN w.changed ? 'demand' THEN w.changed ->> 'demand' ELSE c.demand END,
       due_at = CASE WHEN w.changed ? 'due_at' THEN (w.changed ->> 'due_at')::timestamptz ELSE c.due_at END,
       yellow_at = CASE WHEN w.changed ? 'yellow_at' THEN (w.changed ->> 'yellow_at')::timestamptz ELSE c.yellow_at END,
       dispatched_at = coalesce((w.changed ->> 'dispatched_at')::timestamptz, c.dispatched_at),
       accepted_at = coalesce((w.changed ->> 'accepted_at')::timestamptz, c.accepted_at),
       claimed_at = coalesce((w.changed ->> 'claimed_at')::timestamptz, c.claimed_at),
       checker_id = coalesce((w.changed ->> 'checker_id')::uuid, c.checker_id),
       checked_at = coalesce((w.changed ->> 'checked_at')::timestamptz, c.checked_at),
       rework_count = coalesce((w.changed ->> 'rework_count')::integer, c.rework_count),
       refused_count = coalesce((w.changed ->> 'refused_count')::integer, c.refused_count)
  FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS w (case_id uuid, changed jsonb)
 WHERE c.case_id = w.case_id
