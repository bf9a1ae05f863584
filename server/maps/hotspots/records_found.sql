-- As records.sql, of violations: each lies where its inspection was.
SELECT string_agg(float8send(lon) || float8send(lat) || int4send(place) || int8send(coalesce(hexagon, 0)) || CASE WHEN own THEN '\x01'::bytea ELSE '\x00' END, ''::bytea)
  FROM (SELECT ST_X(at) AS lon, ST_Y(at) AS lat, own, hexagon, coalesce(p.number, 0)::integer AS place
          FROM (SELECT coalesce(i.geom, ST_PointOnSurface(m.geom)) AS at, i.geom IS NOT NULL AS own,
                       CASE CAST(:by AS text) WHEN 'grid_cell' THEN i.grid_cell_code::text
                            WHEN 'community' THEN i.community_id::text END AS place,
                       CASE WHEN CAST(:by AS text) = 'h3' THEN CASE CAST(:resolution AS integer)
                            WHEN 7 THEN i.h3_7 WHEN 8 THEN i.h3_8 WHEN 9 THEN i.h3_9 WHEN 10 THEN i.h3_10 END END AS hexagon
                  FROM server.violation v
                  JOIN server.inspection i ON i.inspection_id = v.inspection_id
                  JOIN geo.community m ON m.community_id = i.community_id
                 WHERE NOT EXISTS (SELECT FROM server.inspection later WHERE later.corrects = i.inspection_id)
                   AND (CAST(:since AS timestamptz) IS NULL OR coalesce(i.finished_at, i.received_at) >= CAST(:since AS timestamptz))
                   AND (CAST(:until AS timestamptz) IS NULL OR coalesce(i.finished_at, i.received_at) < CAST(:until AS timestamptz))
                   AND (cardinality(CAST(:category AS text[])) = 0 OR v.category = ANY(CAST(:category AS text[])))
                   AND (cardinality(CAST(:severity AS text[])) = 0 OR v.severity::text = ANY(CAST(:severity AS text[])))
                   AND (cardinality(CAST(:item AS text[])) = 0 OR v.item_code = ANY(CAST(:item AS text[])))
                   AND (CAST(:division AS text) IS NULL OR starts_with(m.neighbourhood_code::text, CAST(:division AS text)))
                   AND (CAST(:unit AS text) IS NULL OR EXISTS (SELECT FROM server.service_contract s
                          WHERE s.community_id = i.community_id AND s.unit_code = CAST(:unit AS text)
                            AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date)))
                   AND (CAST(:cells AS text[]) IS NULL OR i.grid_cell_code::text = ANY(CAST(:cells AS text[])))) AS r
          LEFT JOIN unnest(CAST(:places AS text[])) WITH ORDINALITY AS p (place, number) ON p.place = r.place) AS located
