"""A violation looks for the closed case that it repeats: the last one closed of a community and category."""

from alembic import op

revision = "0270"
down_revision = "0260"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        'CREATE INDEX case_closed_last ON server."case" (community_id, category, closed_at DESC)'
        " WHERE state = 'closed'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX server.case_closed_last")
