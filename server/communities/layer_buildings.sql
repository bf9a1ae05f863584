SELECT b.building_id::text AS id, b.geom, b.geom_3857, b.building_id, b.name, b.floors, b.households,
       b.origin, b.version, c.community_id, c.name AS community_name
  FROM geo.building b
  LEFT JOIN geo.community c USING (community_id)
 WHERE (c.valid_to IS NULL OR c.valid_to > CAST(:since AS date))
   AND (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR EXISTS (SELECT FROM server.service_contract s
         WHERE s.community_id = c.community_id AND s.unit_code = CAST(:unit AS text)
           AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date)))
   AND (CAST(:cells AS text[]) IS NULL OR EXISTS (SELECT FROM geo.community_cell k
         WHERE k.community_id = c.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
