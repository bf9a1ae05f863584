-- Real records exist: the demo places end today, their records stay; demo people can no longer sign in.
UPDATE geo.community SET valid_to = greatest(:day, valid_from), version = version + 1
 WHERE origin = 'demo' AND (valid_to IS NULL OR valid_to > :day);
UPDATE geo.grid_cell SET valid_to = greatest(:day, valid_from)
 WHERE origin = 'demo' AND (valid_to IS NULL OR valid_to > :day);
UPDATE geo.open_ground SET valid_to = greatest(:day, valid_from)
 WHERE origin = 'demo' AND (valid_to IS NULL OR valid_to > :day);
UPDATE geo.fire_lane SET valid_to = greatest(:day, valid_from)
 WHERE origin = 'demo' AND (valid_to IS NULL OR valid_to > :day);
UPDATE geo.footway SET valid_to = greatest(:day, valid_from)
 WHERE origin = 'demo' AND (valid_to IS NULL OR valid_to > :day);
UPDATE geo.gate SET valid_to = greatest(:day, valid_from)
 WHERE origin = 'demo' AND (valid_to IS NULL OR valid_to > :day);
UPDATE geo.neighbourhood SET geom = NULL, outline_origin = NULL WHERE outline_origin = 'demo';
UPDATE geo.subdistrict SET geom = NULL, outline_origin = NULL WHERE outline_origin = 'demo';
UPDATE server.service_contract SET ends_on = :day
 WHERE origin = 'demo' AND starts_on < :day AND (ends_on IS NULL OR ends_on > :day);

UPDATE sync.bucket_entry e
   SET alive = false, rev = rev + 1, change_no = NULL, digest = sync.entry_digest(entity, entity_id, rev + 1)
 WHERE alive AND (
       entity = 'grid_cell' AND entity_id IN (SELECT code FROM geo.grid_cell WHERE origin = 'demo')
    OR entity = 'community' AND entity_id IN (SELECT community_id::text FROM geo.community WHERE origin = 'demo')
    OR entity = 'building' AND entity_id IN (SELECT building_id::text FROM geo.building WHERE origin = 'demo')
    OR entity = 'facility' AND entity_id IN (SELECT facility_id::text FROM geo.facility WHERE origin = 'demo')
    OR entity = 'assignment' AND entity_id IN (
         SELECT a.assignment_id::text FROM server.assignment a JOIN geo.grid_cell g ON g.code = a.grid_cell_code
          WHERE g.origin = 'demo'));
DELETE FROM server.assignment a USING geo.grid_cell g
 WHERE g.code = a.grid_cell_code AND g.origin = 'demo' AND a.valid_from >= :day;
UPDATE server.assignment a SET valid_to = :day FROM geo.grid_cell g
 WHERE g.code = a.grid_cell_code AND g.origin = 'demo' AND (a.valid_to IS NULL OR a.valid_to > :day);

UPDATE server."user" SET active = false WHERE origin = 'demo';
UPDATE server.refresh_token SET ended_at = :now
 WHERE ended_at IS NULL AND user_id IN (SELECT user_id FROM server."user" WHERE origin = 'demo');
