-- The layer, its key and properties come from the code, and the condition binds its values.
SELECT CAST({key} AS text),
       '{"type":"Feature","id":' || to_json(id) || ',"geometry":' || coalesce(ST_AsGeoJSON({shape}, {decimals}, 0), 'null')
       || ',"properties":' || row_to_json((SELECT shown FROM (SELECT {properties}) AS shown)) || '}'
  FROM (SELECT * FROM ({layer}) AS layer WHERE {condition} ORDER BY {key} LIMIT :most) AS page
 ORDER BY {key}
