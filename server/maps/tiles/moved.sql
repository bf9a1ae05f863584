-- What touches a window, with its outline in WGS 84, or where that would be too much the middles of what lies in
-- cells that are the same for all tiles of a zoom. The layer and its columns come from the code, never from a caller.
WITH shown AS MATERIALIZED (
  SELECT {identity} AS feature_id, geom, jsonb_strip_nulls(jsonb_build_object({told})) AS told
    FROM ({layer}) AS layer
   WHERE {within_reach}
   LIMIT :most + 1
), crowd AS (
  SELECT count(*) > :most AS crowded FROM shown
), heaped AS (
  SELECT (floor((py - :origin) / :cell) * 4194304 + floor((px - :origin) / :cell))::bigint AS feature_id,
         ST_Transform(ST_SetSRID(ST_MakePoint(avg(px), avg(py)), 3857), 4326) AS geom,
         jsonb_build_object('aggregated', true, 'count', count(*)) AS told
    FROM (SELECT (ST_XMin({mercator}) + ST_XMax({mercator})) / 2 AS px, (ST_YMin({mercator}) + ST_YMax({mercator})) / 2 AS py
            FROM ({layer}) AS layer
           WHERE (SELECT crowded FROM crowd) AND {within_reach}) AS middle
   GROUP BY floor((py - :origin) / :cell), floor((px - :origin) / :cell)
)
SELECT (SELECT coalesce(max(version), 0) FROM server.layer_version WHERE source = ANY(CAST(:sources AS text[]))) AS version,
       (SELECT crowded FROM crowd) AS crowded, f.feature_id, ST_AsBinary(f.geom) AS wkb, f.told
  FROM (SELECT 1) AS once
  LEFT JOIN (SELECT feature_id, geom, told FROM shown WHERE NOT (SELECT crowded FROM crowd)
             UNION ALL SELECT feature_id, geom, told FROM heaped) AS f ON true
