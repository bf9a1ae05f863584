-- One round trip: stores inspections, as many as there are, and returns them as `InspectionView`, without cases.
WITH stored AS (
INSERT INTO server.inspection (inspection_id, checklist_version, community_id, grid_cell_code, user_id, device_id, mid,
       content_sha256, geom, location_sent, accuracy_m, started_at, finished_at, device_time, received_at, answers, warnings,
       skew_ms, time_confidence, time_travel)
SELECT inspection_id, checklist_version, community_id, grid_cell_code, user_id, device_id, mid,
       decode(content_sha256, 'hex'), ST_SetSRID(ST_MakePoint(lon, lat), 4326), location_sent, accuracy_m,
       started_at, finished_at, device_time, received_at, answers, warnings, skew_ms, time_confidence, time_travel
  FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS i (
       inspection_id uuid, checklist_version text, community_id uuid, grid_cell_code text, user_id uuid, device_id uuid,
       mid uuid, content_sha256 text, lon double precision, lat double precision, location_sent jsonb,
       accuracy_m double precision, started_at timestamptz, finished_at timestamptz, device_time timestamptz,
       received_at timestamptz, answers jsonb, warnings jsonb, skew_ms bigint, time_confidence text, time_travel text[])
RETURNING *
)
SELECT i.inspection_id, v.code AS checklist, i.checklist_version, i.kind, i.community_id,
       m.name AS community_name, m.neighbourhood_code, i.grid_cell_code, i.user_id,
       p.display_name AS worker_name, i.device_id, i.mid, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat,
       i.accuracy_m, i.started_at, i.finished_at, i.device_time, i.received_at, i.warnings, i.version,
       CAST('{}' AS uuid[]) AS case_ids
  FROM stored i
  JOIN geo.community m ON m.community_id = i.community_id
  JOIN server.checklist_version v ON v.version = i.checklist_version
  JOIN server."user" p ON p.user_id = i.user_id
