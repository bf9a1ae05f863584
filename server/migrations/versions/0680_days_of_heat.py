"""Heat by days: everything that counts as twelve bytes in the packed facts of its day.

Deltas tell the day instead of the month; the functions that write them change in that word only.
"""

from alembic import op

revision = "0680"
down_revision = "0670"
branch_labels = None
depends_on = None

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
PLACES = "community_id, grid_cell_code, h3_7, h3_8, h3_9, h3_10"
OWN = f"{PLACES}, category, severity, standing"
STANDINGS = ("open", "closed", "ended")
COUNTERS = [
    *(f"{standing}_{severity}" for standing in STANDINGS for severity in "abc"),
    "inspections",
    *(f"found_{severity}" for severity in "abc"),
]
SUMS = ", ".join(f"sum({name})::bigint AS {name}" for name in COUNTERS)
DIFFER = " OR ".join(f"coalesce(r.{name}, 0) <> coalesce(e.{name}, 0)" for name in COUNTERS)
WRITERS = (
    "note_new_cases",
    "note_changed_case",
    "note_new_inspections",
    "note_changed_inspection",
    "leave_corrected",
    "note_new_violations",
    "note_changed_violation",
)
PLACE = "{row}.community_id, {row}.grid_cell_code::text, {row}.h3_7, {row}.h3_8, {row}.h3_9, {row}.h3_10"
# The number of a counter in COUNTERS.
WHAT = (
    "CASE {f}.standing WHEN 'inspected' THEN 9 WHEN 'found' THEN 9 + strpos('ABC', {f}.severity)"
    " ELSE array_position(ARRAY['open', 'closed', 'ended'], {f}.standing) * 3 + strpos('ABC', {f}.severity) - 4 END"
)
SPOT_OF = (
    "s.community_id = {f}.community_id AND coalesce(s.h3_10, 0) = coalesce({f}.h3_10, 0) AND "
    + " AND ".join(
        f"s.{name} IS NOT DISTINCT FROM {{f}}.{name}" for name in PLACES.split(", ") if name != "community_id"
    )
)
FACT = "int4send(f.spot) || int2send(f.category::smallint) || int2send(f.what::smallint) || int4send(f.n)"
PACKED = f"string_agg({FACT}, ''::bytea ORDER BY f.spot, f.category, f.what)"


def writers(before: str, after: str, told: str, tell: str) -> str:
    """Return the SQL that changes one expression, and the name of the column that it fills, in all writers."""
    named = ", ".join(f"'server.{name}'" for name in WRITERS)
    return f"""
DO $$
DECLARE writer regproc;
BEGIN
  FOREACH writer IN ARRAY ARRAY[{named}]::regproc[] LOOP
    EXECUTE replace(regexp_replace(pg_get_functiondef(writer), '{before}', '{after}', 'g'), 'standing, {told}, n', 'standing, {tell}, n');
  END LOOP;
END $$;
"""


BY_DAY = writers(r"date_trunc\(''month'', (.*?)\)::date, (-?1)", r"(\1)::date, \2", "month", "day")
BY_MONTH = writers(
    r"\(((?:\w+\.reported_at|coalesce\([^()]*\)) AT TIME ZONE ''Asia/Shanghai'')\)::date, (-?1)",
    r"date_trunc(''month'', \1)::date, \2",
    "day",
    "month",
)


def packed(facts: str) -> str:
    """Return the SQL of days with their facts packed, of a relation with the columns of a delta."""
    return f"""
    SELECT f.day, {PACKED} AS facts
      FROM (SELECT d.day, s.spot, k.code AS category, {WHAT.format(f="d")} AS what, sum(d.n)::integer AS n
              FROM {facts} d
              JOIN server.heat_spot s ON {SPOT_OF.format(f="d")}
              JOIN server.heat_category k ON k.category = d.category
             GROUP BY 1, 2, 3, 4 HAVING sum(d.n) <> 0) f
     GROUP BY f.day"""


