"""Heat knows of each violation its checklist item and how its case stands, so that both can be asked of packed days.

How a violation stands is a fact of two rows: whoever changes either holds the case's row first, so that the
other is seen. Sums by month stay without both: `found` counts violations whatever became of them.
"""

from alembic import op

revision = "0890"
down_revision = "0880"
branch_labels = None
depends_on = None

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
PLACES = "community_id, grid_cell_code, h3_7, h3_8, h3_9, h3_10"
PLACE = "{row}.community_id, {row}.grid_cell_code::text, {row}.h3_7, {row}.h3_8, {row}.h3_9, {row}.h3_10"
DAY = "(coalesce({row}.finished_at, {row}.received_at) AT TIME ZONE 'Asia/Shanghai')::date"
STANDING = (
    "CASE WHEN {row}.ended_at IS NULL THEN 'open' WHEN {row}.state = 'closed' THEN 'closed' ELSE 'ended' END"
)
CORRECTED = "EXISTS (SELECT FROM server.inspection later WHERE later.corrects = {row}.inspection_id)"
STANDINGS = ("open", "closed", "ended")
COUNTERS = [
    *(f"{standing}_{severity}" for standing in STANDINGS for severity in "abc"),
    "inspections",
    *(f"found_{severity}" for severity in "abc"),
]
SUMS = ", ".join(f"sum({name})::bigint AS {name}" for name in COUNTERS)
DIFFER = " OR ".join(f"coalesce(r.{name}, 0) <> coalesce(e.{name}, 0)" for name in COUNTERS)
INSPECTED = f"{PLACE}, '', '', 'inspected', {DAY}, {{n}}"
CASE_FACTS = (
    f"{PLACE}, {{row}}.category, {{row}}.severity::text, {STANDING},"
    " ({row}.reported_at AT TIME ZONE 'Asia/Shanghai')::date, {n}"
)
FACT = "int4send(f.spot) || int2send(f.category::smallint) || int2send(f.what::smallint) || int4send(f.n)"
PACKED = f"string_agg({FACT}, ''::bytea ORDER BY f.spot, f.category, f.what)"
SPOT_OF = (
    "s.community_id = {f}.community_id AND coalesce(s.h3_10, 0) = coalesce({f}.h3_10, 0) AND "
    + " AND ".join(
        f"s.{name} IS NOT DISTINCT FROM {{f}}.{name}" for name in PLACES.split(", ") if name != "community_id"
    )
)


