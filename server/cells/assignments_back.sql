WITH moved AS (
  SELECT assignment_id, was, becomes FROM server.assignment_moved WHERE change_id = :change_id
), made AS (
  DELETE FROM server.assignment a USING moved m WHERE m.assignment_id = a.assignment_id AND m.was IS NULL
), ended AS (
  UPDATE server.assignment a SET valid_to = CAST(m.was ->> 'valid_to' AS date)
    FROM moved m WHERE m.assignment_id = a.assignment_id AND m.was IS NOT NULL AND m.becomes IS NOT NULL
), gone AS (
  INSERT INTO server.assignment SELECT r.* FROM moved m, jsonb_populate_record(NULL::server.assignment, m.was) r
   WHERE m.becomes IS NULL
)
SELECT assignment_id::text FROM moved ORDER BY 1
