-- Charging works as lists show them, the newest first.
SELECT w.work_id, w.site_id, s.name, s.status AS site_status, s.charging_ports, s.community_id, c.name AS community_name,
       c.neighbourhood_code, n.name_zh AS neighbourhood_name, b.code AS subdistrict_code, b.name_zh AS subdistrict_name,
       street.code AS street, w.plan_id, p.name AS plan_name, w.state, w.head_seq AS version, w.since, w.responsible,
       u.name_zh AS responsible_name, w.due_on, coalesce(w.due_on < CAST(:day AS date), false) AS late, w.created_at,
       w.vote_id, v.result ->> 'outcome' AS vote_outcome, v.form AS vote_form,
       round(ST_X(s.geom)::numeric, 7)::float AS lon, round(ST_Y(s.geom)::numeric, 7)::float AS lat
  FROM server.charging_work w
  JOIN server.charging_site s USING (site_id)
  JOIN geo.community c USING (community_id)
  JOIN geo.neighbourhood n ON n.code = c.neighbourhood_code
  JOIN geo.subdistrict b ON b.code = n.subdistrict_code
  LEFT JOIN LATERAL (SELECT k.code FROM server.unit k WHERE k.division_code = b.code AND k.kind = 'subdistrict' ORDER BY k.code LIMIT 1) street ON true
  LEFT JOIN server.siting_plan p USING (plan_id)
  LEFT JOIN server.unit u ON u.code = w.responsible
  LEFT JOIN server.vote v ON v.vote_id = w.vote_id
 WHERE (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR EXISTS (SELECT FROM server.service_contract k
         WHERE k.community_id = c.community_id AND k.unit_code = CAST(:unit AS text)
           AND daterange(k.starts_on, k.ends_on) @> CAST(:day AS date)))
   AND CAST(:cells AS text[]) IS NULL
   AND (CAST(:ids AS uuid[]) IS NULL OR w.work_id = ANY(CAST(:ids AS uuid[])))
   AND (cardinality(CAST(:states AS text[])) = 0 OR w.state = ANY(CAST(:states AS text[])))
   AND (CAST(:place AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:place AS text)))
   AND (CAST(:community_id AS uuid) IS NULL OR s.community_id = CAST(:community_id AS uuid))
   AND (CAST(:responsible AS text) IS NULL OR w.responsible = CAST(:responsible AS text))
   AND (CAST(:plan_id AS uuid) IS NULL OR w.plan_id = CAST(:plan_id AS uuid))
   AND (CAST(:late AS boolean) IS NULL OR coalesce(w.due_on < CAST(:day AS date), false) = CAST(:late AS boolean))
   AND (CAST(:text AS text) IS NULL OR strpos(s.name || ' ' || c.name, CAST(:text AS text)) > 0)
   AND (CAST(:after_at AS timestamptz) IS NULL
        OR (w.created_at, w.work_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
 ORDER BY w.created_at DESC, w.work_id DESC
 LIMIT :limit
