"""Finding among a million cases: words of one letter or more, the light at which a clock stopped."""

from alembic import op

revision = "0430"
down_revision = "0420"
branch_labels = None
depends_on = None

UP = r"""
-- Chinese is searched by words of one or two letters, which trigrams cannot answer.
CREATE FUNCTION server.grams_of(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT gram), '{}')
    FROM (SELECT string_to_array(lower(words), NULL) AS letters) l,
         LATERAL (SELECT unnest(letters) UNION ALL
                  SELECT a || b FROM unnest(letters, letters[2:]) AS t (a, b) WHERE b IS NOT NULL) AS g (gram)
$$;
CREATE FUNCTION server.grams_sought(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN char_length(words) < 2 THEN ARRAY[lower(words)]
              ELSE ARRAY(SELECT gram FROM unnest(server.grams_of(words)) AS g (gram) WHERE char_length(gram) = 2) END
$$;
COMMENT ON FUNCTION server.grams_of IS 'every letter and every pair of letters, in lower case';
COMMENT ON FUNCTION server.grams_sought IS 'what a text must have among its grams to hold these words';

ALTER TABLE server."case" ADD stopped_signal text GENERATED ALWAYS AS (
  CASE WHEN coalesce(ended_at, paused_at) IS NULL THEN NULL
       WHEN yellow_at IS NULL OR coalesce(ended_at, paused_at) <= yellow_at THEN 'green'
       WHEN coalesce(ended_at, paused_at) <= due_at THEN 'yellow' ELSE 'red' END) STORED;
COMMENT ON COLUMN server."case".stopped_signal IS 'the signal at which the clock stopped; null while it runs';

DROP INDEX server.case_description_idx;
CREATE INDEX case_description_grams ON server."case" USING gin (server.grams_of(description));
CREATE INDEX case_number_trigrams ON server."case" USING gin (number gin_trgm_ops);
CREATE INDEX case_by_stopped_signal ON server."case" (stopped_signal, reported_at DESC, case_id DESC);
CREATE INDEX case_by_category ON server."case" (category, reported_at DESC, case_id DESC);
ANALYZE server."case";
"""

DOWN = r"""
DROP INDEX server.case_by_category;
DROP INDEX server.case_by_stopped_signal;
DROP INDEX server.case_number_trigrams;
DROP INDEX server.case_description_grams;
CREATE INDEX case_description_idx ON server."case" USING gin (description gin_trgm_ops);
ALTER TABLE server."case" DROP stopped_signal;
DROP FUNCTION server.grams_sought(text);
DROP FUNCTION server.grams_of(text);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
