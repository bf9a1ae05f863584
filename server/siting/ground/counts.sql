-- The e-bikes counted last in each community on a round by checklist T2, not longer ago than a moment.
SELECT DISTINCT ON (i.community_id) i.community_id::text AS community_id, i.inspection_id::text AS inspection_id,
       coalesce(i.finished_at, i.received_at) AS counted_at,
       (i.answers #>> '{ebikes_estimate,value}')::numeric AS bikes
  FROM server.inspection i JOIN server.checklist_version v ON v.version = i.checklist_version
 WHERE v.code = 'T2' AND i.community_id = ANY(CAST(:ids AS uuid[]))
   AND coalesce(i.finished_at, i.received_at) >= :since
   AND jsonb_typeof(i.answers #> '{ebikes_estimate,value}') = 'number'
   AND NOT EXISTS (SELECT FROM server.inspection newer WHERE newer.corrects = i.inspection_id)
 ORDER BY i.community_id, coalesce(i.finished_at, i.received_at) DESC, i.inspection_id DESC
