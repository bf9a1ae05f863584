SELECT s.site_id::text AS id, s.version,
       CASE WHEN least(s.valid_to, c.valid_to) <= d.day THEN '{}'::text[]
            ELSE ARRAY(SELECT k.grid_cell_code::text FROM geo.community_cell k WHERE k.community_id = s.community_id) END AS cells,
       jsonb_build_object('site_id', s.site_id, 'community_id', s.community_id, 'community_name', c.name,
         'neighbourhood_code', c.neighbourhood_code, 'name', s.name, 'status', s.status,
         'charging_ports', s.charging_ports, 'has_shed', s.has_shed, 'note', s.note, 'origin', s.origin,
         'proposed_at', s.proposed_at, 'version', s.version,
         'location', jsonb_build_object('lon', round(ST_X(s.geom)::numeric, 7), 'lat', round(ST_Y(s.geom)::numeric, 7))) AS data
  FROM server.charging_site s
  JOIN geo.community c ON c.community_id = s.community_id
 CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS day) d
 WHERE s.site_id = ANY(CAST(:ids AS uuid[]))