class Shape:
    """The SQL of one of the two shapes: with what became of violations, or without."""

    def __init__(self, *, known: bool) -> None:
        self.known = known
        item = ", item" if known else ""
        self.delta = f"{PLACES}, category, severity, standing, day, n{item}"
        self.own = f"{PLACES}, category, severity, standing"
        self.item = item
        stands = f"CASE WHEN k.case_id IS NULL THEN 'found' ELSE 'found_' || {STANDING.format(row='k')} END"
        self.stands = stands if known else "'found'"
        self.join_case = 'LEFT JOIN server."case" k ON k.case_id = v.case_id' if known else ""
        self.more = ", v.item_code" if known else ""

    def found(self, row: str, n: int) -> str:
        """Return the facts of a violation `v` of the inspection `row`."""
        return f"{PLACE.format(row=row)}, v.category, v.severity::text, {self.stands}, {DAY.format(row=row)}, {n}{self.more}"

    def hold(self, cases: str) -> str:
        """Return the statement that holds cases as they stand, in one order for all."""
        if not self.known:
            return ""
        return f'PERFORM FROM server."case" k WHERE k.case_id IN ({cases}) ORDER BY k.case_id FOR SHARE;'

    @property
    def what(self) -> str:
        """Return the number of a delta's counter in packed facts."""
        known = " ".join(
            f"WHEN 'found_{standing}' THEN {12 + 3 * number} + strpos('ABC', {{f}}.severity)"
            for number, standing in enumerate(STANDINGS)
            if self.known
        )
        return (
            "CASE {f}.standing WHEN 'inspected' THEN 9 WHEN 'found' THEN 9 + strpos('ABC', {f}.severity) "
            + known
            + " ELSE array_position(ARRAY['open', 'closed', 'ended'], {f}.standing) * 3 + strpos('ABC', {f}.severity) - 4 END"
        )

    @property
    def same_code(self) -> str:
        """Return how a delta and the number of its category belong together."""
        return "k.category = d.category" + (" AND k.item = d.item" if self.known else "")

    def packed(self, facts: str) -> str:
        """Return the SQL of days with their facts packed, of a relation with the columns of a delta."""
        return f"""
    SELECT f.day, {PACKED} AS facts
      FROM (SELECT d.day, s.spot, k.code AS category, {self.what.format(f="d")} AS what, sum(d.n)::integer AS n
              FROM {facts} d
              JOIN server.heat_spot s ON {SPOT_OF.format(f="d")}
              JOIN server.heat_category k ON {self.same_code}
             GROUP BY 1, 2, 3, 4 HAVING sum(d.n) <> 0) f
     GROUP BY f.day"""

    @property
    def pack_all(self) -> str:
        """Return the statements that pack everything anew."""
        codes = f"category{self.item}"
        return f"""
INSERT INTO server.heat_spot ({PLACES}) SELECT DISTINCT {PLACES} FROM server.heat_raw ON CONFLICT DO NOTHING;
INSERT INTO server.heat_category ({codes}) SELECT DISTINCT {codes} FROM server.heat_raw ON CONFLICT DO NOTHING;
INSERT INTO server.heat_day {self.packed("server.heat_raw")};
"""

    @property
    def views(self) -> str:
        """Return the views of everything that counts, as deltas, as sums, as facts of days."""
        facts = f"{PLACES}, category{self.item}, what"
        kept = ", ".join(f"s.{name}" for name in PLACES.split(", "))
        code = "k.category, k.item" if self.known else "k.category"
        none = ", ''::text" if self.known else ""
        return f"""
CREATE VIEW server.heat_raw (delta_id, {self.delta}) AS
  SELECT 0::bigint, {CASE_FACTS.format(row="c", n=1)}{none} FROM server."case" c
  UNION ALL
  SELECT 0, {INSPECTED.format(row="i", n=1)}{none} FROM server.inspection i WHERE i.corrects IS NULL
  UNION ALL
  SELECT 0, {self.found("i", 1)}
    FROM server.violation v JOIN server.inspection i USING (inspection_id) {self.join_case}
   WHERE NOT {CORRECTED.format(row="i")};
COMMENT ON VIEW server.heat_raw IS 'everything that counts in the shape of a delta: what all deltas together must come to';

CREATE VIEW server.heat_recounted AS
  SELECT s.kind, s.month, s.place, s.category, {SUMS}
    FROM (SELECT delta_id, {self.own}, date_trunc('month', day)::date AS day, count(*)::integer AS n{none}
            FROM server.heat_raw GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) r,
         server.spread_heat(ROW(r.*)::server.heat_delta) s
   GROUP BY s.kind, s.month, s.place, s.category;

CREATE VIEW server.heat_days_exact AS
  SELECT day, {facts}, sum(n)::bigint AS n
    FROM (SELECT h.day, {kept}, {code}, f.what, f.n
            FROM server.heat_day h, server.heat_facts(h.facts) f
            JOIN server.heat_spot s ON s.spot = f.spot JOIN server.heat_category k ON k.code = f.category
          UNION ALL
          SELECT d.day, {PLACES}, d.category{", d.item" if self.known else ""}, {self.what.format(f="d")}, d.n FROM server.heat_delta d) told
   GROUP BY day, {facts} HAVING sum(n) <> 0;
COMMENT ON VIEW server.heat_days_exact IS 'packed facts and what is not folded yet, as rows: always what heat_days_recounted says';
CREATE VIEW server.heat_days_recounted AS
  SELECT day, {PLACES}, category{self.item}, {self.what.format(f="r")} AS what, count(*) AS n FROM server.heat_raw r
   GROUP BY day, {facts};
"""

    @property
    def machinery(self) -> str:
        """Return the functions that spread, learn, fold and prove."""
        codes = f"category{self.item}"
        kind = "split_part(d.standing, '_', 1)"

        def counted(name: str) -> str:
            if name == "inspections":
                return "CASE WHEN d.standing = 'inspected' THEN d.n ELSE 0 END"
            standing, severity = name.split("_")
            return (
                f"CASE WHEN {kind if self.known else 'd.standing'} = '{standing}'"
                f" AND d.severity = '{severity.upper()}' THEN d.n ELSE 0 END"
            )

        return f"""
CREATE OR REPLACE FUNCTION server.spread_heat(d server.heat_delta) RETURNS SETOF server.heat_count LANGUAGE sql IMMUTABLE AS $$
  SELECT k.kind, m.month, coalesce(k.place, ''), d.category, {", ".join(map(counted, COUNTERS))}
    FROM (VALUES ('community', d.community_id::text), ('grid_cell', d.grid_cell_code), ('h3_7', to_hex(d.h3_7)),
                 ('h3_8', to_hex(d.h3_8)), ('h3_9', to_hex(d.h3_9)), ('h3_10', to_hex(d.h3_10))) AS k (kind, place),
         (VALUES (date_trunc('month', d.day)::date), (date '-infinity')) AS m (month)
$$;

CREATE OR REPLACE FUNCTION server.learn_spots(ids bigint[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO server.heat_spot ({PLACES})
  SELECT DISTINCT {PLACES} FROM server.heat_delta d WHERE delta_id = ANY(ids)
     AND NOT EXISTS (SELECT FROM server.heat_spot s WHERE {SPOT_OF.format(f="d")})
  ON CONFLICT DO NOTHING;
  INSERT INTO server.heat_category ({codes})
  SELECT DISTINCT {codes} FROM server.heat_delta d WHERE delta_id = ANY(ids)
     AND NOT EXISTS (SELECT FROM server.heat_category k WHERE {self.same_code})
  ON CONFLICT DO NOTHING;
$$;

CREATE OR REPLACE FUNCTION server.fold_heat(most integer) RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
DECLARE folded integer; ids bigint[];
BEGIN
  LOCK TABLE server.heat_count IN SHARE ROW EXCLUSIVE MODE;
  ids := ARRAY(SELECT delta_id FROM server.heat_delta ORDER BY delta_id LIMIT most);
  PERFORM server.learn_spots(ids);
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
  ), packed AS (INSERT INTO server.heat_day {self.packed("taken")}) SELECT count(*) INTO folded FROM taken;
  RETURN folded;
END $$;

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
  SELECT count(*) INTO stray FROM (
    (SELECT * FROM server.heat_days_recounted EXCEPT ALL SELECT * FROM server.heat_days_exact)
    UNION ALL
    (SELECT * FROM server.heat_days_exact EXCEPT ALL SELECT * FROM server.heat_days_recounted)) unlike;
  IF wrong + stray > 0 THEN
    DELETE FROM server.heat_delta;
    DELETE FROM server.heat_count;
    INSERT INTO server.heat_count SELECT * FROM server.heat_recounted;
    DELETE FROM server.heat_day; {self.pack_all}
  ELSE
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
     GROUP BY f.day;
  END IF;
  RETURN wrong + stray;
END $$;
"""

    @property
    def writers(self) -> str:
        """Return the functions of triggers that tell what violations found."""
        old_v, new_v = "(SELECT OLD.*) v", "(SELECT NEW.*) v"
        return f"""
CREATE OR REPLACE FUNCTION server.leave_corrected(first uuid, but uuid[]) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  PERFORM FROM server.inspection i WHERE i.inspection_id = first FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM server.inspection o WHERE o.corrects = first AND NOT o.inspection_id = ANY(but)) THEN
    RETURN;
  END IF;
  {self.hold("SELECT v.case_id FROM server.violation v WHERE v.inspection_id = first")}
  INSERT INTO server.heat_delta ({self.delta})
  SELECT {self.found("i", -1)} FROM server.violation v JOIN server.inspection i USING (inspection_id) {self.join_case}
   WHERE i.inspection_id = first;
END $$;

CREATE OR REPLACE FUNCTION server.note_changed_inspection() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  IF OLD.corrects IS NULL THEN
    INSERT INTO server.heat_delta ({PLACES}, category, severity, standing, day, n) VALUES ({INSPECTED.format(row="OLD", n=-1)});
  END IF;
  IF NEW.corrects IS NULL THEN
    INSERT INTO server.heat_delta ({PLACES}, category, severity, standing, day, n) VALUES ({INSPECTED.format(row="NEW", n=1)});
  END IF;
  IF NEW.corrects IS NOT NULL AND OLD.corrects IS DISTINCT FROM NEW.corrects THEN
    PERFORM server.leave_corrected(NEW.corrects, ARRAY[NEW.inspection_id]);
  END IF;
  {self.hold("SELECT v.case_id FROM server.violation v WHERE v.inspection_id = NEW.inspection_id")}
  IF NOT {CORRECTED.format(row="NEW")} THEN
    INSERT INTO server.heat_delta ({self.delta})
    SELECT {self.found("OLD", -1)} FROM server.violation v {self.join_case} WHERE v.inspection_id = NEW.inspection_id
    UNION ALL
    SELECT {self.found("NEW", 1)} FROM server.violation v {self.join_case} WHERE v.inspection_id = NEW.inspection_id;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION server.note_new_violations() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  {self.hold("SELECT v.case_id FROM came v")}
  INSERT INTO server.heat_delta ({self.delta})
  SELECT {self.found("i", 1)} FROM came v JOIN server.inspection i USING (inspection_id) {self.join_case}
   WHERE NOT {CORRECTED.format(row="i")};
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION server.note_changed_violation() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    {self.hold("OLD.case_id")}
  ELSE
    {self.hold("OLD.case_id, NEW.case_id")}
  END IF;
  INSERT INTO server.heat_delta ({self.delta})
  SELECT {self.found("i", -1)} FROM {old_v} JOIN server.inspection i USING (inspection_id) {self.join_case}
   WHERE NOT {CORRECTED.format(row="i")};
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO server.heat_delta ({self.delta})
    SELECT {self.found("i", 1)} FROM {new_v} JOIN server.inspection i USING (inspection_id) {self.join_case}
     WHERE NOT {CORRECTED.format(row="i")};
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION server.note_changed_case() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  INSERT INTO server.heat_delta ({PLACES}, category, severity, standing, day, n) VALUES
    ({CASE_FACTS.format(row="OLD", n=-1)}),
    ({CASE_FACTS.format(row="NEW", n=1)});
  {self._carried if self.known else ""}
  RETURN NULL;
END $$;
"""

    @property
    def _carried(self) -> str:
        return f"""
  IF (OLD.ended_at IS NULL, OLD.state = 'closed') IS DISTINCT FROM (NEW.ended_at IS NULL, NEW.state = 'closed') THEN
    INSERT INTO server.heat_delta ({self.delta})
    SELECT {PLACE.format(row="i")}, v.category, v.severity::text, 'found_' || w.standing, {DAY.format(row="i")}, w.n, v.item_code
      FROM (VALUES ({STANDING.format(row="OLD")}, -1), ({STANDING.format(row="NEW")}, 1)) AS w (standing, n),
           server.violation v JOIN server.inspection i USING (inspection_id)
     WHERE v.case_id = NEW.case_id AND NOT {CORRECTED.format(row="i")};
  END IF;"""


