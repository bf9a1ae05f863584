-- What was done on cases, in order, with who did it and the words that still stand.
SELECT e.case_id, e.command, e.to_state, e.level, e.recorded_at, u.display_name AS actor,
       CAST(e.canonical AS jsonb) -> 'facts' AS facts, coalesce(p.words, '{}') AS words
  FROM server.case_entry e
  LEFT JOIN server.case_entry_private p USING (case_id, seq)
  LEFT JOIN server."user" u ON u.user_id = e.actor_id
 WHERE e.case_id = ANY(CAST(:ids AS uuid[])) AND e.command = ANY(CAST(:commands AS text[]))
 ORDER BY e.case_id, e.seq
