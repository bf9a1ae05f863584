SELECT g.code::text AS id, g.code::text AS name, ST_X(p.at) AS lon, ST_Y(p.at) AS lat,
       (SELECT array_agg(n.code::text) FROM geo.grid_cell n
         WHERE n.geom && g.geom AND n.code <> g.code AND (n.valid_to IS NULL OR n.valid_to > CAST(:day AS date))
           AND ST_Intersects(n.geom, g.geom)) AS beside
  FROM geo.grid_cell g, LATERAL (SELECT ST_PointOnSurface(g.geom) AS at) AS p
 WHERE (g.valid_to IS NULL OR g.valid_to > CAST(:day AS date))
   AND (CAST(:division AS text) IS NULL OR starts_with(g.code::text, CAST(:division AS text)))
   AND (CAST(:cells AS text[]) IS NULL OR g.code::text = ANY(CAST(:cells AS text[])))
   AND CAST(:unit AS text) IS NULL
 ORDER BY g.code
