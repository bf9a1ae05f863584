"""What tablets did to a record is found by the record's id; inspections, the many, keep their times themselves."""

from alembic import op

revision = "0360"
down_revision = "0350"
branch_labels = None
depends_on = None

UP = r"""
CREATE INDEX mutation_of_record ON sync.mutation (entity_id) WHERE type <> 'inspection.create';
"""

DOWN = r"""
DROP INDEX sync.mutation_of_record;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
