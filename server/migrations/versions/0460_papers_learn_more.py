"""Drafts that the product made learn by themselves what their cases tell later: checks, close-outs, joint actions."""

from alembic import op

revision = "0460"
down_revision = "0450"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE server.paper_entry DROP CONSTRAINT paper_moved_by_people;
ALTER TABLE server.paper_entry ADD CONSTRAINT paper_moved_by_people
  CHECK (actor_id IS NOT NULL OR command IN ('paper.draft', 'paper.edit'));
DROP TRIGGER case_entry_asks_for_papers ON server.case_entry;
CREATE TRIGGER case_entry_asks_for_papers AFTER INSERT ON server.case_entry FOR EACH ROW
  WHEN (NEW.command IN ('case.file', 'case.dispatch', 'case.raise_level', 'case.claim_fixed', 'case.close', 'case.joint_action')
        OR NEW.command = 'case.check' AND NEW.to_state = 'check_passed')
  EXECUTE FUNCTION server.ask_for_papers();
"""

DOWN = r"""
DROP TRIGGER case_entry_asks_for_papers ON server.case_entry;
CREATE TRIGGER case_entry_asks_for_papers AFTER INSERT ON server.case_entry FOR EACH ROW
  WHEN (NEW.command IN ('case.file', 'case.dispatch', 'case.raise_level', 'case.claim_fixed'))
  EXECUTE FUNCTION server.ask_for_papers();
ALTER TABLE server.paper_entry DROP CONSTRAINT paper_moved_by_people;
ALTER TABLE server.paper_entry ADD CONSTRAINT paper_moved_by_people CHECK (actor_id IS NOT NULL OR command = 'paper.draft') NOT VALID;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
