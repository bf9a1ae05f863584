-- The layer, its columns and its shape come from the code, never from a caller. A tile of 4096 units with 64
-- around it. An area too thin to be drawn becomes the box around it, so that nothing vanishes from afar.
WITH shown AS MATERIALIZED (
  SELECT {identity} AS feature_id, {mercator} AS shape, {columns}
    FROM ({layer}) AS layer
   WHERE {within_reach}
   LIMIT :most + 1
), crowd AS (
  SELECT count(*) > :most AS crowded FROM shown
), drawn AS (
  SELECT coalesce(
           ST_AsMVTGeom(shape, ST_TileEnvelope(:z, :x, :y), 4096, 64, true),
           CASE WHEN ST_Dimension(shape) = 2 AND least(ST_XMax(shape) - ST_XMin(shape), ST_YMax(shape) - ST_YMin(shape)) < 4 * :grain
                THEN ST_AsMVTGeom(ST_Expand(ST_Envelope(shape), :grain), ST_TileEnvelope(:z, :x, :y), 4096, 64, true) END
         ) AS geom, feature_id, {names}
    FROM shown WHERE NOT (SELECT crowded FROM crowd)
  OFFSET 0  -- Else each shape would be cut twice: to see whether anything is left of it, and to draw it.
), heaped AS (
  SELECT ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(avg(px), avg(py)), 3857), ST_TileEnvelope(:z, :x, :y), 4096, 64, true) AS geom,
         true AS aggregated, count(*)::integer AS count, (floor((py - :south) / :cell) * :cells_a_side + floor((px - :west) / :cell))::bigint AS feature_id
    FROM (SELECT (ST_XMin({mercator}) + ST_XMax({mercator})) / 2 AS px, (ST_YMin({mercator}) + ST_YMax({mercator})) / 2 AS py
            FROM ({layer}) AS layer
           WHERE (SELECT crowded FROM crowd) AND {within_tile}) AS middle
   -- Each feature counts in the one tile that holds its middle.
   WHERE px >= :west AND px < :west + :size AND py > :south AND py <= :south + :size
   GROUP BY floor((py - :south) / :cell), floor((px - :west) / :cell)
)
SELECT (SELECT coalesce(max(version), 0) FROM server.layer_version WHERE source = ANY(CAST(:sources AS text[]))) AS version,
       CASE WHEN (SELECT crowded FROM crowd)
            THEN (SELECT ST_AsMVT(heaped, :name, 4096, 'geom', 'feature_id') FROM heaped)
            ELSE (SELECT ST_AsMVT(drawn, :name, 4096, 'geom', 'feature_id') FROM drawn WHERE geom IS NOT NULL) END AS body
