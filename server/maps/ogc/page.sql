-- A page of one row: how many were found, at most one above the limit; the key of the last one shown; the features;
-- the version of all.
SELECT count(*) AS found, max(key) FILTER (WHERE number = least(:limit, among)) AS last_key,
       coalesce(string_agg(feature, ',' ORDER BY number) FILTER (WHERE number <= :limit), '') AS features,
       (SELECT coalesce(max(version), 0) FROM server.layer_version WHERE source = ANY(CAST(:sources AS text[]))) AS version
  FROM ({told}) AS told
