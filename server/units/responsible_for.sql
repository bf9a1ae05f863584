-- What a unit is responsible for: measures of the plan, categories routed to it, communities under contract.
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_object('measure', m.measure, 'title_zh', m.title_zh, 'title_en', m.title_en,
                                                'leads', :code = ANY(m.lead_units)) ORDER BY m.measure), '[]')
     FROM server.measure m WHERE :code = ANY(m.lead_units) OR :code = ANY(m.responsible_units)) AS measures,
  (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('category', r.category, 'label_zh', k.label_zh, 'label_en', k.label_en)), '[]')
     FROM server.category_rule r JOIN server.category k USING (category)
    WHERE daterange(r.valid_from, r.valid_to) @> CAST(:day AS date) AND (r.lead = :code OR :code = ANY(r.departments))) AS categories,
  (SELECT count(*) FROM server.service_contract s
    WHERE s.unit_code = :code AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date)) AS communities
