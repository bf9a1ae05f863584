-- Features as texts of GeoJSON, at most one above the limit. The layer, its key and properties come from the code, and
-- the condition binds its values.
SELECT CAST({key} AS text) AS key, row_number() OVER (ORDER BY {key}) AS number, count(*) OVER () AS among,
       '{"type":"Feature","id":' || to_json(id) || ',"geometry":' || coalesce(ST_AsGeoJSON({shape}, {decimals}, 0), 'null')
       || ',"properties":' || row_to_json((SELECT shown FROM (SELECT {properties}) AS shown)) || '}' AS feature
  FROM (SELECT * FROM ({layer}) AS layer WHERE {condition} ORDER BY {key} LIMIT :limit + 1) AS page
