-- Cases with the names that people read, in the order of their ids; the columns are those of `CaseView`.
SELECT c.case_id, c.number, c.state, c.version, c.level, c.category, k.label_zh AS category_zh,
       k.label_en AS category_en, c.severity, c.measure, c.source, c.origin, c.community_id,
       m.name AS community_name, m.neighbourhood_code, c.grid_cell_code, ST_X(c.geom) AS lon,
       ST_Y(c.geom) AS lat, c.accuracy_m, c.asset, c.description, c.inspection_id, c.reported_by,
       c.reported_at, c.filed_at, c.first_due_at, c.due_at, c.yellow_at, c.lead_unit, c.unit_code,
       u.name_zh AS unit_name, c.demand, c.claimed_at, c.checker_id, c.verifier_id, c.closed_at, c.rework_count,
       c.refused_count, c.ended_at, c.finding, c.merged_into, c.repeat_of, c.transferred_to, c.paused_at, c.resume_on,
       c.returned_count, c.buck_passing_count, c.extension_count, c.rebound_count, c.offender, c.urging_unit, c.investigating_units,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('unit', d.unit_code, 'own_duty', d.own_duty, 'copied', d.copied_seq IS NOT NULL,
                                                     'state', d.state, 'due_at', d.due_at, 'ended_at', d.ended_at) ORDER BY d.unit_code), '[]')
          FROM server.department_task d WHERE d.case_id = c.case_id) AS departments
  FROM server."case" c
  JOIN geo.community m ON m.community_id = c.community_id
  JOIN server.category k ON k.category = c.category
  LEFT JOIN server.unit u ON u.code = c.unit_code
 WHERE c.case_id = ANY(CAST(:ids AS uuid[]))
 ORDER BY c.case_id
