SELECT jsonb_build_object('facility_id', f.facility_id, 'community_id', f.community_id, 'community_name', c.name,
         'building_id', f.building_id, 'kind', f.kind, 'name', f.name, 'registration_code', f.registration_code,
         'attributes', f.attributes, 'origin', f.origin, 'version', f.version,
         'location', jsonb_build_object('lon', round(ST_X(f.geom)::numeric, 7), 'lat', round(ST_Y(f.geom)::numeric, 7), 'datum', 'wgs84'))
  FROM geo.facility f
  JOIN geo.community c ON c.community_id = f.community_id
 WHERE (c.valid_to IS NULL OR c.valid_to > CAST(:day AS date))
   AND (f.valid_to IS NULL OR f.valid_to > CAST(:day AS date))
   AND (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR EXISTS (SELECT FROM server.service_contract s
         WHERE s.community_id = c.community_id AND s.unit_code = CAST(:unit AS text)
           AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date)))
   AND (CAST(:cells AS text[]) IS NULL OR EXISTS (SELECT FROM geo.community_cell k
         WHERE k.community_id = c.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
   AND (CAST(:grid_cell AS text) IS NULL OR EXISTS (SELECT FROM geo.community_cell k
         WHERE k.community_id = c.community_id AND k.grid_cell_code = CAST(:grid_cell AS text)))
   AND (CAST(:community_id AS uuid) IS NULL OR f.community_id = CAST(:community_id AS uuid))
   AND (CAST(:kind AS text) IS NULL OR f.kind = CAST(:kind AS text))
   AND (CAST(:after_1 AS uuid) IS NULL OR (f.community_id, f.facility_id) > (CAST(:after_1 AS uuid), CAST(:after_2 AS uuid)))
 ORDER BY f.community_id, f.facility_id
 LIMIT :limit
