"""How long each case was in each link: kept beside the history by a trigger, so that figures need not fold it."""

from alembic import op

revision = "0410"
down_revision = "0400"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.case_link (
  case_id uuid NOT NULL REFERENCES server."case",
  first_seq integer NOT NULL CHECK (first_seq >= 1),
  link text NOT NULL CHECK (link IN ('verify', 'file', 'dispatch', 'accept', 'treat', 'check')),
  started_at timestamptz NOT NULL,
  last_seq integer CHECK (last_seq > first_seq),
  ended_at timestamptz,
  pauses integer NOT NULL DEFAULT 0,
  paused interval NOT NULL DEFAULT '0',
  due_at timestamptz,
  judged boolean NOT NULL DEFAULT false,
  PRIMARY KEY (case_id, first_seq),
  CHECK ((last_seq IS NULL) = (ended_at IS NULL))
);
COMMENT ON COLUMN server.case_link.due_at IS 'the end of its limit; of treating, the deadline of the case as it stood at the end';
COMMENT ON COLUMN server.case_link.judged IS 'whether due_at was found out; it stays null where there was no limit';
CREATE UNIQUE INDEX one_link_at_a_time ON server.case_link (case_id) WHERE ended_at IS NULL;
CREATE INDEX case_link_to_judge ON server.case_link (started_at) WHERE NOT judged AND link <> 'treat';
CREATE INDEX case_link_paused ON server.case_link (case_id) WHERE pauses > 0;

CREATE FUNCTION server.link_of(state text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE state
    WHEN 'verifying' THEN 'verify' WHEN 'reported' THEN 'file' WHEN 'filed' THEN 'dispatch' WHEN 'dispatched' THEN 'accept'
    WHEN 'in_progress' THEN 'treat' WHEN 'suspended' THEN 'treat'
    WHEN 'closeout_requested' THEN 'check' WHEN 'checking' THEN 'check' WHEN 'check_passed' THEN 'check' END
$$;

-- Once a statement, not once a row: a batch from a tablet pays for it once.
CREATE FUNCTION server.keep_case_links() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE server.case_link k
     SET last_seq = e.seq, ended_at = e.recorded_at,
         due_at = CASE WHEN k.link = 'treat' THEN c.due_at ELSE k.due_at END, judged = k.judged OR k.link = 'treat'
    FROM (SELECT DISTINCT ON (case_id) case_id, seq, recorded_at FROM added
           WHERE server.link_of(from_state) IS DISTINCT FROM server.link_of(to_state) AND from_state <> ''
           ORDER BY case_id, seq) e
    JOIN server."case" c USING (case_id)
   WHERE k.case_id = e.case_id AND k.ended_at IS NULL;
  INSERT INTO server.case_link (case_id, first_seq, link, started_at, last_seq, ended_at)
  SELECT case_id, seq, link, recorded_at, next_seq, next_at FROM (
    SELECT case_id, seq, recorded_at, server.link_of(to_state) AS link,
           lead(seq) OVER history AS next_seq, lead(recorded_at) OVER history AS next_at
      FROM added WHERE server.link_of(from_state) IS DISTINCT FROM server.link_of(to_state)
    WINDOW history AS (PARTITION BY case_id ORDER BY seq)) steps
   WHERE link IS NOT NULL;
  UPDATE server.case_link k SET pauses = k.pauses + 1
    FROM added e
   WHERE e.to_state = 'suspended' AND e.from_state <> 'suspended' AND k.case_id = e.case_id AND k.link = 'treat'
     AND k.first_seq < e.seq AND coalesce(k.last_seq, e.seq) >= e.seq;
  UPDATE server.case_link k SET paused = k.paused + (e.recorded_at - s.since)
    FROM added e
    CROSS JOIN LATERAL (SELECT max(x.recorded_at) AS since FROM server.case_entry x
          WHERE x.case_id = e.case_id AND x.seq < e.seq AND x.to_state = 'suspended' AND x.from_state <> 'suspended') s
   WHERE e.from_state = 'suspended' AND e.to_state <> 'suspended' AND k.case_id = e.case_id AND k.link = 'treat'
     AND k.first_seq < e.seq AND coalesce(k.last_seq, e.seq) >= e.seq;
  RETURN NULL;
END $$;

INSERT INTO server.case_link (case_id, first_seq, link, started_at, last_seq, ended_at)
SELECT case_id, seq, link, recorded_at, next_seq, next_at FROM (
  SELECT case_id, seq, recorded_at, server.link_of(to_state) AS link,
         lead(seq) OVER history AS next_seq, lead(recorded_at) OVER history AS next_at
    FROM server.case_entry WHERE server.link_of(from_state) IS DISTINCT FROM server.link_of(to_state)
  WINDOW history AS (PARTITION BY case_id ORDER BY seq)) steps
 WHERE link IS NOT NULL;
WITH stops AS (
  SELECT e.case_id, e.seq, e.recorded_at AS since,
         (SELECT min(x.recorded_at) FROM server.case_entry x
           WHERE x.case_id = e.case_id AND x.seq > e.seq AND x.from_state = 'suspended' AND x.to_state <> 'suspended') AS until
    FROM server.case_entry e WHERE e.to_state = 'suspended' AND e.from_state <> 'suspended')
UPDATE server.case_link k
   SET pauses = s.times, paused = s.lasted
  FROM (SELECT k.case_id, k.first_seq, count(*) AS times, coalesce(sum(stops.until - stops.since), '0') AS lasted
          FROM server.case_link k JOIN stops USING (case_id)
         WHERE k.link = 'treat' AND k.first_seq < stops.seq AND coalesce(k.last_seq, stops.seq) >= stops.seq
         GROUP BY k.case_id, k.first_seq) s
 WHERE (k.case_id, k.first_seq) = (s.case_id, s.first_seq);
UPDATE server.case_link k
   SET judged = true,
       due_at = (SELECT (e.canonical::jsonb #>> '{facts,due_at}')::timestamptz FROM server.case_entry e
                  WHERE e.case_id = k.case_id AND e.seq < k.last_seq AND e.canonical::jsonb -> 'facts' ? 'due_at'
                  ORDER BY e.seq DESC LIMIT 1)
 WHERE k.link = 'treat' AND k.ended_at IS NOT NULL;

CREATE TRIGGER case_entry_keeps_links AFTER INSERT ON server.case_entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION server.keep_case_links();
REVOKE INSERT, UPDATE, DELETE ON server.case_link FROM wangge_app;
GRANT UPDATE (due_at, judged) ON server.case_link TO wangge_app;
"""

DOWN = r"""
DROP TRIGGER case_entry_keeps_links ON server.case_entry;
DROP FUNCTION server.keep_case_links();
DROP FUNCTION server.link_of(text);
DROP TABLE server.case_link;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
