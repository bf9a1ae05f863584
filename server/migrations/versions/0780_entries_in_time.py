"""Entries of a period are found by the pages of the table that hold it: they are written in order of time."""

from alembic import op

revision = "0780"
down_revision = "0770"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX case_entry_in_time ON server.case_entry USING brin (recorded_at)")


def downgrade() -> None:
    op.execute("DROP INDEX server.case_entry_in_time")