AFTER, BEFORE = Shape(known=True), Shape(known=False)
NO_VIEWS = (
    "DROP VIEW server.heat_days_recounted, server.heat_days_exact, server.heat_recounted, server.heat_raw"
)
WHAT_IS_TOLD = (
    "COMMENT ON COLUMN server.heat_day.facts IS 'spot int4, category int2, counter int2"
    " (0 to 8 open, closed, ended by A, B, C; 9 inspections; 10 to 12 found by A, B, C{more}), n int4; big-endian'"
)


def stands(*more: str) -> str:
    """Return the statements that let a delta stand so."""
    listed = ", ".join(f"'{standing}'" for standing in (*STANDINGS, "inspected", "found", *more))
    return (
        "ALTER TABLE server.heat_delta DROP CONSTRAINT heat_delta_standing_check;"
        f"ALTER TABLE server.heat_delta ADD CONSTRAINT heat_delta_standing_check CHECK (standing IN ({listed}));"
    )


def moves_heat(*columns: str) -> str:
    """Return the trigger that tells of changes of these columns of a violation."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"""
DROP TRIGGER violation_moves_heat ON server.violation;
CREATE TRIGGER violation_moves_heat AFTER UPDATE ON server.violation FOR EACH ROW
  WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION server.note_changed_violation();
