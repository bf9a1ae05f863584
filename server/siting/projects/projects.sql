-- Projects as lists show them, the newest first.
SELECT p.project_id, p.name, p.subdistrict_code, b.name_zh AS subdistrict, p.stage, p.developer, p.households, p.parking_spaces,
       p.required_ports, p.required_share_percent::float AS required_share_percent, p.condition_no, p.condition_on, p.condition_text,
       p.bureau_reply, p.bureau_replied_on, p.begun_on, p.expected_on, p.built_ports, p.note, p.version, p.created_at,
       greatest(coalesce(p.required_ports, 0) - p.built_ports, 0) AS missing_ports,
       coalesce(p.stage <> 'completed' AND p.expected_on < CAST(:day AS date) AND p.built_ports < p.required_ports, false) AS late,
       (SELECT coalesce(json_agg(json_build_object('paper_id', l.paper_id, 'number', q.number, 'answer_by', l.answer_by, 'answered_on', l.answered_on,
               'answer', l.answer, 'state', CASE WHEN l.answer IS NOT NULL THEN 'answered' WHEN e.seq IS NOT NULL THEN 'served' ELSE q.state END)
               ORDER BY q.drafted_at), '[]')
          FROM server.charging_project_letter l JOIN server.paper q USING (paper_id)
          LEFT JOIN LATERAL (SELECT seq FROM server.paper_entry k WHERE k.paper_id = l.paper_id AND k.command = 'paper.serve' LIMIT 1) e ON true
         WHERE l.project_id = p.project_id) AS letters
  FROM server.charging_project p JOIN geo.subdistrict b ON b.code = p.subdistrict_code
 WHERE (CAST(:division AS text) IS NULL OR starts_with(CAST(:division AS text), p.subdistrict_code::text))
   AND CAST(:unit AS text) IS NULL AND CAST(:cells AS text[]) IS NULL
   AND (CAST(:project_id AS uuid) IS NULL OR p.project_id = CAST(:project_id AS uuid))
   AND (CAST(:stage AS text) IS NULL OR p.stage = CAST(:stage AS text))
   AND (CAST(:subdistrict AS text) IS NULL OR p.subdistrict_code = CAST(:subdistrict AS text))
   AND (CAST(:late AS boolean) IS NULL OR CAST(:late AS boolean)
        = coalesce(p.stage <> 'completed' AND p.expected_on < CAST(:day AS date) AND p.built_ports < p.required_ports, false))
   AND (CAST(:text AS text) IS NULL OR strpos(p.name || ' ' || p.developer, CAST(:text AS text)) > 0)
   AND (CAST(:after_at AS timestamptz) IS NULL
        OR (p.created_at, p.project_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
 ORDER BY p.created_at DESC, p.project_id DESC
 LIMIT :limit
