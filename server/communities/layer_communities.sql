SELECT c.community_id::text AS id, c.geom, c.geom_3857, c.community_id, c.name, c.kind,
       c.neighbourhood_code, c.households, c.built_year, c.warranty_until, c.provisional_outline, c.origin,
       c.version, c.valid_from, c.valid_to
  FROM geo.community c
 WHERE (c.valid_to IS NULL OR c.valid_to > CAST(:since AS date))
   AND (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR EXISTS (SELECT FROM server.service_contract s
         WHERE s.community_id = c.community_id AND s.unit_code = CAST(:unit AS text)
           AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date)))
   AND (CAST(:cells AS text[]) IS NULL OR EXISTS (SELECT FROM geo.community_cell k
         WHERE k.community_id = c.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
