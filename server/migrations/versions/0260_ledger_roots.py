"""Signed daily roots of the ledger: the heads that moved since the last one, their hash, and a chain of statements."""

from alembic import op

revision = "0260"
down_revision = "0250"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.ledger_root (
  root integer PRIMARY KEY CHECK (root >= 1),
  day date NOT NULL UNIQUE,
  statement text NOT NULL,
  signature bytea NOT NULL CHECK (length(signature) = 64),
  public_key bytea NOT NULL CHECK (length(public_key) = 32)
);
COMMENT ON TABLE server.ledger_root IS 'Ed25519 over the UTF-8 bytes of the statement, which carries the SHA-256 of the one before';
-- No foreign key to the entries: a vanished case must leave its traces here.
CREATE TABLE server.ledger_root_head (
  case_id uuid NOT NULL,
  seq integer NOT NULL CHECK (seq >= 1),
  entry_hash bytea NOT NULL CHECK (length(entry_hash) = 32),
  root integer NOT NULL REFERENCES server.ledger_root DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (case_id, seq)
);
CREATE INDEX ON server.ledger_root_head (root, case_id);
CREATE TRIGGER ledger_root_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.ledger_root
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER ledger_root_head_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.ledger_root_head
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE UPDATE, DELETE ON server.ledger_root, server.ledger_root_head FROM wangge_app;
"""

DOWN = r"""
DROP TABLE server.ledger_root_head;
DROP TABLE server.ledger_root;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
