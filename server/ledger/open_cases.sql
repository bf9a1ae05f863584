-- One round trip: new cases, entries in their order (the trigger moves each case), words that may name people.
WITH opened AS (
  INSERT INTO server."case" (case_id, category, severity, measure, photo_required, source, community_id,
         grid_cell_code, geom, accuracy_m, location_sent, asset, description, inspection_id, reported_by, reported_at,
         filed_at, limit_amount, limit_unit, first_due_at, due_at, yellow_at, lead_unit, unit_code, repeat_of,
         offender, urging_unit, investigating_units, h3_7, h3_8, h3_9, h3_10)
  SELECT case_id, category, severity, measure, photo_required, source, community_id,
         grid_cell_code, ST_SetSRID(ST_MakePoint(lon, lat), 4326), accuracy_m, location_sent, asset, description,
         inspection_id, reported_by, reported_at,
         filed_at, limit_amount, limit_unit, first_due_at, due_at, yellow_at, lead_unit, unit_code, repeat_of,
         offender, urging_unit, coalesce(investigating_units, '{}'), h3_7, h3_8, h3_9, h3_10
    FROM jsonb_to_recordset(CAST(:cases AS jsonb)) AS c (
         case_id uuid, category text, severity text, measure integer, photo_required boolean, source text,
         community_id uuid, grid_cell_code text, lon double precision, lat double precision,
         accuracy_m double precision, location_sent jsonb, asset text, description text, inspection_id uuid,
         reported_by uuid, reported_at timestamptz, filed_at timestamptz, limit_amount integer, limit_unit text,
         first_due_at timestamptz, due_at timestamptz, yellow_at timestamptz, lead_unit text, unit_code text,
         repeat_of uuid, offender text, urging_unit text, investigating_units text[],
         h3_7 bigint, h3_8 bigint, h3_9 bigint, h3_10 bigint)
), written AS (
  INSERT INTO server.case_entry (case_id, seq, version, command, from_state, to_state, level, actor_id, actor_unit,
         recorded_at, prev_hash, canonical, entry_hash)
  SELECT case_id, seq, version, command, from_state, to_state, level, actor_id, actor_unit,
         recorded_at, decode(prev_hash, 'hex'), canonical, decode(entry_hash, 'hex')
    FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e (
         case_id uuid, seq integer, version integer, command text, from_state text, to_state text, level integer,
         actor_id uuid, actor_unit text, recorded_at timestamptz, prev_hash text, canonical text, entry_hash text)
   ORDER BY case_id, seq
)
INSERT INTO server.case_entry_private (case_id, seq, salt, words)
SELECT case_id, seq, decode(salt, 'hex'), words
  FROM jsonb_to_recordset(CAST(:private AS jsonb)) AS p (case_id uuid, seq integer, salt text, words jsonb)
