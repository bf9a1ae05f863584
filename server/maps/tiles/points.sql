-- All points of a layer, column by column; the layer and its columns come from the code, never from a caller.
SELECT (SELECT coalesce(max(version), 0) FROM server.layer_version WHERE source = ANY(CAST(:sources AS text[]))) AS version,
       count(*) AS found,
       json_build_object('ids', json_agg(feature_id), 'x', json_agg(ST_X(shape)), 'y', json_agg(ST_Y(shape)),
                         'told', json_build_object({gathered}))::text AS points
  FROM (SELECT {identity} AS feature_id, {mercator} AS shape, {columns}
          FROM ({layer}) AS layer
         WHERE geom IS NOT NULL
         LIMIT :most + 1) AS shown
