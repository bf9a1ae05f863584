SELECT s.site_id::text AS id, s.geom, s.geom_3857, s.site_id, s.name, s.status, s.charging_ports, s.has_shed, s.note,
       c.name AS community_name, c.community_id, s.origin, s.version
  FROM server.charging_site s
  JOIN geo.community c ON c.community_id = s.community_id
 WHERE (s.valid_to IS NULL OR s.valid_to > CAST(:day AS date))
   AND (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR EXISTS (SELECT FROM server.service_contract k
         WHERE k.community_id = c.community_id AND k.unit_code = CAST(:unit AS text)
           AND daterange(k.starts_on, k.ends_on) @> CAST(:day AS date)))
   AND (CAST(:cells AS text[]) IS NULL OR EXISTS (SELECT FROM geo.community_cell k
         WHERE k.community_id = c.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
