SELECT c.case_id AS record_id, c.category, c.ended_at IS NULL AS is_open, c.geom, ST_Transform(c.geom, CAST(:srid AS integer)) AS at
  FROM server."case" c JOIN geo.community m ON m.community_id = c.community_id
 WHERE c.geom IS NOT NULL
   AND (CAST(:since AS timestamptz) IS NULL OR c.reported_at >= CAST(:since AS timestamptz))
   AND (CAST(:until AS timestamptz) IS NULL OR c.reported_at < CAST(:until AS timestamptz))
   AND (CAST(:categories AS text[]) IS NULL OR c.category = ANY(CAST(:categories AS text[])))
   AND lower(c.severity::text) = ANY(CAST(:severities AS text[]))
   AND CASE WHEN c.ended_at IS NULL THEN 'open' WHEN c.state = 'closed' THEN 'closed' ELSE 'ended' END
       = ANY(CAST(:standings AS text[]))
   AND (CAST(:division AS text) IS NULL OR starts_with(m.neighbourhood_code, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR c.unit_code = :unit OR c.lead_unit = :unit)
   AND (CAST(:cells AS text[]) IS NULL OR CAST(c.grid_cell_code AS text) = ANY(CAST(:cells AS text[]))
        OR c.grid_cell_code IS NULL AND EXISTS (SELECT FROM geo.community_cell k
             WHERE k.community_id = c.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
   AND NOT EXISTS (SELECT FROM server.placeholder_position p WHERE p.geom = c.geom)
