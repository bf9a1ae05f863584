-- The ground that a caller looks at: the county's outline, a division's, or what the own cells or homes cover.
SELECT ST_AsBinary(
         CASE WHEN CAST(:division AS text) IS NULL AND CAST(:unit AS text) IS NULL AND CAST(:cells AS text[]) IS NULL
              THEN (SELECT geom FROM geo.county LIMIT 1)
              WHEN CAST(:division AS text) IS NOT NULL
              THEN (SELECT ST_Union(geom) FROM (
                      SELECT geom FROM geo.subdistrict WHERE code::text = CAST(:division AS text)
                      UNION ALL
                      SELECT geom FROM geo.neighbourhood WHERE starts_with(code::text, CAST(:division AS text))) AS of_division)
              WHEN CAST(:cells AS text[]) IS NOT NULL
              THEN (SELECT ST_Union(geom) FROM geo.grid_cell WHERE code::text = ANY(CAST(:cells AS text[])))
              ELSE (SELECT ST_Union(c.geom) FROM geo.community c
                     WHERE EXISTS (SELECT FROM server.service_contract s
                            WHERE s.community_id = c.community_id AND s.unit_code = CAST(:unit AS text)
                              AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date)))
         END) AS area
