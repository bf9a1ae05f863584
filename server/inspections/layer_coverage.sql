-- Every cell with its last visit; a cell that came of others has theirs too, where they lie within it.
SELECT g.code AS id, g.geom, g.geom_3857, g.code, g.neighbourhood_code, v.at AS last_visit_at, v.inspection_id AS last_inspection_id,
       p.display_name AS last_visit_by, CAST(:day AS date) - (v.at AT TIME ZONE 'Asia/Shanghai')::date AS unvisited_days
  FROM geo.grid_cell g
  LEFT JOIN LATERAL (
    SELECT * FROM (
      (SELECT coalesce(i.finished_at, i.received_at) AS at, i.inspection_id, i.user_id
         FROM server.inspection i
        WHERE i.grid_cell_code = g.code AND i.corrects IS NULL
        ORDER BY coalesce(i.finished_at, i.received_at) DESC LIMIT 1)
      UNION ALL
      (SELECT coalesce(i.finished_at, i.received_at), i.inspection_id, i.user_id
         FROM server.inspection i
         JOIN geo.grid_cell o ON o.code = i.grid_cell_code AND o.valid_to <= CAST(:day AS date)
        WHERE i.corrects IS NULL AND ST_Covers(g.geom, i.geom)
          AND o.code IN (
                WITH RECURSIVE earlier AS (
                  SELECT l.predecessor FROM geo.cell_lineage l WHERE l.successor = g.code
                  UNION SELECT l.predecessor FROM geo.cell_lineage l JOIN earlier e ON l.successor = e.predecessor
                ) SELECT predecessor FROM earlier)
        ORDER BY coalesce(i.finished_at, i.received_at) DESC LIMIT 1)) AS visit
     ORDER BY at DESC LIMIT 1) v ON true
  LEFT JOIN server."user" p ON p.user_id = v.user_id
 WHERE g.valid_from <= CAST(:day AS date) AND (g.valid_to IS NULL OR g.valid_to > CAST(:day AS date))
   AND (CAST(:division AS text) IS NULL OR starts_with(g.code::text, CAST(:division AS text)))
   AND (CAST(:cells AS text[]) IS NULL OR g.code = ANY(CAST(:cells AS text[])))
   AND CAST(:unit AS text) IS NULL
