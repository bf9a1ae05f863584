-- The layer, its key and properties come from the code, and the condition binds its values. One row in all: how
-- many were found, at most one above the limit; the key of the last one shown; the features; the version of all.
SELECT count(*) AS found, max(key) FILTER (WHERE number = least(:limit, among)) AS last_key,
       coalesce(string_agg(feature, ',' ORDER BY number) FILTER (WHERE number <= :limit), '') AS features,
       (SELECT coalesce(max(version), 0) FROM server.layer_version WHERE source = ANY(CAST(:sources AS text[]))) AS version
  FROM (SELECT CAST({key} AS text) AS key, row_number() OVER (ORDER BY {key}) AS number, count(*) OVER () AS among,
               '{"type":"Feature","id":' || to_json(id) || ',"geometry":' || coalesce(ST_AsGeoJSON({shape}, {decimals}, 0), 'null')
               || ',"properties":' || row_to_json((SELECT shown FROM (SELECT {properties}) AS shown)) || '}' AS feature
          FROM (SELECT * FROM ({layer}) AS layer WHERE {condition} ORDER BY {key} LIMIT :limit + 1) AS page) AS told
