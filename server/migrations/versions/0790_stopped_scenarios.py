"""A siting scenario can be stopped while it is built."""

from alembic import op

revision = "0790"
down_revision = "0780"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE server.siting_scenario DROP CONSTRAINT siting_scenario_state_check;
ALTER TABLE server.siting_scenario ADD CONSTRAINT siting_scenario_state_check
  CHECK (state IN ('waiting', 'building', 'built', 'impossible', 'stopped'));
"""

# What is finished is kept by a trigger; the word that goes away is the only thing to be changed in it.
DOWN = r"""
ALTER TABLE server.siting_scenario DISABLE TRIGGER siting_scenario_is_kept;
UPDATE server.siting_scenario SET state = 'impossible',
  because = '{"detail": "It was stopped before it was built.", "detail_zh": "生成前已停止。"}'
  WHERE state = 'stopped';
ALTER TABLE server.siting_scenario ENABLE TRIGGER siting_scenario_is_kept;
ALTER TABLE server.siting_scenario DROP CONSTRAINT siting_scenario_state_check;
ALTER TABLE server.siting_scenario ADD CONSTRAINT siting_scenario_state_check
  CHECK (state IN ('waiting', 'building', 'built', 'impossible'));
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
