SELECT string_agg(float8send(ST_X(geom)) || float8send(ST_Y(geom)) || int4send(0)
         || CASE WHEN (CAST(:since AS timestamptz) IS NULL OR at >= CAST(:since AS timestamptz))
                  AND (CAST(:until AS timestamptz) IS NULL OR at < CAST(:until AS timestamptz))
                  AND (cardinality(CAST(:category AS text[])) = 0 OR category = ANY(CAST(:category AS text[])))
                 THEN '\x01'::bytea ELSE '\x00' END, ''::bytea)
  FROM server.analysis_point
 WHERE layer_id = :layer_id
