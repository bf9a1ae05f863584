-- What is filled in comes from the code, never from a caller.
WITH chosen AS (
  {chosen}
), grouped AS (
  SELECT *, ST_ClusterDBSCAN(at, eps := :radius_m, minpoints := :least) OVER (ORDER BY record_id) AS cluster FROM chosen
), whole AS (
  SELECT cluster, count(*) AS cases, count(*) FILTER (WHERE is_open) AS open,
         ST_Centroid(ST_Collect(at)) AS middle, ST_Collect(at) AS points, ST_ConvexHull(ST_Collect(geom)) AS hull
    FROM grouped GROUP BY cluster
), kinds AS (
  SELECT cluster, jsonb_object_agg(category, n) AS categories
    FROM (SELECT cluster, category, count(*) AS n FROM grouped GROUP BY cluster, category) k GROUP BY cluster
)
SELECT whole.cluster, cases, open, ST_X(ST_Transform(middle, 4326)) AS lon, ST_Y(ST_Transform(middle, 4326)) AS lat,
       ST_MaxDistance(middle, points) AS radius_m, categories, ST_AsGeoJSON(hull, 7)::jsonb AS outline
  FROM whole JOIN kinds ON kinds.cluster IS NOT DISTINCT FROM whole.cluster
 ORDER BY whole.cluster IS NULL, cases DESC, whole.cluster
