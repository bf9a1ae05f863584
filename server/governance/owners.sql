-- The owners of a vote's register by number, with their units and how far their ballot is.
SELECT o.owner_no, o.name, units.unit_nos, units.area_m2, units.areas_missing,
       b.choice, b.kind, b.proxy_name, b.second_choice, b.second_kind, b.second_proxy_name, b.first_by, b.second_by,
       CASE WHEN b.missing IS NULL THEN 'none' WHEN b.missing = 1 THEN 'once' WHEN b.agreed THEN 'agreed' ELSE 'differs' END AS ballot
  FROM server.vote_owner o
  JOIN LATERAL (SELECT array_agg(u.unit_no ORDER BY u.unit_no) AS unit_nos, sum(u.area_m2) AS area_m2,
                       count(*) FILTER (WHERE u.area_m2 IS NULL) AS areas_missing
                  FROM server.vote_unit u WHERE (u.vote_id, u.owner_no) = (o.vote_id, o.owner_no)) units ON true
  LEFT JOIN server.vote_ballot b ON (b.vote_id, b.owner_no) = (o.vote_id, o.owner_no)
 WHERE o.vote_id = :vote_id
   AND (CAST(:text AS text) IS NULL OR strpos(o.owner_no || ' ' || o.name || ' ' || array_to_string(units.unit_nos, ' '), CAST(:text AS text)) > 0)
   AND (CAST(:ballot AS text) IS NULL OR CAST(:ballot AS text)
        = CASE WHEN b.missing IS NULL THEN 'none' WHEN b.missing = 1 THEN 'once' WHEN b.agreed THEN 'agreed' ELSE 'differs' END)
   AND (CAST(:after AS text) IS NULL OR o.owner_no COLLATE "C" > CAST(:after AS text))
 ORDER BY o.owner_no COLLATE "C"
 LIMIT :limit
