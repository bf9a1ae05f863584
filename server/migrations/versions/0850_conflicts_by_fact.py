"""Which fact of a field of facts a line of the conflict list is about: facts are merged one by one."""

from alembic import op

revision = "0850"
down_revision = "0840"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE sync.conflict ADD COLUMN fact text CHECK (fact IS NULL OR field IS NOT NULL);
COMMENT ON COLUMN sync.conflict.fact IS 'the name of a member of the field, where old, sent and stood are its values; null: the whole field';
"""

# The older product reads a line as one of the whole field: its values are laid below the name again.
DOWN = """
ALTER TABLE sync.conflict DISABLE TRIGGER conflict_append_only;
UPDATE sync.conflict
   SET old = json_build_object(fact, old), sent = json_build_object(fact, sent), stood = json_build_object(fact, stood)
 WHERE fact IS NOT NULL;
ALTER TABLE sync.conflict ENABLE TRIGGER conflict_append_only;
ALTER TABLE sync.conflict DROP COLUMN fact;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
