"""Heat of violations: what answers showed to be wrong is counted beside cases, by the same deltas.

A violation counts where and when its inspection was; of a corrected inspection only what the correction says.
"""

from collections.abc import Sequence

from alembic import op

revision = "0600"
down_revision = "0590"
branch_labels = None
depends_on = None

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
STANDINGS = ("open", "closed", "ended")
FOUND = [f"found_{severity}" for severity in "abc"]
CASES = [f"{standing}_{severity}" for standing in STANDINGS for severity in "abc"]
BEFORE = [*CASES, "inspections"]
AFTER = [*BEFORE, *FOUND]
DELTA = "community_id, grid_cell_code, h3_7, h3_8, h3_9, h3_10, category, severity, standing, month, n"
CASE_FACTS = """c.community_id, c.grid_cell_code::text, c.h3_7, c.h3_8, c.h3_9, c.h3_10, c.category, c.severity::text,
         CASE WHEN c.ended_at IS NULL THEN 'open' WHEN c.state = 'closed' THEN 'closed' ELSE 'ended' END,
         date_trunc('month', c.reported_at AT TIME ZONE 'Asia/Shanghai')::date, 1"""
PLACE = "{row}.community_id, {row}.grid_cell_code::text, {row}.h3_7, {row}.h3_8, {row}.h3_9, {row}.h3_10"
MONTH = (
    "date_trunc('month', coalesce({row}.finished_at, {row}.received_at) AT TIME ZONE 'Asia/Shanghai')::date"
)
FACTS = f"{PLACE}, '', '', 'inspected', {MONTH}, {{n}}"
FOUND_FACTS = f"{PLACE}, v.category, v.severity::text, 'found', {MONTH}, {{n}}"
CORRECTED = "EXISTS (SELECT FROM server.inspection later WHERE later.corrects = {row}.inspection_id)"


def counted(name: str) -> str:
    """Return what one delta adds to a counter, as SQL."""
    if name == "inspections":
        return "CASE WHEN d.standing = 'inspected' THEN d.n ELSE 0 END"
    standing, severity = name.split("_")
    return f"CASE WHEN d.standing = '{standing}' AND d.severity = '{severity.upper()}' THEN d.n ELSE 0 END"


def machinery(counters: Sequence[str], raw: str) -> str:
    """Return the functions and views that fold, add up and prove these counters."""
    sums = ", ".join(f"sum({name})::bigint AS {name}" for name in counters)
    differ = " OR ".join(f"coalesce(r.{name}, 0) <> coalesce(e.{name}, 0)" for name in counters)
    return f"""
CREATE FUNCTION server.spread_heat(d server.heat_delta) RETURNS SETOF server.heat_count LANGUAGE sql IMMUTABLE AS $$
  SELECT k.kind, m.month, coalesce(k.place, ''), d.category, {", ".join(map(counted, counters))}
    FROM (VALUES ('community', d.community_id::text), ('grid_cell', d.grid_cell_code), ('h3_7', to_hex(d.h3_7)),
                 ('h3_8', to_hex(d.h3_8)), ('h3_9', to_hex(d.h3_9)), ('h3_10', to_hex(d.h3_10))) AS k (kind, place),
         (VALUES (d.month), (date '-infinity')) AS m (month)
$$;
COMMENT ON FUNCTION server.spread_heat IS 'what one delta adds to the counts of every kind of place, by month and for all time';

CREATE VIEW server.heat_exact AS
  SELECT * FROM server.heat_count UNION ALL SELECT s.* FROM server.heat_delta d, server.spread_heat(d) s;
COMMENT ON VIEW server.heat_exact IS 'folded counts and what is not folded yet; their sums are always exact';

CREATE VIEW server.heat_raw (delta_id, {DELTA}) AS {raw};
COMMENT ON VIEW server.heat_raw IS 'everything that counts in the shape of a delta: what all deltas together must come to';

CREATE FUNCTION server.fold_heat(most integer) RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
DECLARE folded integer;
BEGIN
  LOCK TABLE server.heat_count IN SHARE ROW EXCLUSIVE MODE;
  WITH taken AS (
    DELETE FROM server.heat_delta WHERE delta_id IN (SELECT delta_id FROM server.heat_delta ORDER BY delta_id LIMIT most)
    RETURNING *
  ), summed AS (
    SELECT s.kind, s.month, s.place, s.category, {sums}
      FROM taken t, server.spread_heat(ROW(t.*)::server.heat_delta) s
     GROUP BY s.kind, s.month, s.place, s.category
  ), updated AS (
    UPDATE server.heat_count c SET {", ".join(f"{name} = c.{name} + s.{name}" for name in counters)}
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
  SELECT s.kind, s.month, s.place, s.category, {sums}
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
    FULL JOIN (SELECT kind, month, place, category, {sums} FROM server.heat_exact GROUP BY kind, month, place, category) e
      ON (e.kind, e.month, e.place, e.category) = (r.kind, r.month, r.place, r.category)
   WHERE {differ};
  IF wrong > 0 THEN
    DELETE FROM server.heat_delta;
    DELETE FROM server.heat_count;
    INSERT INTO server.heat_count SELECT * FROM server.heat_recounted;
  END IF;
  RETURN wrong;
END $$;
COMMENT ON FUNCTION server.rebuild_heat IS 'counts everything anew and, where that differs, keeps the new counts; returns how many counts were wrong';
"""


