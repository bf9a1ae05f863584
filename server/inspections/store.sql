-- One round trip: inspections, as many as there are.
INSERT INTO server.inspection (inspection_id, checklist_version, community_id, grid_cell_code, user_id, device_id, mid,
       content_sha256, geom, location_sent, accuracy_m, started_at, finished_at, device_time, received_at, answers, warnings)
SELECT inspection_id, checklist_version, community_id, grid_cell_code, user_id, device_id, mid,
       decode(content_sha256, 'hex'), ST_SetSRID(ST_MakePoint(lon, lat), 4326), location_sent, accuracy_m,
       started_at, finished_at, device_time, received_at, answers, warnings
  FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS i (
       inspection_id uuid, checklist_version text, community_id uuid, grid_cell_code text, user_id uuid, device_id uuid,
       mid uuid, content_sha256 text, lon double precision, lat double precision, location_sent jsonb,
       accuracy_m double precision, started_at timestamptz, finished_at timestamptz, device_time timestamptz,
       received_at timestamptz, answers jsonb, warnings jsonb)
