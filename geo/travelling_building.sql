SELECT b.building_id::text AS id, b.version,
       ARRAY(SELECT k.grid_cell_code::text FROM geo.community_cell k WHERE k.community_id = b.community_id) AS cells,
       jsonb_build_object('building_id', b.building_id, 'community_id', b.community_id, 'name', b.name,
         'floors', b.floors, 'households', b.households, 'origin', b.origin,
         'geometry', ST_AsGeoJSON(b.geom, 7)::jsonb,
         'entrances', coalesce((SELECT jsonb_agg(jsonb_build_object('entrance_id', e.entrance_id, 'name', e.name,
             'lon', round(ST_X(e.geom)::numeric, 7), 'lat', round(ST_Y(e.geom)::numeric, 7)) ORDER BY e.name)
             FROM geo.entrance e WHERE e.building_id = b.building_id), '[]')) AS data,
       c.valid_to
  FROM geo.building b JOIN geo.community c USING (community_id)
 WHERE b.building_id = ANY(CAST(:ids AS uuid[]))