def spread(month: str) -> str:
    """Return the function that spreads a delta over kinds of places."""

    def counted(name: str) -> str:
        if name == "inspections":
            return "CASE WHEN d.standing = 'inspected' THEN d.n ELSE 0 END"
        standing, severity = name.split("_")
        return (
            f"CASE WHEN d.standing = '{standing}' AND d.severity = '{severity.upper()}' THEN d.n ELSE 0 END"
        )

    return f"""
CREATE OR REPLACE FUNCTION server.spread_heat(d server.heat_delta) RETURNS SETOF server.heat_count LANGUAGE sql IMMUTABLE AS $$
  SELECT k.kind, m.month, coalesce(k.place, ''), d.category, {", ".join(map(counted, COUNTERS))}
    FROM (VALUES ('community', d.community_id::text), ('grid_cell', d.grid_cell_code), ('h3_7', to_hex(d.h3_7)),
                 ('h3_8', to_hex(d.h3_8)), ('h3_9', to_hex(d.h3_9)), ('h3_10', to_hex(d.h3_10))) AS k (kind, place),
         (VALUES ({month}), (date '-infinity')) AS m (month)
$$;
"""


def raw(column: str, at: str) -> str:
    """Return the view of everything that counts, by what `at` makes of a local moment."""
    found = at.format("coalesce(i.finished_at, i.received_at) AT TIME ZONE 'Asia/Shanghai'")
    return f"""
CREATE VIEW server.heat_raw (delta_id, {OWN}, {column}, n) AS
  SELECT 0::bigint, {PLACE.format(row="c")}, c.category, c.severity::text,
         CASE WHEN c.ended_at IS NULL THEN 'open' WHEN c.state = 'closed' THEN 'closed' ELSE 'ended' END,
         {at.format("c.reported_at AT TIME ZONE 'Asia/Shanghai'")}, 1 FROM server."case" c
  UNION ALL
  SELECT 0, {PLACE.format(row="i")}, '', '', 'inspected', {found}, 1 FROM server.inspection i WHERE i.corrects IS NULL
  UNION ALL
  SELECT 0, {PLACE.format(row="i")}, v.category, v.severity::text, 'found', {found}, 1
    FROM server.violation v JOIN server.inspection i USING (inspection_id)
   WHERE NOT EXISTS (SELECT FROM server.inspection later WHERE later.corrects = i.inspection_id);
COMMENT ON VIEW server.heat_raw IS 'everything that counts in the shape of a delta: what all deltas together must come to';
"""


def recounted(month: str) -> str:
    """Return the view of all sums counted anew."""
    return f"""
CREATE VIEW server.heat_recounted AS
  SELECT s.kind, s.month, s.place, s.category, {SUMS}
    FROM (SELECT delta_id, {OWN}, {month}, count(*)::integer AS n FROM server.heat_raw
           GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) r,
         server.spread_heat(ROW(r.*)::server.heat_delta) s
   GROUP BY s.kind, s.month, s.place, s.category;
"""


def fold(first: str, more: str) -> str:
    """Return the function that folds deltas, which does `first` before and `more` with what it takes."""
    return f"""
CREATE OR REPLACE FUNCTION server.fold_heat(most integer) RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
DECLARE folded integer; ids bigint[];
BEGIN
  LOCK TABLE server.heat_count IN SHARE ROW EXCLUSIVE MODE;
  ids := ARRAY(SELECT delta_id FROM server.heat_delta ORDER BY delta_id LIMIT most);
  {first}
  WITH taken AS (
    DELETE FROM server.heat_delta WHERE delta_id = ANY(ids) RETURNING *
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
  ){more} SELECT count(*) INTO folded FROM taken;
  RETURN folded;
END $$;
"""


