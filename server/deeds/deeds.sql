-- What one person did in the name of another from one day to another, the newest first, each with the name of its record.
SELECT l.audit_line_id, l.at, l.action, l.entity, l.entity_id,
       coalesce(c.number, p.number, k.number, v.subject, h.order_no, '') AS name
  FROM server.audit_line l
  LEFT JOIN server."case" c ON c.case_id = CASE WHEN l.entity = 'case' THEN CAST(l.entity_id AS uuid) END
  LEFT JOIN server.paper p ON p.paper_id = CASE WHEN l.entity = 'paper' THEN CAST(l.entity_id AS uuid) END
  LEFT JOIN server.complaint k ON k.complaint_id = CASE WHEN l.entity = 'complaint' THEN CAST(l.entity_id AS uuid) END
  LEFT JOIN server.vote v ON v.vote_id = CASE WHEN l.entity = 'vote' THEN CAST(l.entity_id AS uuid) END
  LEFT JOIN server.hotline_order h ON h.order_id = CASE WHEN l.entity = 'hotline_order' THEN CAST(l.entity_id AS uuid) END
 WHERE l.facts ->> 'on_behalf_of' = CAST(:absent_id AS text)
   AND l.user_id = CAST(:deputy_id AS uuid)
   AND (l.at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN :from_on AND :to_on
   AND l.entity IN ('case', 'paper', 'complaint', 'vote', 'hotline_order') AND l.entity_id <> ''
   AND (CAST(:before AS bigint) IS NULL OR l.audit_line_id < CAST(:before AS bigint))
 ORDER BY l.audit_line_id DESC
 LIMIT :limit
