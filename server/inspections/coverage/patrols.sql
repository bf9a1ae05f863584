-- What each worker walked on each day: tracks by the local day they began on; a community counts as passed when a
-- track comes within some metres of its outline.
WITH track AS (
  SELECT t.track_id, t.user_id, p.display_name AS name, (t.begun_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
         t.begun_at, t.ended_at, t.length_m, t.geom
    FROM server.track t
    JOIN server."user" p ON p.user_id = t.user_id
    JOIN server.unit u ON u.code = p.unit_code
   WHERE t.begun_at >= :since AND t.begun_at < :until
     AND (CAST(:division AS text) IS NULL OR starts_with(u.division_code::text, CAST(:division AS text)))
     AND (CAST(:user_id AS uuid) IS NULL OR t.user_id = CAST(:user_id AS uuid))
), walk AS (
  SELECT user_id, name, day, count(*)::integer AS tracks, sum(length_m) AS length_m,
         sum(extract(epoch FROM ended_at - begun_at)) AS duration_s, min(begun_at) AS begun_at, max(ended_at) AS ended_at
    FROM track GROUP BY user_id, name, day
)
SELECT w.day, w.user_id::text AS user_id, w.name, w.tracks, w.length_m, w.duration_s, w.begun_at, w.ended_at,
       c.communities, c.passed
  FROM walk w
 CROSS JOIN LATERAL (
   SELECT count(*) AS communities, count(*) FILTER (WHERE EXISTS (SELECT FROM track t
            WHERE t.user_id = w.user_id AND t.day = w.day AND ST_DWithin(t.geom::geography, m.geom::geography, :near_m))) AS passed
     FROM geo.community m
    WHERE daterange(m.valid_from, m.valid_to) @> w.day
      AND EXISTS (SELECT FROM geo.community_cell k JOIN server.assignment a ON a.grid_cell_code = k.grid_cell_code
                   WHERE k.community_id = m.community_id AND a.user_id = w.user_id
                     AND daterange(a.valid_from, a.valid_to) @> w.day)) c
 ORDER BY w.day DESC, w.name, w.user_id
 LIMIT :limit
