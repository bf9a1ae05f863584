-- All features of a layer in the order of their keys: keys, how many bytes each text has, the texts with commas
-- between. The layer, its key and properties come from the code, never from a caller.
SELECT (SELECT coalesce(max(version), 0) FROM server.layer_version WHERE source = ANY(CAST(:sources AS text[]))) AS version,
       count(*) AS found, json_agg(key ORDER BY number)::text AS keys, json_agg(octet_length(feature) ORDER BY number)::text AS sizes,
       coalesce(string_agg(feature, ',' ORDER BY number), '') AS features
  FROM ({told}) AS told
