"""Late fates leave the tablets by age: those that still stand there are found without reading all that stands."""

from alembic import op

revision = "0380"
down_revision = "0370"
branch_labels = None
depends_on = None

UP = r"""
CREATE INDEX fates_on_tablets ON sync.bucket_entry (entity_id) WHERE entity = 'outcome' AND alive;
"""

DOWN = r"""
DROP INDEX sync.fates_on_tablets;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
