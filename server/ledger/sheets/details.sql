-- What a line of the ledger says of a case beside what every list says.
SELECT c.case_id, s.name_zh AS subdistrict, n.name_zh AS neighbourhood, l.name_zh AS lead_unit,
       r.display_name AS found_by, k.display_name AS checker, c.checked_at, p.name_zh AS company,
       g.name_zh AS urging_unit,
       (SELECT string_agg(i.name_zh, '、' ORDER BY o2.place) FROM unnest(c.investigating_units) WITH ORDINALITY o2 (code, place)
          JOIN server.unit i ON i.code = o2.code) AS investigating_units,
       (SELECT string_agg(h.order_no, '、' ORDER BY h.order_no) FROM server.hotline_order_case z
          JOIN server.hotline_order h ON h.order_id = z.order_id WHERE z.case_id = c.case_id) AS hotline_no
  FROM server."case" c
  JOIN geo.community o ON o.community_id = c.community_id
  JOIN geo.neighbourhood n ON n.code = o.neighbourhood_code
  JOIN geo.subdistrict s ON s.code = n.subdistrict_code
  LEFT JOIN server.unit l ON l.code = c.lead_unit
  LEFT JOIN server.unit g ON g.code = c.urging_unit
  LEFT JOIN server."user" r ON r.user_id = c.reported_by
  LEFT JOIN server."user" k ON k.user_id = c.checker_id
  LEFT JOIN server.service_contract t ON t.community_id = c.community_id
        AND daterange(t.starts_on, t.ends_on) @> (c.reported_at AT TIME ZONE 'Asia/Shanghai')::date
  LEFT JOIN server.unit p ON p.code = t.unit_code
 WHERE c.case_id = ANY(CAST(:ids AS uuid[]))
