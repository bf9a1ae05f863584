-- What inspections say of when and where; a correction tells of the same fact as what it corrects, and the
-- places of the cases that were opened are told, too.
WITH RECURSIVE line AS (
  SELECT inspection_id, inspection_id AS fact, corrects FROM server.inspection
   WHERE inspection_id = ANY(CAST(:ids AS uuid[]))
  UNION ALL
  SELECT l.inspection_id, i.inspection_id, i.corrects FROM line l JOIN server.inspection i ON i.inspection_id = l.corrects
)
SELECT i.inspection_id, coalesce(i.finished_at, i.started_at, i.device_time) AS at, coalesce(i.skew_ms, 0) AS skew_ms,
       (SELECT l.fact FROM line l WHERE l.inspection_id = i.inspection_id AND l.corrects IS NULL) AS fact,
       ARRAY(
         SELECT ARRAY[ST_X(g.geom), ST_Y(g.geom)] FROM (
           SELECT i.geom UNION
           SELECT c.geom FROM server.violation v JOIN server."case" c ON c.case_id = v.case_id
            WHERE v.inspection_id = i.inspection_id
         ) AS g WHERE g.geom IS NOT NULL
       ) AS places
  FROM server.inspection i
 WHERE i.inspection_id = ANY(CAST(:ids AS uuid[]))
