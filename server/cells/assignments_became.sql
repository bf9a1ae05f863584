INSERT INTO server.assignment_moved (change_id, assignment_id, becomes)
SELECT :change_id, a.assignment_id, to_jsonb(a) FROM server.assignment a
 WHERE a.assignment_id = ANY(CAST(:ids AS uuid[]))
ON CONFLICT (change_id, assignment_id) DO UPDATE SET becomes = excluded.becomes
