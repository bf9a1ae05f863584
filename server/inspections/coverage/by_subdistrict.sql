SELECT b.subdistrict_code AS key, b.subdistrict_name AS name,
       (SELECT count(*) FROM place m WHERE m.subdistrict_code = b.subdistrict_code) AS communities,
       (SELECT count(DISTINCT v.community_id) FROM visit v JOIN place m USING (community_id)
         WHERE m.subdistrict_code = b.subdistrict_code) AS communities_visited,
       (SELECT count(*) FROM cell g WHERE g.subdistrict_code = b.subdistrict_code) AS cells,
       (SELECT count(DISTINCT v.code) FROM visit v JOIN cell g USING (code)
         WHERE g.subdistrict_code = b.subdistrict_code) AS cells_visited,
       (SELECT count(*) FROM visit v JOIN place m USING (community_id)
         WHERE m.subdistrict_code = b.subdistrict_code) AS visits
  FROM (SELECT subdistrict_code, subdistrict_name FROM place UNION SELECT subdistrict_code, subdistrict_name FROM cell) b
 ORDER BY b.subdistrict_code
