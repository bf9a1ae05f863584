SELECT t.track_id::text AS track_id, t.user_id::text AS user_id, p.display_name AS name, t.begun_at, t.ended_at,
       t.point_count, t.length_m, t.received_at,
       CASE WHEN CAST(:with_line AS boolean) THEN ST_AsGeoJSON(t.geom, 7)::jsonb END AS geometry
  FROM server.track t
  JOIN server."user" p ON p.user_id = t.user_id
  JOIN server.unit u ON u.code = p.unit_code
 WHERE (CAST(:division AS text) IS NULL OR starts_with(u.division_code::text, CAST(:division AS text)))
   AND (CAST(:own AS uuid) IS NULL OR t.user_id = CAST(:own AS uuid))
   AND (CAST(:user_id AS uuid) IS NULL OR t.user_id = CAST(:user_id AS uuid))
   AND (CAST(:day AS date) IS NULL OR (t.begun_at AT TIME ZONE 'Asia/Shanghai')::date = CAST(:day AS date))
   AND (CAST(:after_at AS timestamptz) IS NULL
        OR (t.begun_at, t.track_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
 ORDER BY t.begun_at DESC, t.track_id DESC
 LIMIT :limit
