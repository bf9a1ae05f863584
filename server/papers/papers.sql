-- Papers as lists show them, newest draft first.
SELECT p.paper_id, p.kind, p.body, b.name_zh AS body_name, p.to_unit, t.name_zh AS to_name, p.state,
       p.head_seq AS version, p.number, p.drafted_at, p.issued_at,
       (SELECT coalesce(array_agg(c.case_id ORDER BY c.position), '{}') FROM server.paper_case c
         WHERE c.paper_id = p.paper_id) AS case_ids
  FROM server.paper p
  JOIN server.unit b ON b.code = p.body
  LEFT JOIN server.unit t ON t.code = p.to_unit
 WHERE (CAST(:division AS text) IS NULL AND CAST(:unit AS text) IS NULL
        OR p.body = :own OR p.to_unit = :own AND p.state = 'issued'
        OR CAST(:division AS text) IS NOT NULL AND starts_with(b.division_code, CAST(:division AS text)))
   AND (CAST(:paper_id AS uuid) IS NULL OR p.paper_id = CAST(:paper_id AS uuid))
   AND (CAST(:kind AS text) IS NULL OR p.kind = CAST(:kind AS text))
   AND (CAST(:state AS text) IS NULL OR p.state = CAST(:state AS text))
   AND (CAST(:body AS text) IS NULL OR p.body = CAST(:body AS text))
   AND (CAST(:to_unit AS text) IS NULL OR p.to_unit = CAST(:to_unit AS text))
   AND (CAST(:text AS text) IS NULL OR strpos(p.number, CAST(:text AS text)) > 0)
   AND (CAST(:case_id AS uuid) IS NULL OR EXISTS (SELECT FROM server.paper_case c
         WHERE c.paper_id = p.paper_id AND c.case_id = CAST(:case_id AS uuid)))
   AND (CAST(:after_at AS timestamptz) IS NULL
        OR (p.drafted_at, p.paper_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
 ORDER BY p.drafted_at DESC, p.paper_id DESC
 LIMIT :limit
