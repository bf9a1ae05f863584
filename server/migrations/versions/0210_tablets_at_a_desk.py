"""What the office asks of each tablet, without reading all it ever sent: undecided items, missing photos."""

from alembic import op

revision = "0210"
down_revision = "0200"
branch_labels = None
depends_on = None

UP = r"""
CREATE INDEX mutation_undecided_of_device ON sync.mutation (device_id) WHERE status IN ('held', 'quarantined', 'conflict');
CREATE INDEX photo_expected ON server.photo (sha256) WHERE state = 'expected';
"""

DOWN = r"""
DROP INDEX sync.mutation_undecided_of_device;
DROP INDEX server.photo_expected;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
