SELECT jsonb_build_object('code', g.code, 'area_m2', round(g.area_m2::numeric, 1), 'valid_from', g.valid_from,
         'valid_to', g.valid_to, 'geometry', ST_AsGeoJSON(g.geom, 9)::jsonb,
         'communities', (SELECT count(*) FROM geo.community_cell k WHERE k.grid_cell_code = g.code),
         'open_cases', (SELECT count(*) FROM server."case" c WHERE c.grid_cell_code = g.code AND c.ended_at IS NULL))
  FROM geo.grid_cell g
 WHERE g.code = ANY(CAST(:codes AS text[]))
 ORDER BY g.code
