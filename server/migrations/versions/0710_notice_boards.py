"""What residents may read: the code of each notice board, and photos that the office keeps back."""

from alembic import op

revision = "0710"
down_revision = "0700"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE server.board_code (
  community_id uuid PRIMARY KEY REFERENCES geo.community,
  code text NOT NULL UNIQUE CHECK (code ~ '^[2-9A-HJKMNP-Z]{8}$'),
  made_by uuid NOT NULL REFERENCES server."user",
  made_at timestamptz NOT NULL
);
COMMENT ON TABLE server.board_code IS 'printed on boards that hang for years: never changed, never given to another community';
CREATE TRIGGER board_code_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON server.board_code
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE UPDATE, DELETE ON server.board_code FROM wangge_app;

CREATE TABLE server.withheld_photo (
  case_id uuid NOT NULL REFERENCES server."case",
  sha256 bytea NOT NULL REFERENCES server.photo,
  reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 1 AND 500),
  withheld_by uuid NOT NULL REFERENCES server."user",
  withheld_at timestamptz NOT NULL,
  PRIMARY KEY (case_id, sha256)
);
CREATE INDEX case_closed_newest ON server."case" (community_id, closed_at DESC, case_id DESC) WHERE state = 'closed';
"""

DOWN = """
DROP INDEX server.case_closed_newest;
DROP TABLE server.withheld_photo;
DROP TABLE server.board_code;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
