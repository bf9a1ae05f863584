-- Every record as 29 bytes in one value: reading a million rows one by one takes seconds.
SELECT string_agg(float8send(lon) || float8send(lat) || int4send(place) || int8send(coalesce(hexagon, 0)) || CASE WHEN own THEN '\x01'::bytea ELSE '\x00' END, ''::bytea)
  FROM (SELECT ST_X(at) AS lon, ST_Y(at) AS lat, own, hexagon, coalesce(p.number, 0)::integer AS place
          FROM (SELECT coalesce(c.geom, ST_PointOnSurface(m.geom)) AS at, c.geom IS NOT NULL AS own,
                       CASE CAST(:by AS text) WHEN 'grid_cell' THEN c.grid_cell_code::text
                            WHEN 'community' THEN c.community_id::text END AS place,
                       CASE WHEN CAST(:by AS text) = 'h3' THEN CASE CAST(:resolution AS integer)
                            WHEN 7 THEN c.h3_7 WHEN 8 THEN c.h3_8 WHEN 9 THEN c.h3_9 WHEN 10 THEN c.h3_10 END END AS hexagon
                  FROM server."case" c
                  JOIN geo.community m ON m.community_id = c.community_id
                 WHERE c.state NOT IN ('declined', 'merged', 'voided')
                   AND (CAST(:since AS timestamptz) IS NULL OR c.reported_at >= CAST(:since AS timestamptz))
                   AND (CAST(:until AS timestamptz) IS NULL OR c.reported_at < CAST(:until AS timestamptz))
                   AND (cardinality(CAST(:category AS text[])) = 0 OR c.category = ANY(CAST(:category AS text[])))
                   AND (cardinality(CAST(:severity AS text[])) = 0 OR c.severity::text = ANY(CAST(:severity AS text[])))
                   AND (CAST(:division AS text) IS NULL OR starts_with(m.neighbourhood_code::text, CAST(:division AS text)))
                   AND (CAST(:unit AS text) IS NULL OR c.unit_code = CAST(:unit AS text) OR c.lead_unit = CAST(:unit AS text))
                   AND (CAST(:cells AS text[]) IS NULL OR c.grid_cell_code::text = ANY(CAST(:cells AS text[])))) AS r
          LEFT JOIN unnest(CAST(:places AS text[])) WITH ORDINALITY AS p (place, number) ON p.place = r.place) AS located
