SELECT g.code AS id, 1 AS version, ARRAY[g.code::text] AS cells,
       jsonb_build_object('code', g.code, 'neighbourhood_code', g.neighbourhood_code,
         'area_m2', round(g.area_m2::numeric, 1), 'management_grade', g.management_grade,
         'responsible_unit', g.responsible_unit, 'origin', g.origin, 'valid_from', g.valid_from,
         'valid_to', g.valid_to, 'geometry', ST_AsGeoJSON(g.geom, 7)::jsonb) AS data,
       g.valid_to
  FROM geo.grid_cell g
 WHERE g.code = ANY(CAST(:ids AS text[]))
