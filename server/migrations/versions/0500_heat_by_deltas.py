"""Heat: hexagons of cases and inspections, counts by place and month kept by deltas that a job folds."""

from alembic import op

revision = "0500"
down_revision = "0490"
branch_labels = None
depends_on = None

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
COUNTERS = [
    *(f"{standing}_{severity}" for standing in ("open", "closed", "ended") for severity in "abc"),
    "inspections",
]


def _counted(table: str) -> str:
    """Return the counters of one delta as SQL, in the order of COUNTERS."""
    cases = [
        f"CASE WHEN {table}.standing = '{standing}' AND {table}.severity = '{severity}' THEN {table}.n ELSE 0 END"
        for standing in ("open", "closed", "ended")
        for severity in "ABC"
    ]
    return ",\n         ".join(
        [*cases, f"CASE WHEN {table}.standing = 'inspected' THEN {table}.n ELSE 0 END"]
    )


SUMS = ", ".join(f"sum({name})::bigint AS {name}" for name in COUNTERS)
HEXAGONS = "ADD COLUMN h3_7 bigint, ADD COLUMN h3_8 bigint, ADD COLUMN h3_9 bigint, ADD COLUMN h3_10 bigint"
CASE_FACTS = """{row}.community_id, {row}.grid_cell_code::text, {row}.h3_7, {row}.h3_8, {row}.h3_9, {row}.h3_10,
         {row}.category, {row}.severity::text,
         CASE WHEN {row}.ended_at IS NULL THEN 'open' WHEN {row}.state = 'closed' THEN 'closed' ELSE 'ended' END,
         date_trunc('month', {row}.reported_at AT TIME ZONE 'Asia/Shanghai')::date, {n}"""
INSPECTION_FACTS = """{row}.community_id, {row}.grid_cell_code::text, {row}.h3_7, {row}.h3_8, {row}.h3_9, {row}.h3_10,
         '', '', 'inspected',
         date_trunc('month', coalesce({row}.finished_at, {row}.received_at) AT TIME ZONE 'Asia/Shanghai')::date, {n}"""
DELTA = "(community_id, grid_cell_code, h3_7, h3_8, h3_9, h3_10, category, severity, standing, month, n)"

