-- Open cases of a category and severity that have another open one of the category within a radius, errors of both added.
WITH mine AS MATERIALIZED (
  SELECT case_id, geom, least(coalesce(accuracy_m, 0), :counted_m) AS error_m FROM server."case"
   WHERE category = :category AND severity = :severity AND ended_at IS NULL AND geom IS NOT NULL
   ORDER BY reported_at DESC LIMIT :most
), nearest AS (
  SELECT (SELECT min(ST_Distance(CAST(m.geom AS geography), CAST(o.geom AS geography))
                     - m.error_m - least(coalesce(o.accuracy_m, 0), :counted_m))
            FROM server."case" o
           WHERE o.category = :category AND o.ended_at IS NULL AND o.case_id <> m.case_id
             AND o.geom && ST_Expand(m.geom, :reach_m / 80000)) AS apart_m
    FROM mine m
)
SELECT count(*) AS of, count(*) FILTER (WHERE apart_m <= :now_m) AS now, count(*) FILTER (WHERE apart_m <= :then_m) AS then
  FROM nearest
