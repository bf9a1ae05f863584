"""A level of a case is reached once, by an entry that raises it; open cases learn who is competent."""

from alembic import op

revision = "0310"
down_revision = "0300"
branch_labels = None
depends_on = None

UP = r"""
CREATE UNIQUE INDEX one_rise_to_a_level ON server.case_entry (case_id, level) WHERE command = 'case.raise_level';
CREATE FUNCTION server.guard_level() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held integer := (SELECT level FROM server."case" WHERE case_id = NEW.case_id);
BEGIN
  IF NEW.command = 'case.raise_level' AND NEW.level <= held THEN
    PERFORM server.case_fault('levels_rise', 'an entry that raises the level must raise it');
  ELSIF NEW.command <> 'case.raise_level' AND NEW.level > held THEN
    PERFORM server.case_fault('only_rises_raise', 'only an entry made for it raises the level of a case');
  END IF;
  RETURN NEW;
END $$;
-- Fires before case_entry_moves_the_case, row by row: one statement may bring several entries of a case.
CREATE TRIGGER case_entry_levels AFTER INSERT ON server.case_entry
  FOR EACH ROW WHEN (NEW.level > 0) EXECUTE FUNCTION server.guard_level();
UPDATE server."case" c SET investigating_units = r.departments
  FROM server.category_rule r
 WHERE c.ended_at IS NULL AND c.investigating_units = '{}' AND c.filed_at IS NOT NULL
   AND (r.category, r.severity) = (c.category, c.severity)
   AND daterange(r.valid_from, r.valid_to) @> (c.filed_at AT TIME ZONE 'Asia/Shanghai')::date;
"""

DOWN = r"""
DROP TRIGGER case_entry_levels ON server.case_entry;
DROP FUNCTION server.guard_level();
DROP INDEX server.one_rise_to_a_level;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
