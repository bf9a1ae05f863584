WITH chosen AS (
  SELECT c.case_id, c.category, c.ended_at IS NULL AS is_open, c.geom, ST_Transform(c.geom, CAST(:srid AS integer)) AS at
    FROM server."case" c JOIN geo.community m ON m.community_id = c.community_id
   WHERE c.geom IS NOT NULL
     AND (CAST(:since AS timestamptz) IS NULL OR c.reported_at >= CAST(:since AS timestamptz))
     AND (CAST(:until AS timestamptz) IS NULL OR c.reported_at < CAST(:until AS timestamptz))
     AND (CAST(:categories AS text[]) IS NULL OR c.category = ANY(CAST(:categories AS text[])))
     AND lower(c.severity::text) = ANY(CAST(:severities AS text[]))
     AND CASE WHEN c.ended_at IS NULL THEN 'open' WHEN c.state = 'closed' THEN 'closed' ELSE 'ended' END
         = ANY(CAST(:standings AS text[]))
     AND (CAST(:division AS text) IS NULL OR starts_with(m.neighbourhood_code, CAST(:division AS text)))
     AND (CAST(:unit AS text) IS NULL OR c.unit_code = :unit OR c.lead_unit = :unit)
     AND (CAST(:cells AS text[]) IS NULL OR CAST(c.grid_cell_code AS text) = ANY(CAST(:cells AS text[])))
     AND NOT EXISTS (SELECT FROM server.placeholder_position p WHERE p.geom = c.geom)
), grouped AS (
  SELECT *, ST_ClusterDBSCAN(at, eps := :radius_m, minpoints := :least) OVER (ORDER BY case_id) AS cluster FROM chosen
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
