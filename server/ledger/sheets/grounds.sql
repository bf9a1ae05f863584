-- The cell and the community that hold each point on a day, in the order of the points.
SELECT k.code, o.community_id
  FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY AS w (lon, lat, place)
 CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(w.lon, w.lat), 4326) AS geom) p
  LEFT JOIN LATERAL (SELECT g.code FROM geo.grid_cell g WHERE ST_Covers(g.geom, p.geom)
        AND daterange(g.valid_from, g.valid_to) @> CAST(:day AS date) ORDER BY g.code LIMIT 1) k ON true
  LEFT JOIN LATERAL (SELECT c.community_id FROM geo.community c WHERE ST_Covers(c.geom, p.geom)
        AND daterange(c.valid_from, c.valid_to) @> CAST(:day AS date) ORDER BY c.community_id LIMIT 1) o ON true
 ORDER BY w.place
