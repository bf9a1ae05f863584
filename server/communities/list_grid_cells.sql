SELECT jsonb_build_object('code', g.code, 'neighbourhood_code', g.neighbourhood_code,
         'neighbourhood_name', n.name_zh, 'subdistrict_code', n.subdistrict_code,
         'area_m2', round(g.area_m2::numeric, 1), 'management_grade', g.management_grade,
         'responsible_unit', g.responsible_unit, 'origin', g.origin,
         'valid_from', g.valid_from, 'valid_to', g.valid_to, 'geometry', ST_AsGeoJSON(g.geom, 7)::jsonb)
  FROM geo.grid_cell g
  JOIN geo.neighbourhood n ON n.code = g.neighbourhood_code
 WHERE (g.valid_to IS NULL OR g.valid_to > CAST(:day AS date))
   AND (CAST(:division AS text) IS NULL OR starts_with(g.code::text, CAST(:division AS text)))
   AND CAST(:unit AS text) IS NULL
   AND (CAST(:cells AS text[]) IS NULL OR g.code = ANY(CAST(:cells AS text[])))
   AND (CAST(:neighbourhood AS text) IS NULL OR g.neighbourhood_code = CAST(:neighbourhood AS text))
   AND (CAST(:subdistrict AS text) IS NULL OR n.subdistrict_code = CAST(:subdistrict AS text))
   AND (CAST(:text AS text) IS NULL OR g.code LIKE CAST(:text AS text))
   AND (CAST(:after_1 AS text) IS NULL OR g.code > CAST(:after_1 AS text))
 ORDER BY g.code
 LIMIT :limit
