SELECT f.facility_id::text AS id, f.version,
       ARRAY(SELECT k.grid_cell_code::text FROM geo.community_cell k WHERE k.community_id = f.community_id) AS cells,
       jsonb_build_object('facility_id', f.facility_id, 'community_id', f.community_id, 'building_id', f.building_id,
         'kind', f.kind, 'name', f.name, 'registration_code', f.registration_code, 'attributes', f.attributes,
         'origin', f.origin, 'lon', round(ST_X(f.geom)::numeric, 7), 'lat', round(ST_Y(f.geom)::numeric, 7)) AS data,
       least(c.valid_to, f.valid_to) AS valid_to
  FROM geo.facility f JOIN geo.community c USING (community_id)
 WHERE f.facility_id = ANY(CAST(:ids AS uuid[]))
