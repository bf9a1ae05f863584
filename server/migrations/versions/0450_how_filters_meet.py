"""How the filters of the ledger meet, for the planner: a category has one measure, a cell few communities."""

from alembic import op

revision = "0450"
down_revision = "0440"
branch_labels = None
depends_on = None

UP = r"""
CREATE STATISTICS server.case_kinds (mcv, dependencies)
  ON category, measure, severity, state, stopped_signal FROM server."case";
CREATE STATISTICS server.case_places (mcv, dependencies)
  ON community_id, grid_cell_code, unit_code, lead_unit FROM server."case";
ALTER STATISTICS server.case_kinds SET STATISTICS 200;
ALTER STATISTICS server.case_places SET STATISTICS 200;
CREATE INDEX case_by_measure ON server."case" (measure, reported_at DESC, case_id DESC);
ANALYZE server."case";
"""

DOWN = r"""
DROP INDEX server.case_by_measure;
DROP STATISTICS server.case_places;
DROP STATISTICS server.case_kinds;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
