-- Every record lies in a demo place: records, places and demo people go, and the case numbers begin anew.
-- Only the owner of the tables may switch their guards off, and only inside this transaction.
ALTER TABLE server.case_entry DISABLE TRIGGER USER;
ALTER TABLE server.case_number DISABLE TRIGGER USER;
ALTER TABLE server."case" DISABLE TRIGGER USER;
ALTER TABLE server.imported_case DISABLE TRIGGER USER;
ALTER TABLE server.ledger_import DISABLE TRIGGER USER;
ALTER TABLE server.ledger_root DISABLE TRIGGER USER;
ALTER TABLE server.ledger_root_head DISABLE TRIGGER USER;

CREATE TEMPORARY TABLE demo_device ON COMMIT DROP AS
  SELECT d.device_id FROM server.device d JOIN server."user" u USING (user_id) WHERE u.origin = 'demo';

DELETE FROM server.photo_claim WHERE entity IN ('case', 'inspection');
DELETE FROM server.case_number;
DELETE FROM server.ledger_root_head;
DELETE FROM server.ledger_root;
SET CONSTRAINTS server.ledger_root_head_root_fkey IMMEDIATE;
DELETE FROM server.case_entry_private;
DELETE FROM server.case_entry;
DELETE FROM server.violation;
DELETE FROM server.finding_outcome;
DELETE FROM server.imported_case;
DELETE FROM server.ledger_import;
DELETE FROM server."case";
DELETE FROM server.inspection;

DELETE FROM sync.mutation WHERE device_id IN (SELECT device_id FROM demo_device);
DELETE FROM sync.envelope WHERE device_id IN (SELECT device_id FROM demo_device);
DELETE FROM sync.device_state WHERE device_id IN (SELECT device_id FROM demo_device);

UPDATE sync.bucket_entry e
   SET alive = false, rev = rev + 1, change_no = NULL, digest = sync.entry_digest(entity, entity_id, rev + 1)
 WHERE alive AND (entity IN ('case', 'inspection', 'task')
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

DELETE FROM server.assignment a USING geo.grid_cell g
 WHERE g.code = a.grid_cell_code AND g.origin = 'demo'
    OR a.user_id IN (SELECT user_id FROM server."user" WHERE origin = 'demo');
DELETE FROM server.refresh_token WHERE user_id IN (SELECT user_id FROM server."user" WHERE origin = 'demo');
DELETE FROM server.enrolment_code WHERE user_id IN (SELECT user_id FROM server."user" WHERE origin = 'demo');
DELETE FROM server.device WHERE device_id IN (SELECT device_id FROM demo_device);
DELETE FROM server.sheet_task WHERE created_by IN (SELECT user_id FROM server."user" WHERE origin = 'demo');
UPDATE server.ledger_mapping SET saved_by = NULL
 WHERE saved_by IN (SELECT user_id FROM server."user" WHERE origin = 'demo');
DELETE FROM server."user" WHERE origin = 'demo';
DELETE FROM server.service_contract WHERE origin = 'demo'
    OR community_id IN (SELECT community_id FROM geo.community WHERE origin = 'demo');
DELETE FROM server.property_company WHERE origin = 'demo'
   AND unit_code NOT IN (SELECT unit_code FROM server."user");
DELETE FROM server.unit WHERE origin = 'demo' AND code NOT IN (SELECT unit_code FROM server."user");

DELETE FROM geo.facility WHERE origin = 'demo';
DELETE FROM geo.entrance WHERE origin = 'demo';
DELETE FROM geo.building WHERE origin = 'demo';
DELETE FROM geo.community WHERE origin = 'demo';
DELETE FROM geo.grid_cell WHERE origin = 'demo';
UPDATE geo.neighbourhood SET geom = NULL, outline_origin = NULL WHERE outline_origin = 'demo';
UPDATE geo.subdistrict SET geom = NULL, outline_origin = NULL WHERE outline_origin = 'demo';

ALTER TABLE server.case_entry ENABLE TRIGGER USER;
ALTER TABLE server.case_number ENABLE TRIGGER USER;
ALTER TABLE server."case" ENABLE TRIGGER USER;
ALTER TABLE server.imported_case ENABLE TRIGGER USER;
ALTER TABLE server.ledger_import ENABLE TRIGGER USER;
ALTER TABLE server.ledger_root ENABLE TRIGGER USER;
ALTER TABLE server.ledger_root_head ENABLE TRIGGER USER;
