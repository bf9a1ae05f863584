"""The body of an old envelope may be forgotten; its hash and its results stay."""

from alembic import op

revision = "0090"
down_revision = "0080"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE sync.envelope ALTER body DROP NOT NULL;
ALTER TABLE sync.envelope ADD CONSTRAINT body_until_settled CHECK (body IS NOT NULL OR state <> 'received');
"""

DOWN = r"""
ALTER TABLE sync.envelope DROP CONSTRAINT body_until_settled;
UPDATE sync.envelope SET body = '' WHERE body IS NULL;
ALTER TABLE sync.envelope ALTER body SET NOT NULL;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