def rebuild(compared: str, replaced: str, otherwise: str) -> str:
    """Return the function that counts everything anew."""
    return f"""
CREATE OR REPLACE FUNCTION server.rebuild_heat() RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
DECLARE wrong integer; stray integer := 0;
BEGIN
  IF current_setting('transaction_isolation') = 'read committed' THEN
    RAISE EXCEPTION 'counts and deltas are compared at one moment: use REPEATABLE READ';
  END IF;
  SELECT count(*) INTO wrong
    FROM server.heat_recounted r
    FULL JOIN (SELECT kind, month, place, category, {SUMS} FROM server.heat_exact GROUP BY kind, month, place, category) e
      ON (e.kind, e.month, e.place, e.category) = (r.kind, r.month, r.place, r.category)
   WHERE {DIFFER};
  {compared}
  IF wrong + stray > 0 THEN
    DELETE FROM server.heat_delta;
    DELETE FROM server.heat_count;
    INSERT INTO server.heat_count SELECT * FROM server.heat_recounted;
    {replaced}
  {otherwise}
  END IF;
  RETURN wrong + stray;
END $$;
"""


PACK_ALL = f"""
INSERT INTO server.heat_spot ({PLACES}) SELECT DISTINCT {PLACES} FROM server.heat_raw ON CONFLICT DO NOTHING;
INSERT INTO server.heat_category (category) SELECT DISTINCT category FROM server.heat_raw ON CONFLICT DO NOTHING;
INSERT INTO server.heat_day {packed("server.heat_raw")};
"""
COMPARED = """
  SELECT count(*) INTO stray FROM (
    (SELECT * FROM server.heat_days_recounted EXCEPT ALL SELECT * FROM server.heat_days_exact)
    UNION ALL
    (SELECT * FROM server.heat_days_exact EXCEPT ALL SELECT * FROM server.heat_days_recounted)) unlike;"""
MERGED = f"""ELSE
    -- What a day was folded in by parts becomes one.
    WITH whole AS (
      SELECT day FROM server.heat_day GROUP BY day HAVING count(*) > 1
    ), parts AS (
      DELETE FROM server.heat_day h USING whole w WHERE h.day = w.day RETURNING h.day, h.facts
    )
    INSERT INTO server.heat_day
    SELECT f.day, {PACKED}
      FROM (SELECT p.day, u.spot, u.category, u.what, sum(u.n)::integer AS n
              FROM parts p, server.heat_facts(p.facts) u GROUP BY 1, 2, 3, 4 HAVING sum(u.n) <> 0) f
     GROUP BY f.day;"""
