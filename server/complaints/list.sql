SELECT k.complaint_id::text AS complaint_id, k.number, k.state, k.version, k.community_id::text AS community_id,
       c.name AS community_name, c.neighbourhood_code::text AS neighbourhood_code, k.grid_cell_code::text AS grid_cell_code,
       k.channel, k.category, g.label_zh AS category_zh, g.label_en AS category_en, k.description,
       ST_X(k.geom) AS lon, ST_Y(k.geom) AS lat, k.accuracy_m, k.content_sha256,
       EXISTS (SELECT FROM server.complaint_contact t WHERE t.complaint_id = k.complaint_id) AS has_contact,
       k.user_id::text AS user_id, p.display_name AS taken_by, k.verifier_id::text AS verifier_id, v.display_name AS verifier, k.received_at,
       k.acknowledge_due_at, k.verify_due_at, k.answer_due_at, k.acknowledged_at, k.verified_at, k.answered_at, k.closed_at,
       server.complaint_due(k) AS due_at, coalesce(server.complaint_due(k) < :now, false) AS overdue,
       k.finding, k.outcome, k.reopened_count, k.answered_late, k.erased_at,
       k.case_id::text AS case_id, a.number AS case_number, a.state AS case_state, a.closed_at AS case_closed_at,
       k.case_ended_at, k.group_id::text AS group_id,
       (SELECT count(*) FROM server.complaint o WHERE o.group_id = k.group_id) AS group_size
  FROM server.complaint k
  JOIN geo.community c ON c.community_id = k.community_id
  LEFT JOIN server.category g ON g.category = k.category
  LEFT JOIN server."user" p ON p.user_id = k.user_id
  LEFT JOIN server."user" v ON v.user_id = k.verifier_id
  LEFT JOIN server."case" a ON a.case_id = k.case_id
 WHERE (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:own AS uuid) IS NULL OR k.user_id = CAST(:own AS uuid) OR k.verifier_id = CAST(:own AS uuid))
   AND (CAST(:ids AS uuid[]) IS NULL OR k.complaint_id = ANY(CAST(:ids AS uuid[])))
   AND (CAST(:community_id AS uuid) IS NULL OR k.community_id = CAST(:community_id AS uuid))
   AND (CAST(:group_id AS uuid) IS NULL OR k.group_id = CAST(:group_id AS uuid))
   AND (CAST(:channel AS text) IS NULL OR k.channel = CAST(:channel AS text))
   AND (CAST(:states AS text[]) IS NULL OR k.state = ANY(CAST(:states AS text[])))
   AND (CAST(:category AS text) IS NULL OR k.category = CAST(:category AS text))
   AND (CAST(:overdue AS boolean) IS NULL OR CAST(:overdue AS boolean) = coalesce(server.complaint_due(k) < :now, false))
   AND (CAST(:received_from AS timestamptz) IS NULL OR k.received_at >= CAST(:received_from AS timestamptz))
   AND (CAST(:received_before AS timestamptz) IS NULL OR k.received_at < CAST(:received_before AS timestamptz))
   AND (CAST(:subdistrict AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:subdistrict AS text)))
   AND (CAST(:answered_from AS timestamptz) IS NULL AND CAST(:answered_before AS timestamptz) IS NULL OR EXISTS (SELECT FROM server.complaint_entry e
         WHERE e.complaint_id = k.complaint_id AND e.command IN ('complaint.answer', 'complaint.refuse')
           AND e.recorded_at >= coalesce(CAST(:answered_from AS timestamptz), '-infinity')
           AND e.recorded_at < coalesce(CAST(:answered_before AS timestamptz), 'infinity')))
   AND (CAST(:words AS text) IS NULL OR k.description ILIKE CAST(:words AS text) ESCAPE '/'
        OR k.number ILIKE CAST(:words AS text) ESCAPE '/' OR c.name ILIKE CAST(:words AS text) ESCAPE '/')
   AND (CAST(:after_at AS timestamptz) IS NULL
        OR (k.received_at, k.complaint_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
 ORDER BY k.received_at DESC, k.complaint_id DESC
 LIMIT :limit
