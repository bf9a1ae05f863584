SELECT (SELECT count(*) FROM place) AS communities,
       (SELECT count(DISTINCT v.community_id) FROM visit v JOIN place m USING (community_id)) AS communities_visited,
       (SELECT count(*) FROM cell) AS cells,
       (SELECT count(DISTINCT v.code) FROM visit v JOIN cell g USING (code)) AS cells_visited,
       (SELECT count(*) FROM visit v JOIN place m USING (community_id)) AS visits
