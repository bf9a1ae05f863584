-- Votes as lists show them, newest first.
SELECT v.vote_id, v.community_id, c.name AS community_name, c.neighbourhood_code, n.name_zh AS neighbourhood_name,
       street.code AS street, street.name_zh AS street_name,
       v.form, v.matter, v.subject, v.question, v.state, v.head_seq AS version, v.rule_set, v.opens_on, v.closes_on,
       v.result, v.objections_until, v.created_at,
       (SELECT count(*) FROM server.vote_owner o WHERE o.vote_id = v.vote_id) AS owners,
       (SELECT array_agg(p.paper_id) FROM server.vote_paper p WHERE p.vote_id = v.vote_id) AS paper_ids
  FROM server.vote v
  JOIN geo.community c USING (community_id)
  JOIN geo.neighbourhood n ON n.code = c.neighbourhood_code
  LEFT JOIN LATERAL (SELECT u.code, u.name_zh FROM server.unit u WHERE u.division_code = left(c.neighbourhood_code, 9)
                      AND u.kind = 'subdistrict' ORDER BY u.code LIMIT 1) street ON true
 WHERE (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND CAST(:unit AS text) IS NULL AND CAST(:cells AS text[]) IS NULL
   AND (CAST(:vote_id AS uuid) IS NULL OR v.vote_id = CAST(:vote_id AS uuid))
   AND (CAST(:state AS text) IS NULL OR v.state = CAST(:state AS text))
   AND (CAST(:form AS text) IS NULL OR v.form = CAST(:form AS text))
   AND (CAST(:community_id AS uuid) IS NULL OR v.community_id = CAST(:community_id AS uuid))
   AND (CAST(:text AS text) IS NULL OR strpos(v.subject || ' ' || c.name, CAST(:text AS text)) > 0)
   AND (CAST(:after_at AS timestamptz) IS NULL
        OR (v.created_at, v.vote_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
 ORDER BY v.created_at DESC, v.vote_id DESC
 LIMIT :limit
