-- What replies may say of the cases of an order, in the order of their links; of a merged one, the case it went into.
SELECT k.case_id, k.number, k.state, c.name AS community, t.label_zh AS problem, u.name_zh AS unit,
       coalesce(claim.words ->> 'done', '') AS done, k.reported_at, k.filed_at, k.due_at, k.closed_at, k.resume_on
  FROM server.hotline_order_case tied
  JOIN server."case" named ON named.case_id = tied.case_id
  JOIN server."case" k ON k.case_id = coalesce(named.merged_into, named.case_id)
  JOIN geo.community c ON c.community_id = k.community_id
  JOIN server.category t ON t.category = k.category
  LEFT JOIN server.unit u ON u.code = k.unit_code
  LEFT JOIN LATERAL (SELECT w.words FROM server.case_entry e JOIN server.case_entry_private w USING (case_id, seq)
                      WHERE e.case_id = k.case_id AND e.command = 'case.claim_fixed'
                      ORDER BY e.seq DESC LIMIT 1) claim ON true
 WHERE tied.order_id = CAST(:order_id AS uuid)
 ORDER BY tied.linked_at, tied.case_id
