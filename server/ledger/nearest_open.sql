-- Other open cases of a case's category: around it, of its asset, or of its whole community; the nearest first.
WITH here AS MATERIALIZED (
  SELECT case_id, category, community_id, asset, geom,
         CAST(ST_Buffer(CAST(geom AS geography), :reach_m) AS geometry) AS around
    FROM server."case" WHERE case_id = CAST(:id AS uuid)
), candidate AS (
  SELECT k.case_id FROM here JOIN server."case" k ON k.geom && here.around AND k.category = here.category
  UNION
  SELECT k.case_id FROM here JOIN server."case" k ON k.community_id = here.community_id
         AND k.category = here.category AND (:whole OR k.asset = here.asset)
)
SELECT k.case_id, k.number, k.state, k.severity, k.description, k.reported_at, k.community_id, k.asset,
       ST_X(k.geom) AS lon, ST_Y(k.geom) AS lat, k.accuracy_m
  FROM candidate JOIN server."case" k USING (case_id) CROSS JOIN here
 WHERE k.ended_at IS NULL AND k.case_id <> here.case_id
 ORDER BY ST_Distance(CAST(k.geom AS geography), CAST(here.geom AS geography)) NULLS LAST, k.reported_at, k.case_id
 LIMIT :limit
