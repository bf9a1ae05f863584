-- What papers say of cases, in the order of the ids asked for.
SELECT k.case_id, k.number, coalesce(t.label_zh, k.category) AS category, k.severity, k.description,
       coalesce(k.demand, '') AS demand, c.name AS community, coalesce(k.asset, '') AS place, k.state,
       k.reported_at, k.due_at, k.claimed_at, k.closed_at, k.ended_at, k.unit_code, u.name_zh AS unit_name,
       k.urging_unit, street.code AS street, street.name_zh AS street_name,
       near.name_zh AS neighbourhood_name, k.investigating_units,
       (SELECT coalesce(array_agg(v.name_zh ORDER BY v.code), '{}') FROM server.unit v
         WHERE v.code = ANY(k.investigating_units)) AS investigating_names,
       format('《%s》（%s）第%s项“%s”', p.title_zh, p.doc_no, m.measure, rtrim(m.title_zh, '。')) AS basis,
       coalesce(claim.words ->> 'done', '') AS done, coalesce(claim.words ->> 'paid_by', '') AS paid_by
  FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted (case_id, place)
  JOIN server."case" k USING (case_id)
  JOIN geo.community c ON c.community_id = k.community_id
  JOIN server.measure m ON m.measure = k.measure
  JOIN server.programme p ON p.code = m.programme_code
  LEFT JOIN server.category t ON t.category = k.category
  LEFT JOIN server.unit u ON u.code = k.unit_code
  LEFT JOIN LATERAL (SELECT code, name_zh FROM server.unit WHERE division_code = left(c.neighbourhood_code, 9)
                      AND kind = 'subdistrict' ORDER BY code LIMIT 1) street ON true
  LEFT JOIN LATERAL (SELECT name_zh FROM server.unit WHERE division_code = c.neighbourhood_code
                      ORDER BY code LIMIT 1) near ON true
  LEFT JOIN LATERAL (SELECT w.words FROM server.case_entry e JOIN server.case_entry_private w USING (case_id, seq)
                      WHERE e.case_id = k.case_id AND e.command = 'case.claim_fixed'
                      ORDER BY e.seq DESC LIMIT 1) claim ON true
 ORDER BY wanted.place
