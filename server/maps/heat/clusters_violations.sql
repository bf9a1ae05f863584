SELECT v.violation_id AS record_id, v.category, c.case_id IS NOT NULL AND c.ended_at IS NULL AS is_open,
       i.geom, ST_Transform(i.geom, CAST(:srid AS integer)) AS at
  FROM server.violation v
  JOIN server.inspection i ON i.inspection_id = v.inspection_id
  JOIN geo.community m ON m.community_id = i.community_id
  LEFT JOIN server."case" c ON c.case_id = v.case_id
 WHERE i.geom IS NOT NULL
   AND NOT EXISTS (SELECT FROM server.inspection later WHERE later.corrects = i.inspection_id)
   AND (CAST(:since AS timestamptz) IS NULL OR coalesce(i.finished_at, i.received_at) >= CAST(:since AS timestamptz))
   AND (CAST(:until AS timestamptz) IS NULL OR coalesce(i.finished_at, i.received_at) < CAST(:until AS timestamptz))
   AND (CAST(:categories AS text[]) IS NULL OR v.category = ANY(CAST(:categories AS text[])))
   AND (CAST(:items AS text[]) IS NULL OR v.item_code = ANY(CAST(:items AS text[])))
   AND lower(v.severity::text) = ANY(CAST(:severities AS text[]))
   AND CASE WHEN c.case_id IS NULL THEN 'found' WHEN c.ended_at IS NULL THEN 'open' WHEN c.state = 'closed' THEN 'closed'
            ELSE 'ended' END = ANY(CAST(:standings AS text[]))
   AND (CAST(:division AS text) IS NULL OR starts_with(m.neighbourhood_code, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR EXISTS (SELECT FROM server.service_contract s
          WHERE s.community_id = i.community_id AND s.unit_code = :unit
            AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date)))
   AND (CAST(:cells AS text[]) IS NULL OR CAST(i.grid_cell_code AS text) = ANY(CAST(:cells AS text[]))
        OR i.grid_cell_code IS NULL AND EXISTS (SELECT FROM geo.community_cell k
             WHERE k.community_id = i.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
   AND NOT EXISTS (SELECT FROM server.placeholder_position p WHERE p.geom = i.geom)
