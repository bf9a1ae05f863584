-- One round trip: cases of an old ledger, where they come from, their entries (the trigger moves each case), words.
WITH opened AS (
  INSERT INTO server."case" (case_id, category, severity, measure, photo_required, source, origin, community_id,
         grid_cell_code, geom, description, reported_at, filed_at, limit_amount, limit_unit,
         first_due_at, due_at, yellow_at, lead_unit, unit_code, urging_unit, investigating_units)
  SELECT case_id, category, severity, measure, false, source, 'imported', community_id,
         grid_cell_code, ST_SetSRID(ST_MakePoint(lon, lat), 4326), description, reported_at, filed_at,
         limit_amount, limit_unit, first_due_at, due_at, yellow_at, lead_unit, unit_code, urging_unit, coalesce(investigating_units, '{}')
    FROM jsonb_to_recordset(CAST(:cases AS jsonb)) AS c (
         case_id uuid, category text, severity text, measure integer, source text, community_id uuid,
         grid_cell_code text, lon double precision, lat double precision, description text,
         reported_at timestamptz, filed_at timestamptz, limit_amount integer, limit_unit text,
         first_due_at timestamptz, due_at timestamptz, yellow_at timestamptz, lead_unit text, unit_code text,
         urging_unit text, investigating_units text[])
), taken AS (
  INSERT INTO server.imported_case (case_id, import_id, ledger, old_number, row_no)
  SELECT case_id, import_id, ledger, old_number, row_no
    FROM jsonb_to_recordset(CAST(:imported AS jsonb)) AS i (
         case_id uuid, import_id uuid, ledger text, old_number text, row_no integer)
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
