-- The cells of a day by code, each with who walks it then and who will.
SELECT g.code, g.neighbourhood_code, n.name_zh AS neighbourhood_name, n.subdistrict_code, s.name_zh AS subdistrict_name,
       round(g.area_m2::numeric)::integer AS area_m2, ST_AsGeoJSON(g.geom, 6)::jsonb AS geometry,
       coalesce((SELECT jsonb_agg(jsonb_build_object('assignment_id', a.assignment_id, 'username', p.username, 'name', p.display_name,
                                                     'active', p.active, 'valid_from', a.valid_from, 'valid_to', a.valid_to)
                                  ORDER BY a.valid_from, p.username)
                   FROM server.assignment a JOIN server."user" p USING (user_id)
                  WHERE a.grid_cell_code = g.code AND daterange(a.valid_from, a.valid_to) @> CAST(:day AS date)), '[]') AS workers,
       coalesce((SELECT jsonb_agg(jsonb_build_object('assignment_id', a.assignment_id, 'username', p.username, 'name', p.display_name,
                                                     'active', p.active, 'valid_from', a.valid_from, 'valid_to', a.valid_to)
                                  ORDER BY a.valid_from, p.username)
                   FROM server.assignment a JOIN server."user" p USING (user_id)
                  WHERE a.grid_cell_code = g.code AND a.valid_from > CAST(:day AS date)), '[]') AS to_come
  FROM geo.grid_cell g
  JOIN geo.neighbourhood n ON n.code = g.neighbourhood_code
  JOIN geo.subdistrict s ON s.code = n.subdistrict_code
 WHERE daterange(g.valid_from, g.valid_to) @> CAST(:day AS date)
   AND (CAST(:division AS text) IS NULL OR starts_with(g.code::text, CAST(:division AS text)))
   AND (CAST(:subdistrict AS text) IS NULL OR n.subdistrict_code = CAST(:subdistrict AS text))
   AND (CAST(:worker AS text) IS NULL OR EXISTS (
        SELECT FROM server.assignment a JOIN server."user" p USING (user_id)
         WHERE a.grid_cell_code = g.code AND p.username = CAST(:worker AS text)
           AND daterange(a.valid_from, a.valid_to) @> CAST(:day AS date)))
   AND (CAST(:after AS text) IS NULL OR g.code > CAST(:after AS text))
 ORDER BY g.code
 LIMIT :limit
