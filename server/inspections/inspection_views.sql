-- Inspections with the names that people read, in the order of their ids; the columns are those of
-- `InspectionView`.
SELECT i.inspection_id, v.code AS checklist, i.checklist_version, i.kind, i.community_id,
       m.name AS community_name, m.neighbourhood_code, i.grid_cell_code, i.user_id,
       p.display_name AS worker_name, i.device_id, i.mid, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat,
       i.accuracy_m, i.started_at, i.finished_at, i.device_time, i.received_at, i.warnings, i.version,
       ARRAY(SELECT DISTINCT f.case_id FROM server.violation f
              WHERE f.inspection_id = i.inspection_id AND f.case_id IS NOT NULL) AS case_ids,
       i.corrects,
       ARRAY(SELECT c.inspection_id FROM server.inspection c
              WHERE c.corrects = i.inspection_id ORDER BY c.received_at, c.inspection_id) AS corrected_by
  FROM server.inspection i
  JOIN geo.community m ON m.community_id = i.community_id
  JOIN server.checklist_version v ON v.version = i.checklist_version
  JOIN server."user" p ON p.user_id = i.user_id
 WHERE i.inspection_id = ANY(CAST(:ids AS uuid[]))
 ORDER BY i.inspection_id
