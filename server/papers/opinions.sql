-- The last word of each party on a close-out since the last claim: who said it, of which unit, when, with what words.
WITH claim AS (
  SELECT max(seq) AS since FROM server.case_entry WHERE case_id = CAST(:id AS uuid) AND command = 'case.claim_fixed'
), word AS (
  SELECT CASE WHEN e.command = 'case.claim_fixed' THEN 'repairer'
              WHEN e.command = 'case.close' THEN 'subdistrict'
              WHEN e.command = 'case.check' AND e.to_state = 'check_passed' THEN 'checker'
              WHEN e.command = 'case.note' AND u.kind = 'neighbourhood' THEN 'neighbourhood' END AS party,
         e.seq, e.recorded_at, p.display_name AS person, u.name_zh AS unit,
         coalesce(w.words ->> 'reason', w.words ->> 'text', '') AS said
    FROM claim JOIN server.case_entry e ON e.case_id = CAST(:id AS uuid) AND e.seq >= claim.since
    LEFT JOIN server.case_entry_private w USING (case_id, seq)
    LEFT JOIN server."user" p ON p.user_id = e.actor_id
    LEFT JOIN server.unit u ON u.code = e.actor_unit
)
SELECT DISTINCT ON (party) party, recorded_at, coalesce(person, '') AS person, coalesce(unit, '') AS unit, said
  FROM word WHERE party IS NOT NULL ORDER BY party, seq DESC
