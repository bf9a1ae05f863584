"""Charging sites from candidate to retirement: the statuses that measure 14 tells apart, and the history of each site's."""

from alembic import op

revision = "0650"
down_revision = "0640"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE server.charging_site DROP CONSTRAINT charging_site_status_check;
UPDATE server.charging_site SET status = CASE status WHEN 'planned' THEN 'approved' WHEN 'built' THEN 'in_service' END, version = version + 1
 WHERE status IN ('planned', 'built');
ALTER TABLE server.charging_site ADD CONSTRAINT charging_site_status_check
  CHECK (status IN ('candidate', 'proposed', 'approved', 'under_construction', 'in_service', 'retired', 'refused'));

CREATE TABLE server.charging_site_status (
  site_id uuid NOT NULL REFERENCES server.charging_site,
  seq integer NOT NULL CHECK (seq >= 1),
  status text NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (site_id, seq)
);
INSERT INTO server.charging_site_status SELECT site_id, 1, status, proposed_at FROM server.charging_site;
CREATE TRIGGER charging_site_status_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.charging_site_status
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE INSERT, UPDATE, DELETE ON server.charging_site_status FROM wangge_app;

CREATE FUNCTION server.note_site_status() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO server.charging_site_status (site_id, seq, status, since)
  SELECT NEW.site_id, 1 + count(*), NEW.status, now() FROM server.charging_site_status WHERE site_id = NEW.site_id;
  RETURN NULL;
END $$;
CREATE TRIGGER charging_site_begins AFTER INSERT ON server.charging_site FOR EACH ROW EXECUTE FUNCTION server.note_site_status();
CREATE TRIGGER charging_site_moves AFTER UPDATE ON server.charging_site FOR EACH ROW
  WHEN (NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION server.note_site_status();
"""

# Tablets hear of the new words as of any other change.
TELL = r"""
WITH moved AS (
  SELECT k.entity_id, s.version,
         jsonb_set(jsonb_set(k.body::jsonb, '{status}', to_jsonb(s.status)), '{version}', to_jsonb(s.version))::text AS body
    FROM sync.entity_state k JOIN server.charging_site s ON s.site_id::text = k.entity_id
   WHERE k.entity = 'charging_site' AND k.body ->> 'status' <> s.status),
placed AS (
  SELECT e.entity_id, e.bucket FROM sync.bucket_entry e JOIN moved USING (entity_id) WHERE e.entity = 'charging_site' AND e.alive)
SELECT sync.put_wires('charging_site',
         (SELECT array_agg(entity_id ORDER BY entity_id) FROM moved), (SELECT array_agg(version ORDER BY entity_id) FROM moved),
         (SELECT array_agg(NULL::uuid) FROM moved), (SELECT array_agg(body ORDER BY entity_id) FROM moved),
         (SELECT array_agg(entity_id ORDER BY entity_id, bucket) FROM placed), (SELECT array_agg(bucket ORDER BY entity_id, bucket) FROM placed))
 WHERE EXISTS (SELECT FROM moved);
"""

DOWN = r"""
DROP TRIGGER charging_site_begins ON server.charging_site;
DROP TRIGGER charging_site_moves ON server.charging_site;
DROP FUNCTION server.note_site_status();
DROP TABLE server.charging_site_status;
ALTER TABLE server.charging_site DROP CONSTRAINT charging_site_status_check;
UPDATE server.charging_site SET status = CASE status WHEN 'approved' THEN 'planned' WHEN 'under_construction' THEN 'planned' WHEN 'in_service' THEN 'built'
       WHEN 'candidate' THEN 'proposed' WHEN 'retired' THEN 'refused' ELSE status END, version = version + 1
 WHERE status NOT IN ('proposed', 'refused');
ALTER TABLE server.charging_site ADD CONSTRAINT charging_site_status_check CHECK (status IN ('proposed', 'planned', 'built', 'refused'));
"""


def upgrade() -> None:
    op.execute(UP)
    op.execute(TELL)


def downgrade() -> None:
    op.execute(DOWN)
    op.execute(TELL)
