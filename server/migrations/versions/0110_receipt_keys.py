"""The public keys that receipts were ever signed with, kept for good."""

from alembic import op

revision = "0110"
down_revision = "0100"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE sync.receipt_key (
  public_key bytea PRIMARY KEY CHECK (length(public_key) = 32),
  first_used_at timestamptz NOT NULL
);
COMMENT ON TABLE sync.receipt_key IS 'Ed25519; the private halves are derived from SECRET_KEY and stored nowhere';
REVOKE UPDATE, DELETE ON sync.receipt_key FROM wangge_app;
"""

DOWN = r"""
DROP TABLE sync.receipt_key;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
