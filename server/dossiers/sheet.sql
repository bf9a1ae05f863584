-- Everything on one sheet in one round trip: each part as JSON, in the order in which the sheet shows it.
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_object('part', p.part, 'unit', u.code, 'name', u.name_zh) ORDER BY p.part), '[]')
     FROM server.community_unit p JOIN server.unit u ON u.code = p.unit_code
    WHERE p.community_id = :community_id AND daterange(p.valid_from, p.valid_to) @> CAST(:day AS date)) AS parts,
  (SELECT jsonb_build_object('kind', s.kind, 'starts_on', s.starts_on, 'ends_on', s.ends_on, 'phone', c.phone)
     FROM server.service_contract s LEFT JOIN server.property_company c USING (unit_code)
    WHERE s.community_id = :community_id AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date) LIMIT 1) AS contract,
  (SELECT jsonb_build_object('buildings', count(*), 'households', coalesce(sum(b.households), 0),
                             'entrances', (SELECT count(*) FROM geo.entrance e JOIN geo.building f USING (building_id)
                                            WHERE f.community_id = :community_id))
     FROM geo.building b WHERE b.community_id = :community_id) AS built,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', f.kind, 'count', f.n) ORDER BY f.n DESC, f.kind), '[]')
     FROM (SELECT kind, count(*) AS n FROM geo.facility
            WHERE community_id = :community_id AND (valid_to IS NULL OR valid_to > CAST(:day AS date)) GROUP BY kind) f) AS facilities,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('site_id', s.site_id, 'name', s.name, 'status', s.status,
                                                'ports', s.charging_ports, 'lon', ST_X(s.geom), 'lat', ST_Y(s.geom))
                             ORDER BY s.status, s.name, s.site_id), '[]')
     FROM server.charging_site s
    WHERE s.community_id = :community_id AND (s.valid_to IS NULL OR s.valid_to > CAST(:day AS date))) AS sites,
  (SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.at DESC), '[]')
     FROM (SELECT n.inspection_id, coalesce(n.finished_at, n.received_at) AS at, k.title_zh AS checklist, k.title_en AS checklist_en,
                  (SELECT count(*) FROM server.violation v WHERE v.inspection_id = n.inspection_id) AS violations
             FROM server.inspection n JOIN server.checklist_version k ON k.version = n.checklist_version
            WHERE n.community_id = :community_id ORDER BY n.received_at DESC LIMIT 5) i) AS inspections,
  (SELECT coalesce(jsonb_agg(to_jsonb(m) ORDER BY m.measure), '[]')
     FROM (SELECT c.measure, e.title_zh, e.title_en,
                  count(*) FILTER (WHERE c.ended_at IS NULL) AS open,
                  count(*) FILTER (WHERE c.ended_at IS NULL AND coalesce(c.paused_at, :now) > c.due_at) AS overdue,
                  count(*) FILTER (WHERE c.state = 'closed') AS closed
             FROM server."case" c JOIN server.measure e ON e.measure = c.measure
            WHERE c.community_id = :community_id AND c.state NOT IN ('declined', 'merged', 'voided') GROUP BY 1, 2, 3) m) AS measures,
  (SELECT coalesce(jsonb_agg(ST_AsGeoJSON(b.geom, 6)::jsonb), '[]')
     FROM geo.building b WHERE b.community_id = :community_id) AS buildings
