SELECT c.community_id::text AS id, c.name, ST_X(p.at) AS lon, ST_Y(p.at) AS lat, NULL::text[] AS beside
  FROM geo.community c, LATERAL (SELECT ST_Centroid(c.geom) AS at) AS p
 WHERE (c.valid_to IS NULL OR c.valid_to > CAST(:day AS date))
   AND (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:cells AS text[]) IS NULL OR EXISTS (SELECT FROM geo.community_cell k
         WHERE k.community_id = c.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
   AND (CAST(:unit AS text) IS NULL OR EXISTS (SELECT FROM server.service_contract s
         WHERE s.community_id = c.community_id AND s.unit_code = CAST(:unit AS text)
           AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date)))
 ORDER BY c.community_id
