SELECT c.community_id::text AS id, c.version,
       CASE WHEN c.valid_to <= d.day THEN '{}'::text[] ELSE k.codes END AS cells,
       jsonb_build_object('community_id', c.community_id, 'name', c.name, 'kind', c.kind,
         'neighbourhood_code', c.neighbourhood_code, 'neighbourhood_name', n.name_zh,
         'subdistrict_code', n.subdistrict_code, 'grid_cell_codes', to_jsonb(k.codes),
         'households', c.households, 'built_year', c.built_year, 'warranty_until', c.warranty_until, 'pilot', c.pilot,
         'provisional_outline', c.provisional_outline,
         'company_unit', s.unit_code, 'company_name', u.name_zh, 'origin', c.origin,
         'geometry', ST_AsGeoJSON(c.geom, 7)::jsonb) AS data
  FROM geo.community c
  JOIN geo.neighbourhood n ON n.code = c.neighbourhood_code
 CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS day) d
 CROSS JOIN LATERAL (SELECT ARRAY(SELECT grid_cell_code::text FROM geo.community_cell
                                   WHERE community_id = c.community_id ORDER BY 1) AS codes) k
  LEFT JOIN server.service_contract s
         ON s.community_id = c.community_id AND daterange(s.starts_on, s.ends_on) @> d.day
  LEFT JOIN server.unit u ON u.code = s.unit_code
 WHERE c.community_id = ANY(CAST(:ids AS uuid[]))
