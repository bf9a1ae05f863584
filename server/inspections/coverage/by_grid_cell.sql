SELECT g.code AS key, g.code AS name, g.neighbourhood_code, g.neighbourhood_name, g.subdistrict_code, g.subdistrict_name,
       ARRAY[g.code] AS grid_cell_codes, v.visits, v.days, v.first_at, v.last_at, v.workers,
       (SELECT max(s.at) FROM seen s WHERE s.code = g.code) AS last_visit_at,
       CASE WHEN CAST(:with_outline AS boolean) THEN ST_AsGeoJSON(g.geom, 7)::jsonb END AS geometry
  FROM cell g
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(w.visits), 0)::integer AS visits, min(w.first_at) AS first_at, max(w.last_at) AS last_at,
          (SELECT count(DISTINCT d.day) FROM visit d WHERE d.code = g.code) AS days,
          coalesce(jsonb_agg(jsonb_build_object('user_id', w.user_id, 'name', w.name, 'visits', w.visits)
                             ORDER BY w.visits DESC, w.name, w.user_id), '[]') AS workers
     FROM (SELECT x.user_id, x.name, count(*) AS visits, min(x.at) AS first_at, max(x.at) AS last_at
             FROM visit x WHERE x.code = g.code GROUP BY x.user_id, x.name) w) v
 ORDER BY last_visit_at NULLS FIRST, g.code
