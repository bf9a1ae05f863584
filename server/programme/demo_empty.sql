-- Every record lies in a demo place: records, places and demo people go, and the case numbers begin anew.
-- Only the owner of the tables may switch their guards off, and only inside this transaction.
CREATE FUNCTION pg_temp.guards(switch text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE guarded regclass;
BEGIN
  FOR guarded IN
    SELECT DISTINCT t.tgrelid::regclass FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE NOT t.tgisinternal AND c.relnamespace IN ('server'::regnamespace, 'sync'::regnamespace)
       AND t.tgrelid NOT IN ('sync.bucket_entry'::regclass, 'sync.entity_state'::regclass)
  LOOP
    EXECUTE format('ALTER TABLE %s %s TRIGGER USER', guarded, switch);
  END LOOP;
END $$;

-- Deletes rows and first whatever hangs on them: a column that may be empty lets go, a row that may not goes too,
-- as does one whose constraints want to know who did what it tells.
CREATE FUNCTION pg_temp.forget(target regclass, condition text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  hanging record;
  gone text;
BEGIN
  FOR hanging IN
    SELECT k.conrelid::regclass AS child, string_agg(quote_ident(mine.attname), ', ' ORDER BY at.n) AS columns,
           string_agg(quote_ident(theirs.attname), ', ' ORDER BY at.n) AS keys, bool_and(NOT mine.attnotnull) AS may_let_go,
           string_agg(quote_ident(mine.attname) || ' = NULL', ', ' ORDER BY at.n) AS letting_go
      FROM pg_constraint k
     CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS at (mine, theirs, n)
      JOIN pg_attribute mine ON mine.attrelid = k.conrelid AND mine.attnum = at.mine
      JOIN pg_attribute theirs ON theirs.attrelid = k.confrelid AND theirs.attnum = at.theirs
     WHERE k.contype = 'f' AND k.confrelid = target AND k.conrelid <> target
     GROUP BY k.oid, k.conrelid
  LOOP
    gone := format('(%s) IN (SELECT %s FROM %s WHERE %s)', hanging.columns, hanging.keys, target, condition);
    IF hanging.may_let_go THEN
      BEGIN
        EXECUTE format('UPDATE %s SET %s WHERE %s', hanging.child, hanging.letting_go, gone);
      EXCEPTION WHEN check_violation THEN
        PERFORM pg_temp.forget(hanging.child, gone);
      END;
    ELSE
      PERFORM pg_temp.forget(hanging.child, gone);
    END IF;
  END LOOP;
  EXECUTE format('DELETE FROM %s WHERE %s', target, condition);
END $$;

SELECT pg_temp.guards('DISABLE');
-- Named beforehand: what a condition looks at may itself be gone when the rows it means are reached.
CREATE TEMPORARY TABLE demo_paper ON COMMIT DROP AS SELECT DISTINCT paper_id FROM server.paper_case;
CREATE TEMPORARY TABLE demo_order ON COMMIT DROP AS
  SELECT DISTINCT e.order_id FROM server.hotline_entry e JOIN server."user" u ON u.user_id = e.actor_id WHERE u.origin = 'demo';
CREATE TEMPORARY TABLE demo_device ON COMMIT DROP AS
  SELECT d.device_id FROM server.device d JOIN server."user" u USING (user_id) WHERE u.origin = 'demo';

DELETE FROM server.photo_claim WHERE entity IN ('case', 'inspection');
DELETE FROM server.case_number;
DELETE FROM server.ledger_root_head;
DELETE FROM server.ledger_root;
SELECT pg_temp.forget('server.paper', 'paper_id IN (SELECT paper_id FROM demo_paper)');
SELECT pg_temp.forget('server.joint_action', 'true');
SELECT pg_temp.forget('server.hotline_order', 'order_id IN (SELECT order_id FROM demo_order)');
SELECT pg_temp.forget('server.complaint',
  $$ community_id IN (SELECT community_id FROM geo.community WHERE origin = 'demo') $$);
SELECT pg_temp.forget('server.violation', 'true');
SELECT pg_temp.forget('server."case"', 'true');
DELETE FROM server.heat_delta;
DELETE FROM server.heat_count;
SELECT pg_temp.forget('server.inspection', 'true');
SELECT pg_temp.forget('server.ledger_import', 'true');
SELECT pg_temp.forget('sync.mutation', 'device_id IN (SELECT device_id FROM demo_device)');
SELECT pg_temp.forget('sync.envelope', 'device_id IN (SELECT device_id FROM demo_device)');
SELECT pg_temp.forget('sync.device_state', 'device_id IN (SELECT device_id FROM demo_device)');

UPDATE sync.bucket_entry e
   SET alive = false, rev = rev + 1, change_no = NULL, digest = sync.entry_digest(entity, entity_id, rev + 1)
 WHERE alive AND (entity IN ('case', 'inspection', 'task', 'charging_site')
    OR entity = 'grid_cell' AND entity_id IN (SELECT code FROM geo.grid_cell WHERE origin = 'demo')
    OR entity = 'community' AND entity_id IN (SELECT community_id::text FROM geo.community WHERE origin = 'demo')
    OR entity = 'building' AND entity_id IN (SELECT building_id::text FROM geo.building WHERE origin = 'demo')
    OR entity = 'facility' AND entity_id IN (SELECT facility_id::text FROM geo.facility WHERE origin = 'demo')
    OR entity = 'assignment' AND entity_id IN (
         SELECT a.assignment_id::text FROM server.assignment a JOIN geo.grid_cell g ON g.code = a.grid_cell_code
          WHERE g.origin = 'demo')
    OR entity = 'unit' AND entity_id IN (
         SELECT code FROM server.unit WHERE origin = 'demo'
         EXCEPT SELECT unit_code FROM server."user" WHERE origin <> 'demo'));

SELECT pg_temp.forget('server.assignment', $$ grid_cell_code IN (SELECT code FROM geo.grid_cell WHERE origin = 'demo') $$);
SELECT pg_temp.forget('server."user"', $$ origin = 'demo' $$);
SELECT pg_temp.forget('geo.open_ground', $$ origin = 'demo' $$);
SELECT pg_temp.forget('geo.fire_lane', $$ origin = 'demo' $$);
SELECT pg_temp.forget('geo.footway', $$ origin = 'demo' $$);
SELECT pg_temp.forget('geo.gate', $$ origin = 'demo' $$);
SELECT pg_temp.forget('geo.facility', $$ origin = 'demo' $$);
SELECT pg_temp.forget('geo.entrance', $$ origin = 'demo' $$);
SELECT pg_temp.forget('geo.building', $$ origin = 'demo' $$);
SELECT pg_temp.forget('geo.community', $$ origin = 'demo' $$);
SELECT pg_temp.forget('geo.grid_cell', $$ origin = 'demo' $$);
SELECT pg_temp.forget('geo.cell_change', 'change_id NOT IN (SELECT change_id FROM geo.cell_lineage)');
DELETE FROM server.service_contract WHERE origin = 'demo';
DELETE FROM server.property_company WHERE origin = 'demo'
   AND unit_code NOT IN (SELECT unit_code FROM server."user");
SELECT pg_temp.forget('server.unit', $$ origin = 'demo' AND code NOT IN (SELECT unit_code FROM server."user") $$);
UPDATE geo.neighbourhood SET geom = NULL, outline_origin = NULL WHERE outline_origin = 'demo';
UPDATE geo.subdistrict SET geom = NULL, outline_origin = NULL WHERE outline_origin = 'demo';

SET CONSTRAINTS ALL IMMEDIATE;
SELECT pg_temp.guards('ENABLE');
