"""What tablets handed in: raw envelopes, one result per mutation, and how far each device got."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE sync.envelope (
  envelope_id uuid PRIMARY KEY,
  device_id uuid NOT NULL,
  user_id uuid NOT NULL,
  batch_id text,
  first_seq bigint NOT NULL CHECK (first_seq >= 1),
  mutation_count integer NOT NULL CHECK (mutation_count >= 0),
  sha256 bytea NOT NULL,
  body bytea NOT NULL,
  received_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'applied', 'refused')),
  attempts integer NOT NULL DEFAULT 1,
  trying_seq bigint,
  answer jsonb,
  answered_at timestamptz
);
CREATE INDEX envelope_waiting ON sync.envelope (received_at) WHERE state = 'received';
CREATE INDEX ON sync.envelope (device_id, first_seq);

CREATE TABLE sync.mutation (
  device_id uuid NOT NULL,
  seq bigint NOT NULL CHECK (seq >= 1),
  mid uuid NOT NULL,
  digest bytea NOT NULL CHECK (length(digest) = 32),
  type text NOT NULL,
  entity_id uuid,
  status text NOT NULL CHECK (status IN ('applied', 'merged', 'conflict', 'held', 'quarantined', 'rejected')),
  result jsonb NOT NULL,
  envelope_id uuid NOT NULL REFERENCES sync.envelope,
  decided_at timestamptz NOT NULL,
  clash boolean NOT NULL DEFAULT false,
  PRIMARY KEY (device_id, seq, mid, digest),
  CHECK (NOT clash OR status = 'quarantined')
);
CREATE UNIQUE INDEX mutation_seq_once ON sync.mutation (device_id, seq) WHERE NOT clash;
CREATE UNIQUE INDEX mutation_mid_once ON sync.mutation (device_id, mid) WHERE NOT clash;
COMMENT ON COLUMN sync.mutation.clash IS 'a seq or mid that was already used for something else; kept for the office';
COMMENT ON COLUMN sync.envelope.trying_seq IS 'the item at work when items are applied one by one; after a crash it is the culprit';
CREATE INDEX mutation_for_the_office ON sync.mutation (status, decided_at) WHERE status IN ('held', 'quarantined', 'conflict');

CREATE TABLE sync.device_state (
  device_id uuid PRIMARY KEY,
  acked_through bigint NOT NULL DEFAULT 0,
  pulled_scope text[] NOT NULL DEFAULT '{}',
  pulled_at timestamptz,
  pushed_at timestamptz,
  clock_offset_ms bigint
);
"""

DOWN = r"""
DROP TABLE sync.device_state;
DROP TABLE sync.mutation;
DROP TABLE sync.envelope;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
