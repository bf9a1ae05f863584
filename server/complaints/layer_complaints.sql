SELECT k.complaint_id::text AS id, k.geom, k.geom_3857, k.complaint_id, k.number, k.state, k.category, k.channel,
       m.name AS community_name, k.received_at, server.complaint_due(k) AS due_at,
       CASE WHEN server.complaint_due(k) < now() THEN 'red' ELSE 'green' END AS signal
  FROM server.complaint k
  JOIN geo.community m ON m.community_id = k.community_id
 WHERE k.geom IS NOT NULL AND k.state <> 'closed'
   AND (CAST(:division AS text) IS NULL OR starts_with(m.neighbourhood_code, CAST(:division AS text)))
   AND CAST(:unit AS text) IS NULL AND CAST(:cells AS text[]) IS NULL
