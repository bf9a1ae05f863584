SELECT k.complaint_id::text AS complaint_id, k.community_id::text AS community_id, c.name AS community_name,
       c.neighbourhood_code::text AS neighbourhood_code, k.grid_cell_code::text AS grid_cell_code, k.channel, k.category,
       k.description, ST_X(k.geom) AS lon, ST_Y(k.geom) AS lat, k.accuracy_m, k.content_sha256,
       t.name AS contact_name, t.phone AS contact_phone, k.user_id::text AS user_id, p.display_name AS taken_by, k.received_at
  FROM server.complaint k
  JOIN geo.community c ON c.community_id = k.community_id
  JOIN server."user" p ON p.user_id = k.user_id
  LEFT JOIN server.complaint_contact t ON t.complaint_id = k.complaint_id
 WHERE (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:own AS uuid) IS NULL OR k.user_id = CAST(:own AS uuid))
   AND (CAST(:ids AS uuid[]) IS NULL OR k.complaint_id = ANY(CAST(:ids AS uuid[])))
   AND (CAST(:community_id AS uuid) IS NULL OR k.community_id = CAST(:community_id AS uuid))
   AND (CAST(:channel AS text) IS NULL OR k.channel = CAST(:channel AS text))
   AND (CAST(:after_at AS timestamptz) IS NULL
        OR (k.received_at, k.complaint_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
 ORDER BY k.received_at DESC, k.complaint_id DESC
 LIMIT :limit
