"""The work calendar by file: what a day was before stays, and a case tells when its deadline moved with it."""

from alembic import op

revision = "0440"
down_revision = "0430"
branch_labels = None
depends_on = None

OPEN = "reported verifying filed dispatched in_progress suspended closeout_requested checking check_passed"
SYSTEM = (
    "case.file case.raise_level case.report case.join case.import case.resume case.copy case.joint_action"
)

UP = r"""
CREATE TABLE server.calendar_change (
  change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  changed_at timestamptz NOT NULL,
  changed_by uuid REFERENCES server."user",
  day date NOT NULL,
  was jsonb,
  becomes jsonb,
  CHECK (was IS DISTINCT FROM becomes)
);
COMMENT ON COLUMN server.calendar_change.was IS 'kind, name, provisional, source; null for a day like any other of its weekday';
CREATE INDEX ON server.calendar_change (changed_at);
CREATE TRIGGER calendar_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.calendar_change
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE UPDATE, DELETE ON server.calendar_change FROM wangge_app;
"""

DOWN = r"""
DROP TABLE server.calendar_change;
"""


def upgrade() -> None:
    op.execute(UP)
    steps = ", ".join(f"('case.move_deadline', '{state}', '{state}')" for state in OPEN.split())
    op.execute(f"INSERT INTO server.case_transition (command, from_state, to_state) VALUES {steps}")
    op.execute(_system(f"{SYSTEM} case.move_deadline"))


def downgrade() -> None:
    op.execute(_system(SYSTEM))
    op.execute("DELETE FROM server.case_transition WHERE command = 'case.move_deadline'")
    op.execute(DOWN)


def _system(commands: str) -> str:
    listed = ", ".join(f"'{one}'" for one in commands.split())
    return (
        "ALTER TABLE server.case_entry DROP CONSTRAINT case_entry_check1;"
        " ALTER TABLE server.case_entry ADD CONSTRAINT case_entry_check1"
        f" CHECK (actor_id IS NOT NULL OR command IN ({listed}))"
    )
