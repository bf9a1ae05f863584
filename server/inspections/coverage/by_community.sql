SELECT m.community_id::text AS key, m.name, m.neighbourhood_code, m.neighbourhood_name, m.subdistrict_code, m.subdistrict_name,
       ARRAY(SELECT k.grid_cell_code::text FROM geo.community_cell k WHERE k.community_id = m.community_id ORDER BY 1) AS grid_cell_codes,
       v.visits, v.days, v.first_at, v.last_at, v.workers,
       (SELECT max(s.at) FROM seen s WHERE s.community_id = m.community_id) AS last_visit_at,
       CASE WHEN CAST(:with_outline AS boolean) THEN ST_AsGeoJSON(m.geom, 7)::jsonb END AS geometry
  FROM place m
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(w.visits), 0)::integer AS visits, min(w.first_at) AS first_at, max(w.last_at) AS last_at,
          (SELECT count(DISTINCT d.day) FROM visit d WHERE d.community_id = m.community_id) AS days,
          coalesce(jsonb_agg(jsonb_build_object('user_id', w.user_id, 'name', w.name, 'visits', w.visits)
                             ORDER BY w.visits DESC, w.name, w.user_id), '[]') AS workers
     FROM (SELECT x.user_id, x.name, count(*) AS visits, min(x.at) AS first_at, max(x.at) AS last_at
             FROM visit x WHERE x.community_id = m.community_id GROUP BY x.user_id, x.name) w) v
 ORDER BY last_visit_at NULLS FIRST, m.neighbourhood_code, m.name, m.community_id