NO_MACHINERY = """
DROP FUNCTION server.rebuild_heat();
DROP VIEW server.heat_recounted;
DROP FUNCTION server.fold_heat(integer);
DROP VIEW server.heat_raw;
DROP VIEW server.heat_exact;
DROP FUNCTION server.spread_heat(server.heat_delta);
"""
RAW_BEFORE = f"""
  SELECT 0::bigint AS delta_id, {CASE_FACTS} AS n FROM server."case" c
  UNION ALL
  SELECT 0, {FACTS.format(row="i", n=1)} FROM server.inspection i WHERE i.corrects IS NULL"""
RAW_AFTER = f"""{RAW_BEFORE}
  UNION ALL
  SELECT 0, {FOUND_FACTS.format(row="i", n=1)} FROM server.violation v JOIN server.inspection i USING (inspection_id)
   WHERE NOT {CORRECTED.format(row="i")}"""

INSPECTIONS_BEFORE = f"""
CREATE OR REPLACE FUNCTION server.note_new_inspections() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  INSERT INTO server.heat_delta ({DELTA})
  SELECT {FACTS.format(row="i", n=1)} FROM came i WHERE i.corrects IS NULL;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION server.note_changed_inspection() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  IF OLD.corrects IS NULL THEN
    INSERT INTO server.heat_delta ({DELTA}) VALUES ({FACTS.format(row="OLD", n=-1)});
  END IF;
  IF NEW.corrects IS NULL THEN
    INSERT INTO server.heat_delta ({DELTA}) VALUES ({FACTS.format(row="NEW", n=1)});
  END IF;
  RETURN NULL;
END $$;
"""
INSPECTIONS_AFTER = f"""
-- What an inspection found leaves the counts when its first correction comes. Corrections of one inspection wait
-- for one another, so that only one of them takes it out.
CREATE FUNCTION server.leave_corrected(first uuid, but uuid[]) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  PERFORM FROM server.inspection i WHERE i.inspection_id = first FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM server.inspection o WHERE o.corrects = first AND NOT o.inspection_id = ANY(but)) THEN
    RETURN;
  END IF;
  INSERT INTO server.heat_delta ({DELTA})
  SELECT {FOUND_FACTS.format(row="i", n=-1)} FROM server.violation v JOIN server.inspection i USING (inspection_id)
   WHERE i.inspection_id = first;
END $$;
COMMENT ON FUNCTION server.leave_corrected IS 'takes what an inspection found out of the counts, unless a correction other than these did already';

CREATE OR REPLACE FUNCTION server.note_new_inspections() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  INSERT INTO server.heat_delta ({DELTA})
  SELECT {FACTS.format(row="i", n=1)} FROM came i WHERE i.corrects IS NULL;
  PERFORM server.leave_corrected(c.corrects, c.those)
     FROM (SELECT corrects, array_agg(inspection_id) AS those FROM came WHERE corrects IS NOT NULL GROUP BY corrects) c;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION server.note_changed_inspection() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  IF OLD.corrects IS NULL THEN
    INSERT INTO server.heat_delta ({DELTA}) VALUES ({FACTS.format(row="OLD", n=-1)});
  END IF;
  IF NEW.corrects IS NULL THEN
    INSERT INTO server.heat_delta ({DELTA}) VALUES ({FACTS.format(row="NEW", n=1)});
  END IF;
  IF NEW.corrects IS NOT NULL AND OLD.corrects IS DISTINCT FROM NEW.corrects THEN
    PERFORM server.leave_corrected(NEW.corrects, ARRAY[NEW.inspection_id]);
  END IF;
  IF NOT {CORRECTED.format(row="NEW")} THEN
    INSERT INTO server.heat_delta ({DELTA})
    SELECT {FOUND_FACTS.format(row="OLD", n=-1)} FROM server.violation v WHERE v.inspection_id = NEW.inspection_id
    UNION ALL
    SELECT {FOUND_FACTS.format(row="NEW", n=1)} FROM server.violation v WHERE v.inspection_id = NEW.inspection_id;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION server.note_new_violations() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  INSERT INTO server.heat_delta ({DELTA})
  SELECT {FOUND_FACTS.format(row="i", n=1)} FROM came v JOIN server.inspection i USING (inspection_id)
   WHERE NOT {CORRECTED.format(row="i")};
  RETURN NULL;
END $$;
CREATE TRIGGER violation_adds_heat AFTER INSERT ON server.violation REFERENCING NEW TABLE AS came
  FOR EACH STATEMENT EXECUTE FUNCTION server.note_new_violations();

CREATE FUNCTION server.note_changed_violation() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  INSERT INTO server.heat_delta ({DELTA})
  SELECT {FOUND_FACTS.format(row="i", n=-1)} FROM (SELECT OLD.*) v JOIN server.inspection i USING (inspection_id)
   WHERE NOT {CORRECTED.format(row="i")};
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO server.heat_delta ({DELTA})
    SELECT {FOUND_FACTS.format(row="i", n=1)} FROM (SELECT NEW.*) v JOIN server.inspection i USING (inspection_id)
     WHERE NOT {CORRECTED.format(row="i")};
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER violation_moves_heat AFTER UPDATE ON server.violation FOR EACH ROW
  WHEN ((OLD.inspection_id, OLD.category, OLD.severity) IS DISTINCT FROM (NEW.inspection_id, NEW.category, NEW.severity))
  EXECUTE FUNCTION server.note_changed_violation();
CREATE TRIGGER violation_leaves_heat AFTER DELETE ON server.violation
  FOR EACH ROW EXECUTE FUNCTION server.note_changed_violation();
CREATE INDEX violation_by_item ON server.violation (item_code, inspection_id);
"""
NO_VIOLATIONS = """
DROP INDEX server.violation_by_item;
DROP TRIGGER violation_leaves_heat ON server.violation;
DROP TRIGGER violation_moves_heat ON server.violation;
DROP TRIGGER violation_adds_heat ON server.violation;
DROP FUNCTION server.note_changed_violation();
DROP FUNCTION server.note_new_violations();
"""


