-- Changes of assignments, the newest first.
SELECT c.change_id, to_jsonb(c.cells) AS cells, w.username AS worker, w.display_name AS worker_name, f.display_name AS taken_from_name,
       c.beside, c.valid_from, c.valid_to, c.why, m.display_name AS made_by, c.made_at, u.display_name AS undone_by, c.undone_at
  FROM server.assignment_change c
  LEFT JOIN server."user" w ON w.user_id = c.worker
  LEFT JOIN server."user" f ON f.user_id = c.taken_from
  JOIN server."user" m ON m.user_id = c.made_by
  LEFT JOIN server."user" u ON u.user_id = c.undone_by
 WHERE (CAST(:division AS text) IS NULL OR starts_with(c.cells[1], CAST(:division AS text)))
   AND (CAST(:cell AS text) IS NULL OR c.cells @> ARRAY[CAST(:cell AS text)])
   AND (CAST(:change_id AS uuid) IS NULL OR c.change_id = CAST(:change_id AS uuid))
   AND (CAST(:after_at AS timestamptz) IS NULL OR (c.made_at, c.change_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
 ORDER BY c.made_at DESC, c.change_id DESC
 LIMIT :limit
