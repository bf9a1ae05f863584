SELECT c.community_id, c.name, c.kind, c.neighbourhood_code::text AS neighbourhood_code,
       n.subdistrict_code::text AS subdistrict_code,
       ARRAY(SELECT k.grid_cell_code::text FROM geo.community_cell k
              WHERE k.community_id = c.community_id ORDER BY 1) AS grid_cell_codes,
       s.unit_code AS company_unit, c.warranty_until, c.households, c.origin,
       daterange(c.valid_from, c.valid_to) @> d.day AS holds
  FROM geo.community c
  JOIN geo.neighbourhood n ON n.code = c.neighbourhood_code
 CROSS JOIN (SELECT coalesce(CAST(:day AS date), (now() AT TIME ZONE 'Asia/Shanghai')::date) AS day) d
  LEFT JOIN server.service_contract s
         ON s.community_id = c.community_id AND daterange(s.starts_on, s.ends_on) @> d.day
 WHERE c.community_id = ANY(CAST(:ids AS uuid[]))
