"""Grid cells that are split and merged: what came of what, and the open cases that follow their ground."""

from alembic import op

revision = "0510"
down_revision = "0500"
branch_labels = None
depends_on = None

OPEN = "reported verifying filed dispatched in_progress suspended closeout_requested checking check_passed"
SYSTEM = (
    "case.file case.raise_level case.report case.join case.import case.resume case.copy case.joint_action"
    " case.move_deadline"
)
KEPT = """LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS"""

UP = r"""
CREATE TABLE geo.cell_change (
  change_id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('split', 'merge')),
  starts_on date NOT NULL,
  why text NOT NULL CHECK (length(btrim(why)) BETWEEN 1 AND 500),
  made_by uuid,
  made_at timestamptz NOT NULL,
  undone_by uuid,
  undone_at timestamptz CHECK (undone_at >= made_at),
  CHECK (undone_at IS NOT NULL OR undone_by IS NULL)
);
COMMENT ON COLUMN geo.cell_change.made_by IS 'null on the command line';
CREATE TABLE geo.cell_lineage (
  change_id uuid NOT NULL REFERENCES geo.cell_change,
  predecessor char(15) NOT NULL REFERENCES geo.grid_cell,
  successor char(15) NOT NULL REFERENCES geo.grid_cell,
  PRIMARY KEY (change_id, predecessor, successor)
);
CREATE INDEX ON geo.cell_lineage (predecessor);
CREATE INDEX ON geo.cell_lineage (successor);
-- How the people stood who walked the cells, so that an undone change leaves them as before.
CREATE TABLE server.assignment_moved (
  change_id uuid NOT NULL REFERENCES geo.cell_change,
  assignment_id uuid NOT NULL,
  was jsonb,
  becomes jsonb,
  PRIMARY KEY (change_id, assignment_id),
  CHECK (was IS DISTINCT FROM becomes)
);

REVOKE UPDATE, DELETE ON geo.cell_lineage FROM wangge_app;
REVOKE DELETE ON geo.cell_change, server.assignment_moved FROM wangge_app;

CREATE FUNCTION geo.check_lineage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF left(NEW.predecessor, 12) <> left(NEW.successor, 12) THEN
    RAISE EXCEPTION 'grid cell % would come of % in another neighbourhood', NEW.successor, NEW.predecessor
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cell_lineage_in_one_neighbourhood';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('geo.grid_cell'));
  IF EXISTS (
    WITH RECURSIVE later AS (
      SELECT NEW.successor AS code
      UNION
      SELECT l.successor FROM later JOIN geo.cell_lineage l ON l.predecessor = later.code
    ) SELECT FROM later WHERE code = NEW.predecessor) THEN
    RAISE EXCEPTION 'grid cell % would come of itself', NEW.predecessor
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cell_lineage_acyclic';
  END IF;
  IF NOT EXISTS (
    SELECT FROM geo.cell_change c, geo.grid_cell p, geo.grid_cell s
     WHERE c.change_id = NEW.change_id AND p.code = NEW.predecessor AND s.code = NEW.successor
       AND p.valid_to = c.starts_on AND s.valid_from = c.starts_on) THEN
    RAISE EXCEPTION 'grid cell % does not begin on the day on which % ends', NEW.successor, NEW.predecessor
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cell_lineage_on_one_day';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cell_lineage_checked BEFORE INSERT ON geo.cell_lineage
  FOR EACH ROW EXECUTE FUNCTION geo.check_lineage();
CREATE FUNCTION geo.guard_cell_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.undone_at IS NOT NULL
     OR (NEW.change_id, NEW.kind, NEW.starts_on, NEW.why, NEW.made_by, NEW.made_at)
        IS DISTINCT FROM (OLD.change_id, OLD.kind, OLD.starts_on, OLD.why, OLD.made_by, OLD.made_at) THEN
    RAISE EXCEPTION 'a change of cells is undone once and never rewritten'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cell_change_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cell_change_guarded BEFORE UPDATE ON geo.cell_change
  FOR EACH ROW EXECUTE FUNCTION geo.guard_cell_change();

-- Corners that were computed meet only to the last digits: slivers up to a square decimetre are rounding. They are
-- measured in square degrees, for an edge that is straight there curves by centimetres in the metric plane.
CREATE OR REPLACE FUNCTION geo.refuse_overlapping_cell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE other text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('geo.grid_cell'));
  SELECT code INTO other FROM geo.grid_cell c
   WHERE c.code <> NEW.code AND c.geom && NEW.geom
     AND daterange(c.valid_from, c.valid_to) && daterange(NEW.valid_from, NEW.valid_to)
     AND ST_Relate(c.geom, NEW.geom, 'T********')
     AND ST_Area(ST_Intersection(c.geom, NEW.geom)) > 1e-12
   LIMIT 1;
  IF other IS NOT NULL THEN
    RAISE EXCEPTION 'grid cell % overlaps grid cell %', NEW.code, other
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'grid_cell_no_overlap';
  END IF;
  RETURN NULL;
END $$;
"""

