-- The layer and its properties come from the code, never from a caller.
WITH shown AS MATERIALIZED (
  SELECT * FROM ({layer}) AS layer
   WHERE geom IS NOT NULL
     AND (CAST(:west AS double precision) IS NULL
      OR geom && ST_MakeEnvelope(CAST(:west AS double precision), CAST(:south AS double precision),
                                 CAST(:east AS double precision), CAST(:north AS double precision), 4326))
   ORDER BY id
   LIMIT :limit + 1
), kept AS (
  SELECT * FROM shown ORDER BY id LIMIT :limit
)
SELECT jsonb_build_object(
         'type', 'FeatureCollection',
         'truncated', (SELECT count(*) FROM shown) > :limit,
         'features', coalesce(jsonb_agg(jsonb_build_object(
           'type', 'Feature', 'id', id,
           'geometry', ST_AsGeoJSON(geom, 7)::jsonb,
           'properties', jsonb_build_object({properties})) ORDER BY id), '[]'))::text
  FROM kept
