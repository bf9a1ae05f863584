SELECT c.case_id::text AS id, c.geom, c.geom_3857, c.case_id, c.number, c.state, c.category, c.severity,
       m.community_id, m.name AS community_name, c.reported_at, c.ended_at
  FROM server."case" c
  JOIN geo.community m ON m.community_id = c.community_id
 WHERE c.geom IS NOT NULL
   AND c.category IN ('private_wiring_charging', 'indoor_charging')
   AND c.state NOT IN ('declined', 'merged', 'voided')
   AND (CAST(:division AS text) IS NULL OR starts_with(m.neighbourhood_code, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR c.unit_code = :unit OR c.lead_unit = :unit)
   AND (CAST(:cells AS text[]) IS NULL OR CAST(c.grid_cell_code AS text) = ANY(CAST(:cells AS text[]))
        OR c.grid_cell_code IS NULL AND EXISTS (SELECT FROM geo.community_cell k
             WHERE k.community_id = c.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
