"""Changes of who walks which cell, each with what stood before and after, so that it can be undone."""

from alembic import op

revision = "0740"
down_revision = "0730"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.assignment_change (
  change_id uuid PRIMARY KEY,
  cells text[] NOT NULL CHECK (cardinality(cells) > 0),
  worker uuid REFERENCES server."user",
  taken_from uuid REFERENCES server."user",
  beside boolean NOT NULL,
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to > valid_from),
  why text NOT NULL DEFAULT '' CHECK (length(why) <= 500),
  made_by uuid NOT NULL REFERENCES server."user",
  made_at timestamptz NOT NULL,
  undone_by uuid REFERENCES server."user",
  undone_at timestamptz,
  CONSTRAINT assignment_change_undone_by_somebody CHECK ((undone_by IS NULL) = (undone_at IS NULL)),
  CONSTRAINT assignment_change_changes_something CHECK (worker IS NOT NULL OR NOT beside)
);
COMMENT ON COLUMN server.assignment_change.worker IS 'who walks the cells from then on; null: nobody';
COMMENT ON COLUMN server.assignment_change.taken_from IS 'whose cells they were; null: whoever walked them';
CREATE INDEX assignment_change_newest_first ON server.assignment_change (made_at DESC, change_id DESC);
CREATE INDEX assignment_change_by_cell ON server.assignment_change USING gin (cells);
CREATE TABLE server.assignment_change_row (
  change_id uuid NOT NULL REFERENCES server.assignment_change,
  assignment_id uuid NOT NULL,
  was jsonb,
  became jsonb,
  PRIMARY KEY (change_id, assignment_id),
  CHECK (was IS DISTINCT FROM became)
);
CREATE FUNCTION server.guard_assignment_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
     OR to_jsonb(NEW) - 'undone_by' - 'undone_at' IS DISTINCT FROM to_jsonb(OLD) - 'undone_by' - 'undone_at' THEN
    PERFORM server.case_fault('assignment_change_is_undone_once', 'a change of assignments is undone once and never rewritten');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assignment_change_guarded BEFORE UPDATE ON server.assignment_change
  FOR EACH ROW EXECUTE FUNCTION server.guard_assignment_change();
REVOKE DELETE ON server.assignment_change FROM wangge_app;
REVOKE UPDATE, DELETE ON server.assignment_change_row FROM wangge_app;
"""

DOWN = r"""
DROP TABLE server.assignment_change_row;
DROP TABLE server.assignment_change;
DROP FUNCTION server.guard_assignment_change();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
