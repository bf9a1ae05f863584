SELECT t.track_id::text AS id, t.geom, t.geom_3857, t.track_id, p.display_name AS name, t.begun_at, t.ended_at, t.length_m
  FROM server.track t
  JOIN server."user" p ON p.user_id = t.user_id
  JOIN server.unit u ON u.code = p.unit_code
 WHERE t.geom IS NOT NULL
   AND t.begun_at >= now() - interval '7 days'
   AND (CAST(:division AS text) IS NULL OR starts_with(u.division_code::text, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR u.code = CAST(:unit AS text))
   AND (CAST(:cells AS text[]) IS NULL OR EXISTS (SELECT FROM server.assignment a
         WHERE a.user_id = t.user_id AND a.grid_cell_code = ANY(CAST(:cells AS text[]))))
