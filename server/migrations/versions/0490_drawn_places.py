"""What tiles need: places as Web Mercator draws them, and which change last touched what a layer shows."""

from alembic import op

revision = "0490"
down_revision = "0480"
branch_labels = None
depends_on = None

DRAWN = {
    'server."case"': "Point",
    "server.complaint": "Point",
    "server.charging_site": "Point",
    "server.track": "LineString",
    "geo.facility": "Point",
    "geo.building": "Polygon",
    "geo.community": "MultiPolygon",
    "geo.grid_cell": "Polygon",
}
# Whose rows decide what a layer shows, and to whom.
SOURCES = (
    *DRAWN,
    "geo.county",
    "geo.subdistrict",
    "geo.neighbourhood",
    "geo.community_cell",
    "geo.entrance",
    "geo.open_ground",
    "geo.fire_lane",
    "geo.footway",
    "geo.gate",
    "server.service_contract",
    'server."user"',
    "server.unit",
    "server.device",
    "server.assignment",
)

UP = r"""
CREATE TABLE server.layer_version (
  source text PRIMARY KEY,
  version bigint NOT NULL CHECK (version >= 1)
);
COMMENT ON TABLE server.layer_version IS 'the number of the last change that touched a table which maps show; source is its name';
CREATE TABLE server.drawn_mark (
  mark_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text NOT NULL
);
COMMENT ON TABLE server.drawn_mark IS 'empty outside transactions: what the present one touched, until its commit gives the number';

CREATE FUNCTION server.note_drawn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known text := 'wangge.drawn_' || TG_TABLE_NAME;
BEGIN
  IF current_setting(known, true) IS DISTINCT FROM pg_current_xact_id()::text THEN
    INSERT INTO server.drawn_mark (source) VALUES (TG_TABLE_NAME);
    PERFORM set_config(known, pg_current_xact_id()::text, true);
  END IF;
  RETURN NULL;
END $$;

-- The number is given under the commit's lock: who reads it sees everything that went before it. The notice
-- tells the process whose commit it is, so that it need not ask.
CREATE FUNCTION server.give_layer_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number bigint := sync.change_no_of_transaction();
BEGIN
  INSERT INTO server.layer_version (source, version) VALUES (NEW.source, number)
    ON CONFLICT (source) DO UPDATE SET version = excluded.version;
  DELETE FROM server.drawn_mark WHERE mark_id = NEW.mark_id;
  RAISE NOTICE 'wangge.layer_version % %', NEW.source, number;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER version_given_at_commit AFTER INSERT ON server.drawn_mark
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION server.give_layer_version();
REVOKE INSERT, UPDATE, DELETE ON server.layer_version, server.drawn_mark FROM wangge_app;

-- From now on changes of this table's rows are counted.
CREATE FUNCTION server.count_changes_of(source regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER drawn_rows AFTER INSERT OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION server.note_drawn()', source);
  EXECUTE format('CREATE TRIGGER drawn_changes AFTER UPDATE ON %s FOR EACH ROW WHEN (OLD.* *<> NEW.*) EXECUTE FUNCTION server.note_drawn()', source);
  EXECUTE format('CREATE TRIGGER drawn_emptied AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION server.note_drawn()', source);
END $$;
"""

DOWN = r"""
DROP FUNCTION server.count_changes_of(regclass);
DROP FUNCTION server.note_drawn() CASCADE;
DROP TABLE server.drawn_mark;
DROP FUNCTION server.give_layer_version();
DROP TABLE server.layer_version;
"""


def upgrade() -> None:
    op.execute(UP)
    for table, shape in DRAWN.items():
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN geom_3857 geometry({shape}, 3857)"
            " GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED"
        )
        op.execute(f"CREATE INDEX ON {table} USING gist (geom_3857)")
    for table in SOURCES:
        op.execute(f"SELECT server.count_changes_of('{table}')")


def downgrade() -> None:
    op.execute(DOWN)
    for table in DRAWN:
        op.execute(f"ALTER TABLE {table} DROP COLUMN geom_3857")