def _standings(*more: str) -> str:
    listed = ", ".join(f"'{standing}'" for standing in (*STANDINGS, "inspected", *more))
    return (
        "ALTER TABLE server.heat_delta DROP CONSTRAINT heat_delta_standing_check;"
        f"ALTER TABLE server.heat_delta ADD CONSTRAINT heat_delta_standing_check CHECK (standing IN ({listed}));"
    )


COUNT_ANEW = """
DELETE FROM server.heat_delta;
DELETE FROM server.heat_count;
INSERT INTO server.heat_count SELECT * FROM server.heat_recounted;
"""


def upgrade() -> None:
    op.execute(NO_MACHINERY)
    op.execute(_standings("found"))
    for name in FOUND:
        op.execute(
            f"ALTER TABLE server.heat_count ADD COLUMN {name} bigint NOT NULL DEFAULT 0 CHECK ({name} >= 0)"
        )
    op.execute(machinery(AFTER, RAW_AFTER))
    op.execute(INSPECTIONS_AFTER)
    op.execute(COUNT_ANEW)


def downgrade() -> None:
    op.execute(NO_VIOLATIONS)
    op.execute(INSPECTIONS_BEFORE)
    op.execute("DROP FUNCTION server.leave_corrected(uuid, uuid[])")
    op.execute(NO_MACHINERY)
    op.execute("DELETE FROM server.heat_delta WHERE standing = 'found'")
    op.execute(_standings())
    for name in FOUND:
        op.execute(f"ALTER TABLE server.heat_count DROP COLUMN {name}")
    op.execute(machinery(BEFORE, RAW_BEFORE))
    op.execute(COUNT_ANEW)
