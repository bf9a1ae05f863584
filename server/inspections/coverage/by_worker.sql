, walked AS (
  SELECT DISTINCT a.user_id, g.code FROM server.assignment a JOIN cell g ON g.code = a.grid_cell_code
   WHERE daterange(a.valid_from, a.valid_to) && daterange(CAST(:first AS date), CAST(:day AS date), '[]')
     AND (CAST(:user_id AS uuid) IS NULL OR a.user_id = CAST(:user_id AS uuid))
), own AS (
  SELECT DISTINCT w.user_id, m.community_id FROM walked w
    JOIN geo.community_cell k ON k.grid_cell_code = w.code JOIN place m ON m.community_id = k.community_id
)
SELECT p.user_id::text AS key, p.display_name AS name,
       (SELECT count(*) FROM own o WHERE o.user_id = p.user_id) AS communities,
       (SELECT count(*) FROM own o WHERE o.user_id = p.user_id AND EXISTS (SELECT FROM visit v
         WHERE v.user_id = o.user_id AND v.community_id = o.community_id)) AS communities_visited,
       (SELECT count(*) FROM walked w WHERE w.user_id = p.user_id) AS cells,
       (SELECT count(*) FROM walked w WHERE w.user_id = p.user_id AND EXISTS (SELECT FROM visit v
         WHERE v.user_id = w.user_id AND v.code = w.code)) AS cells_visited,
       (SELECT count(*) FROM visit v JOIN place m USING (community_id) WHERE v.user_id = p.user_id) AS visits
  FROM server."user" p
 WHERE p.user_id IN (SELECT user_id FROM walked UNION SELECT v.user_id FROM visit v JOIN place m USING (community_id))
 ORDER BY p.display_name, p.user_id