TABLES = f"""
-- A spot is all the places in which something counts at once; numbers of spots and categories never change.
CREATE TABLE server.heat_spot (
  spot integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  community_id uuid NOT NULL,
  grid_cell_code text,
  h3_7 bigint, h3_8 bigint, h3_9 bigint, h3_10 bigint,
  UNIQUE NULLS NOT DISTINCT ({PLACES})
);
CREATE TABLE server.heat_category (
  code smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  category text NOT NULL UNIQUE
);
-- A day has a row for each time that something of it was folded; its facts add up, those with a minus too.
CREATE TABLE server.heat_day (
  day date NOT NULL,
  facts bytea NOT NULL CHECK (length(facts) > 0 AND length(facts) % 12 = 0)
);
ALTER TABLE server.heat_day ALTER COLUMN facts SET STORAGE EXTERNAL;
CREATE INDEX heat_day_by_day ON server.heat_day (day);
COMMENT ON COLUMN server.heat_day.facts IS 'spot int4, category int2, counter int2 (0 to 8 open, closed, ended by A, B, C; 9 inspections; 10 to 12 found by A, B, C), n int4; big-endian';
REVOKE INSERT, UPDATE, DELETE ON server.heat_spot, server.heat_category, server.heat_day FROM wangge_app;

CREATE FUNCTION server.heat_facts(facts bytea) RETURNS TABLE (spot integer, category integer, what integer, n integer)
LANGUAGE sql IMMUTABLE AS $$
  SELECT ('x' || encode(substr(facts, at, 4), 'hex'))::bit(32)::integer,
         ('x' || encode(substr(facts, at + 4, 2), 'hex'))::bit(16)::integer,
         ('x' || encode(substr(facts, at + 6, 2), 'hex'))::bit(16)::integer,
         ('x' || encode(substr(facts, at + 8, 4), 'hex'))::bit(32)::integer
    FROM generate_series(1, length(facts), 12) AS at
$$;
COMMENT ON FUNCTION server.heat_facts IS 'the packed facts of a day as rows';

CREATE VIEW server.heat_days_exact AS
  SELECT day, {PLACES}, category, what, sum(n)::bigint AS n
    FROM (SELECT h.day, s.community_id, s.grid_cell_code, s.h3_7, s.h3_8, s.h3_9, s.h3_10, k.category, f.what, f.n
            FROM server.heat_day h, server.heat_facts(h.facts) f
            JOIN server.heat_spot s ON s.spot = f.spot JOIN server.heat_category k ON k.code = f.category
          UNION ALL
          SELECT d.day, {PLACES}, d.category, {WHAT.format(f="d")}, d.n FROM server.heat_delta d) told
   GROUP BY day, {PLACES}, category, what HAVING sum(n) <> 0;
COMMENT ON VIEW server.heat_days_exact IS 'packed facts and what is not folded yet, as rows: always what heat_days_recounted says';
CREATE VIEW server.heat_days_recounted AS
  SELECT day, {PLACES}, category, {WHAT.format(f="r")} AS what, count(*) AS n FROM server.heat_raw r
   GROUP BY day, {PLACES}, category, what;

CREATE FUNCTION server.learn_spots(ids bigint[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO server.heat_spot ({PLACES})
  SELECT DISTINCT {PLACES} FROM server.heat_delta d WHERE delta_id = ANY(ids)
     AND NOT EXISTS (SELECT FROM server.heat_spot s WHERE {SPOT_OF.format(f="d")})
  ON CONFLICT DO NOTHING;
  INSERT INTO server.heat_category (category)
  SELECT DISTINCT category FROM server.heat_delta d WHERE delta_id = ANY(ids)
     AND NOT EXISTS (SELECT FROM server.heat_category k WHERE k.category = d.category)
  ON CONFLICT DO NOTHING;
$$;
REVOKE EXECUTE ON FUNCTION server.learn_spots(bigint[]) FROM PUBLIC;
"""


def upgrade() -> None:
    op.execute("SELECT server.fold_heat(2147483647)")
    op.execute("DROP VIEW server.heat_recounted, server.heat_raw")
    op.execute("ALTER TABLE server.heat_delta RENAME COLUMN month TO day")
    op.execute(BY_DAY)
    op.execute(spread("date_trunc('month', d.day)::date"))
    op.execute(raw("day", "({})::date"))
    op.execute(recounted("date_trunc('month', day)::date AS day"))
    op.execute(TABLES)
    op.execute(
        fold(
            "PERFORM server.learn_spots(ids);", f", packed AS (INSERT INTO server.heat_day {packed('taken')})"
        )
    )
    op.execute(rebuild(COMPARED, f"DELETE FROM server.heat_day; {PACK_ALL}", MERGED))
    op.execute(PACK_ALL)


def downgrade() -> None:
    op.execute("SELECT server.fold_heat(2147483647)")
    op.execute(
        "DROP VIEW server.heat_days_recounted, server.heat_days_exact, server.heat_recounted, server.heat_raw"
    )
    op.execute("DROP FUNCTION server.learn_spots(bigint[]), server.heat_facts(bytea)")
    op.execute("DROP TABLE server.heat_day, server.heat_category, server.heat_spot")
    op.execute("ALTER TABLE server.heat_delta RENAME COLUMN day TO month")
    op.execute(BY_MONTH)
    op.execute(spread("d.month"))
    op.execute(raw("month", "date_trunc('month', {})::date"))
    op.execute(recounted("month"))
    op.execute(fold("", ""))
    op.execute(rebuild("", "", ""))
