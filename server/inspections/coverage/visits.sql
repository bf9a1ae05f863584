-- Visits of a period: inspections that were handed in, corrections not counted again, at the time they ended. A cell
-- that ended since passes its visits on to the cell that now holds their position.
WITH place AS (
  SELECT m.community_id, m.name, m.neighbourhood_code::text AS neighbourhood_code, n.name_zh AS neighbourhood_name,
         n.subdistrict_code::text AS subdistrict_code, b.name_zh AS subdistrict_name, m.geom
    FROM geo.community m
    JOIN geo.neighbourhood n ON n.code = m.neighbourhood_code
    JOIN geo.subdistrict b ON b.code = n.subdistrict_code
   WHERE daterange(m.valid_from, m.valid_to) @> CAST(:day AS date)
     AND (CAST(:division AS text) IS NULL OR starts_with(m.neighbourhood_code::text, CAST(:division AS text)))
     AND (CAST(:subdistrict AS text) IS NULL OR n.subdistrict_code = CAST(:subdistrict AS text))
     AND (CAST(:cells AS text[]) IS NULL OR EXISTS (SELECT FROM geo.community_cell k
           WHERE k.community_id = m.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
), cell AS (
  SELECT g.code::text AS code, g.neighbourhood_code::text AS neighbourhood_code, n.name_zh AS neighbourhood_name,
         n.subdistrict_code::text AS subdistrict_code, b.name_zh AS subdistrict_name, g.geom
    FROM geo.grid_cell g
    JOIN geo.neighbourhood n ON n.code = g.neighbourhood_code
    JOIN geo.subdistrict b ON b.code = n.subdistrict_code
   WHERE daterange(g.valid_from, g.valid_to) @> CAST(:day AS date)
     AND (CAST(:division AS text) IS NULL OR starts_with(g.code::text, CAST(:division AS text)))
     AND (CAST(:subdistrict AS text) IS NULL OR n.subdistrict_code = CAST(:subdistrict AS text))
     AND (CAST(:cells AS text[]) IS NULL OR g.code = ANY(CAST(:cells AS text[])))
), seen AS (
  SELECT i.inspection_id, i.community_id, i.user_id, p.display_name AS name,
         coalesce(i.finished_at, i.received_at) AS at,
         CASE WHEN h.code IS NOT NULL THEN h.code::text ELSE (
           SELECT g.code::text FROM geo.grid_cell g
            WHERE daterange(g.valid_from, g.valid_to) @> CAST(:day AS date) AND ST_Covers(g.geom, i.geom)
            ORDER BY g.code LIMIT 1) END AS code
    FROM server.inspection i
    JOIN server."user" p ON p.user_id = i.user_id
    LEFT JOIN geo.grid_cell h ON h.code = i.grid_cell_code AND daterange(h.valid_from, h.valid_to) @> CAST(:day AS date)
   WHERE i.corrects IS NULL AND coalesce(i.finished_at, i.received_at) < :until
     AND (CAST(:user_id AS uuid) IS NULL OR i.user_id = CAST(:user_id AS uuid))
), visit AS (
  SELECT s.*, (s.at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM seen s WHERE s.at >= :since
)
