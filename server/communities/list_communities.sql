SELECT jsonb_build_object('community_id', c.community_id, 'name', c.name, 'kind', c.kind,
         'neighbourhood_code', c.neighbourhood_code, 'neighbourhood_name', n.name_zh,
         'subdistrict_code', n.subdistrict_code, 'subdistrict_name', b.name_zh,
         'grid_cell_codes', (SELECT coalesce(jsonb_agg(k.grid_cell_code ORDER BY k.grid_cell_code), '[]')
                               FROM geo.community_cell k WHERE k.community_id = c.community_id),
         'households', c.households, 'built_year', c.built_year, 'warranty_until', c.warranty_until, 'pilot', c.pilot,
         'provisional_outline', c.provisional_outline,
         'company_unit', s.unit_code, 'company_name', u.name_zh, 'origin', c.origin, 'version', c.version,
         'geometry', ST_AsGeoJSON(c.geom, 7)::jsonb)
  FROM geo.community c
  JOIN geo.neighbourhood n ON n.code = c.neighbourhood_code
  JOIN geo.subdistrict b ON b.code = n.subdistrict_code
  LEFT JOIN server.service_contract s
         ON s.community_id = c.community_id AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date)
  LEFT JOIN server.unit u ON u.code = s.unit_code
 WHERE (c.valid_to IS NULL OR c.valid_to > CAST(:day AS date))
   AND (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR s.unit_code = CAST(:unit AS text))
   AND (CAST(:cells AS text[]) IS NULL OR EXISTS (SELECT FROM geo.community_cell k
         WHERE k.community_id = c.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
   AND (CAST(:community_id AS uuid) IS NULL OR c.community_id = CAST(:community_id AS uuid))
   AND (CAST(:neighbourhood AS text) IS NULL OR c.neighbourhood_code = CAST(:neighbourhood AS text))
   AND (CAST(:subdistrict AS text) IS NULL OR n.subdistrict_code = CAST(:subdistrict AS text))
   AND (CAST(:kind AS text) IS NULL OR c.kind = CAST(:kind AS text))
   AND (CAST(:grid_cell AS text) IS NULL OR EXISTS (SELECT FROM geo.community_cell k
         WHERE k.community_id = c.community_id AND k.grid_cell_code = CAST(:grid_cell AS text)))
   AND (CAST(:text AS text) IS NULL OR c.name ILIKE CAST(:text AS text))
   AND (CAST(:after_1 AS text) IS NULL OR (c.neighbourhood_code, c.name, c.community_id)
         > (CAST(:after_1 AS text), CAST(:after_2 AS text), CAST(:after_3 AS uuid)))
 ORDER BY c.neighbourhood_code, c.name, c.community_id
 LIMIT :limit