"""


def upgrade() -> None:
    op.execute("SELECT server.fold_heat(2147483647)")
    op.execute(NO_VIEWS)
    op.execute(stands(*(f"found_{standing}" for standing in STANDINGS)))
    op.execute("ALTER TABLE server.heat_delta ADD COLUMN item text NOT NULL DEFAULT ''")
    op.execute(
        "ALTER TABLE server.heat_category ADD COLUMN item text NOT NULL DEFAULT '',"
        " DROP CONSTRAINT heat_category_category_key, ADD UNIQUE (category, item)"
    )
    op.execute(AFTER.machinery)
    op.execute(AFTER.writers)
    op.execute(moves_heat("inspection_id", "category", "severity", "item_code", "case_id"))
    op.execute(AFTER.views)
    op.execute("DELETE FROM server.heat_day")
    op.execute(AFTER.pack_all)
    op.execute(WHAT_IS_TOLD.format(more="; 13 to 21 found, of open, closed, ended cases by A, B, C"))


def downgrade() -> None:
    op.execute("SELECT server.fold_heat(2147483647)")
    op.execute(NO_VIEWS)
    op.execute("DELETE FROM server.heat_day")
    op.execute("DELETE FROM server.heat_category WHERE item <> ''")
    op.execute(
        "ALTER TABLE server.heat_category DROP CONSTRAINT heat_category_category_item_key, DROP COLUMN item,"
        " ADD UNIQUE (category)"
    )
    op.execute("ALTER TABLE server.heat_delta DROP COLUMN item")
    op.execute(stands())
    op.execute(BEFORE.machinery)
    op.execute(BEFORE.writers)
    op.execute(moves_heat("inspection_id", "category", "severity"))
    op.execute(BEFORE.views)
    op.execute(BEFORE.pack_all)
    op.execute(WHAT_IS_TOLD.format(more=""))
