-- Units by code with what counts at each: people who work there, its open cases, communities it serves.
SELECT u.code, u.name_zh, u.name_en, u.kind, u.division_code, u.parent, p.name_zh AS parent_name_zh, p.name_en AS parent_name_en,
       u.contact, u.phone, u.origin, u.closed_on,
       (SELECT count(*) FROM server."user" w WHERE w.unit_code = u.code AND w.active) AS people,
       (SELECT count(*) FROM server."case" c WHERE c.unit_code = u.code AND c.ended_at IS NULL) AS open_cases
  FROM server.unit u
  LEFT JOIN server.unit p ON p.code = u.parent
 WHERE (CAST(:text AS text) IS NULL OR concat_ws(' ', u.code, u.name_zh, u.name_en, u.contact, u.phone, u.division_code) ILIKE :text)
   AND (CAST(:kind AS text) IS NULL OR u.kind = :kind)
   AND (CAST(:parent AS text) IS NULL OR u.parent = :parent)
   AND (CAST(:closed AS boolean) IS NULL OR (u.closed_on IS NOT NULL) = :closed)
   AND (CAST(:after AS text) IS NULL OR u.code > :after)
 ORDER BY u.code
 LIMIT :limit