UP = f"""
ALTER TABLE server."case" {HEXAGONS},
  ADD CONSTRAINT case_hexagons_together CHECK (num_nulls(h3_7, h3_8, h3_9, h3_10) IN (0, 4));
ALTER TABLE server.inspection {HEXAGONS},
  ADD CONSTRAINT inspection_hexagons_together CHECK (num_nulls(h3_7, h3_8, h3_9, h3_10) IN (0, 4));
CREATE INDEX case_without_hexagon ON server."case" (case_id) WHERE h3_10 IS NULL;
CREATE INDEX inspection_without_hexagon ON server.inspection (inspection_id) WHERE h3_10 IS NULL;

-- One row for each change, so that no two writers ever share one.
CREATE TABLE server.heat_delta (
  delta_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  community_id uuid NOT NULL,
  grid_cell_code text,
  h3_7 bigint, h3_8 bigint, h3_9 bigint, h3_10 bigint,
  category text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('A', 'B', 'C') OR severity = '' AND standing = 'inspected'),
  standing text NOT NULL CHECK (standing IN ('open', 'closed', 'ended', 'inspected')),
  month date NOT NULL,
  n integer NOT NULL CHECK (n IN (-1, 1))
);
-- The month -infinity holds the counts of all time; the place '' what has no such place.
CREATE TABLE server.heat_count (
  kind text NOT NULL CHECK (kind IN ('community', 'grid_cell', 'h3_7', 'h3_8', 'h3_9', 'h3_10')),
  month date NOT NULL,
  place text NOT NULL,
  category text NOT NULL,
  {", ".join(f"{name} bigint NOT NULL CHECK ({name} >= 0)" for name in COUNTERS)},
  PRIMARY KEY (kind, month, place, category)
);
REVOKE INSERT, UPDATE, DELETE ON server.heat_delta, server.heat_count FROM wangge_app;

CREATE FUNCTION server.spread_heat(d server.heat_delta) RETURNS SETOF server.heat_count LANGUAGE sql IMMUTABLE AS $$
  SELECT k.kind, m.month, coalesce(k.place, ''), d.category,
         {_counted("d")}
    FROM (VALUES ('community', d.community_id::text), ('grid_cell', d.grid_cell_code), ('h3_7', to_hex(d.h3_7)),
                 ('h3_8', to_hex(d.h3_8)), ('h3_9', to_hex(d.h3_9)), ('h3_10', to_hex(d.h3_10))) AS k (kind, place),
         (VALUES (d.month), (date '-infinity')) AS m (month)
$$;
COMMENT ON FUNCTION server.spread_heat IS 'what one delta adds to the counts of every kind of place, by month and for all time';

CREATE VIEW server.heat_exact AS
  SELECT * FROM server.heat_count UNION ALL SELECT s.* FROM server.heat_delta d, server.spread_heat(d) s;
COMMENT ON VIEW server.heat_exact IS 'folded counts and what is not folded yet; their sums are always exact';

CREATE VIEW server.heat_raw (delta_id, {DELTA[1:-1]}) AS
  SELECT 0::bigint AS delta_id, {CASE_FACTS.format(row="c", n=1)} AS n FROM server."case" c
  UNION ALL
  SELECT 0, {INSPECTION_FACTS.format(row="i", n=1)} FROM server.inspection i WHERE i.corrects IS NULL;
COMMENT ON VIEW server.heat_raw IS 'every case and inspection in the shape of a delta: what all deltas together must come to';

CREATE FUNCTION server.note_new_cases() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  INSERT INTO server.heat_delta {DELTA}
  SELECT {CASE_FACTS.format(row="c", n=1)} FROM came c;
  RETURN NULL;
END $$;
CREATE TRIGGER case_adds_heat AFTER INSERT ON server."case" REFERENCING NEW TABLE AS came
  FOR EACH STATEMENT EXECUTE FUNCTION server.note_new_cases();

CREATE FUNCTION server.note_changed_case() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  INSERT INTO server.heat_delta {DELTA} VALUES
    ({CASE_FACTS.format(row="OLD", n=-1)}),
    ({CASE_FACTS.format(row="NEW", n=1)});
  RETURN NULL;
END $$;
CREATE TRIGGER case_moves_heat AFTER UPDATE ON server."case" FOR EACH ROW
  WHEN ((OLD.community_id, OLD.grid_cell_code, OLD.h3_7, OLD.h3_8, OLD.h3_9, OLD.h3_10, OLD.category, OLD.severity, OLD.reported_at, OLD.ended_at IS NULL, OLD.state = 'closed')
        IS DISTINCT FROM
        (NEW.community_id, NEW.grid_cell_code, NEW.h3_7, NEW.h3_8, NEW.h3_9, NEW.h3_10, NEW.category, NEW.severity, NEW.reported_at, NEW.ended_at IS NULL, NEW.state = 'closed'))
  EXECUTE FUNCTION server.note_changed_case();

CREATE FUNCTION server.note_new_inspections() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  INSERT INTO server.heat_delta {DELTA}
  SELECT {INSPECTION_FACTS.format(row="i", n=1)} FROM came i WHERE i.corrects IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER inspection_adds_heat AFTER INSERT ON server.inspection REFERENCING NEW TABLE AS came
  FOR EACH STATEMENT EXECUTE FUNCTION server.note_new_inspections();

CREATE FUNCTION server.note_changed_inspection() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  IF OLD.corrects IS NULL THEN
    INSERT INTO server.heat_delta {DELTA} VALUES ({INSPECTION_FACTS.format(row="OLD", n=-1)});
  END IF;
  IF NEW.corrects IS NULL THEN
    INSERT INTO server.heat_delta {DELTA} VALUES ({INSPECTION_FACTS.format(row="NEW", n=1)});
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER inspection_moves_heat AFTER UPDATE ON server.inspection FOR EACH ROW
  WHEN ((OLD.community_id, OLD.grid_cell_code, OLD.h3_7, OLD.h3_8, OLD.h3_9, OLD.h3_10, OLD.corrects, coalesce(OLD.finished_at, OLD.received_at))
        IS DISTINCT FROM
        (NEW.community_id, NEW.grid_cell_code, NEW.h3_7, NEW.h3_8, NEW.h3_9, NEW.h3_10, NEW.corrects, coalesce(NEW.finished_at, NEW.received_at)))
  EXECUTE FUNCTION server.note_changed_inspection();

CREATE FUNCTION server.fold_heat(most integer) RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
DECLARE folded integer;
BEGIN
  LOCK TABLE server.heat_count IN SHARE ROW EXCLUSIVE MODE;
  WITH taken AS (
    DELETE FROM server.heat_delta WHERE delta_id IN (SELECT delta_id FROM server.heat_delta ORDER BY delta_id LIMIT most)
    RETURNING *
  ), summed AS (
    SELECT s.kind, s.month, s.place, s.category, {SUMS}
      FROM taken t, server.spread_heat(ROW(t.*)::server.heat_delta) s
     GROUP BY s.kind, s.month, s.place, s.category
  ), updated AS (
    UPDATE server.heat_count c SET {", ".join(f"{name} = c.{name} + s.{name}" for name in COUNTERS)}
      FROM summed s WHERE (c.kind, c.month, c.place, c.category) = (s.kind, s.month, s.place, s.category)
    RETURNING c.kind, c.month, c.place, c.category
  ), inserted AS (
    INSERT INTO server.heat_count SELECT s.* FROM summed s WHERE NOT EXISTS (SELECT FROM updated u
      WHERE (u.kind, u.month, u.place, u.category) = (s.kind, s.month, s.place, s.category))
  ) SELECT count(*) INTO folded FROM taken;
  RETURN folded;
END $$;
COMMENT ON FUNCTION server.fold_heat IS 'adds the oldest deltas to the counts, at most so many; returns how many';

CREATE VIEW server.heat_recounted AS
  SELECT s.kind, s.month, s.place, s.category, {SUMS}
    FROM (SELECT delta_id, community_id, grid_cell_code, h3_7, h3_8, h3_9, h3_10, category, severity, standing, month,
                 count(*)::integer AS n FROM server.heat_raw GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) r,
         server.spread_heat(ROW(r.*)::server.heat_delta) s
   GROUP BY s.kind, s.month, s.place, s.category;

CREATE FUNCTION server.rebuild_heat() RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
DECLARE wrong integer;
BEGIN
  IF current_setting('transaction_isolation') = 'read committed' THEN
    RAISE EXCEPTION 'counts and deltas are compared at one moment: use REPEATABLE READ';
  END IF;
  SELECT count(*) INTO wrong
    FROM server.heat_recounted r
    FULL JOIN (SELECT kind, month, place, category, {SUMS} FROM server.heat_exact GROUP BY kind, month, place, category) e
      ON (e.kind, e.month, e.place, e.category) = (r.kind, r.month, r.place, r.category)
   WHERE {" OR ".join(f"coalesce(r.{name}, 0) <> coalesce(e.{name}, 0)" for name in COUNTERS)};
  IF wrong > 0 THEN
    DELETE FROM server.heat_delta;
    DELETE FROM server.heat_count;
    INSERT INTO server.heat_count SELECT * FROM server.heat_recounted;
  END IF;
  RETURN wrong;
END $$;
COMMENT ON FUNCTION server.rebuild_heat IS 'counts everything anew and, where that differs, keeps the new counts; returns how many counts were wrong';

INSERT INTO server.heat_count SELECT * FROM server.heat_recounted;
"""

DOWN = """
DROP FUNCTION server.rebuild_heat();
DROP VIEW server.heat_recounted;
DROP FUNCTION server.fold_heat(integer);
DROP TRIGGER inspection_moves_heat ON server.inspection;
DROP TRIGGER inspection_adds_heat ON server.inspection;
DROP TRIGGER case_moves_heat ON server."case";
DROP TRIGGER case_adds_heat ON server."case";
DROP FUNCTION server.note_changed_inspection();
DROP FUNCTION server.note_new_inspections();
DROP FUNCTION server.note_changed_case();
DROP FUNCTION server.note_new_cases();
DROP VIEW server.heat_raw;
DROP VIEW server.heat_exact;
DROP FUNCTION server.spread_heat(server.heat_delta);
DROP TABLE server.heat_count;
DROP TABLE server.heat_delta;
ALTER TABLE server.inspection DROP COLUMN h3_7, DROP COLUMN h3_8, DROP COLUMN h3_9, DROP COLUMN h3_10;
ALTER TABLE server."case" DROP COLUMN h3_7, DROP COLUMN h3_8, DROP COLUMN h3_9, DROP COLUMN h3_10;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