CELLS_OF_PLACES = f"""
CREATE OR REPLACE FUNCTION server.cells_of_places(names text[], lons float8[], lats float8[], on_day date) RETURNS SETOF text {KEPT} $$
BEGIN
  RETURN QUERY SELECT coalesce(n.code, p.code)::text
    FROM unnest(names, lons, lats) WITH ORDINALITY AS w (named, lon, lat, place)
    LEFT JOIN geo.grid_cell n ON n.code = CAST(w.named AS char(15)){{holds}}
    LEFT JOIN LATERAL (
      SELECT g.code FROM geo.grid_cell g
       WHERE n.code IS NULL AND ST_Covers(g.geom, ST_SetSRID(ST_MakePoint(w.lon, w.lat), 4326))
         AND daterange(g.valid_from, g.valid_to) @> on_day
       ORDER BY g.code LIMIT 1) p ON true
   ORDER BY w.place;
END $$;
COMMENT ON FUNCTION server.cells_of_places IS
  'for each place the cell named, if it {{exists}}, else the cell that holds its point (WGS 84) on that day';
"""
NAMED_CELLS = CELLS_OF_PLACES.format(holds="", exists="exists")
HOLDING_CELLS = CELLS_OF_PLACES.format(
    holds=" AND (n.valid_to IS NULL OR n.valid_to > on_day)", exists="has not ended"
)

DOWN = r"""
CREATE OR REPLACE FUNCTION geo.refuse_overlapping_cell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE other text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('geo.grid_cell'));
  SELECT code INTO other FROM geo.grid_cell c
   WHERE c.code <> NEW.code AND c.geom && NEW.geom
     AND daterange(c.valid_from, c.valid_to) && daterange(NEW.valid_from, NEW.valid_to)
     AND ST_Relate(c.geom, NEW.geom, 'T********')
   LIMIT 1;
  IF other IS NOT NULL THEN
    RAISE EXCEPTION 'grid cell % overlaps grid cell %', NEW.code, other
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'grid_cell_no_overlap';
  END IF;
  RETURN NULL;
END $$;
DROP TABLE server.assignment_moved;
DROP TABLE geo.cell_lineage;
DROP TABLE geo.cell_change;
DROP FUNCTION geo.check_lineage();
DROP FUNCTION geo.guard_cell_change();
"""


def upgrade() -> None:
    op.execute(UP)
    op.execute(HOLDING_CELLS)
    steps = ", ".join(f"('case.move_cell', '{state}', '{state}')" for state in OPEN.split())
    op.execute(f"INSERT INTO server.case_transition (command, from_state, to_state) VALUES {steps}")
    op.execute(_system(f"{SYSTEM} case.move_cell"))


def downgrade() -> None:
    # Histories keep their entries: cases that moved with their cell stay so, no further ones come.
    op.execute(_system(SYSTEM) + " NOT VALID")
    op.execute("DELETE FROM server.case_transition WHERE command = 'case.move_cell'")
    op.execute(NAMED_CELLS)
    op.execute(DOWN)


def _system(commands: str) -> str:
    listed = ", ".join(f"'{one}'" for one in commands.split())
    return (
        "ALTER TABLE server.case_entry DROP CONSTRAINT case_entry_check1;"
        " ALTER TABLE server.case_entry ADD CONSTRAINT case_entry_check1"
        f" CHECK (actor_id IS NOT NULL OR command IN ({listed}))"
    )
