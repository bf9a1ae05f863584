"""What tablets' clocks said: per envelope as sent, per item and inspection what follows from it."""

from alembic import op

revision = "0120"
down_revision = "0110"
branch_labels = None
depends_on = None

UP = r"""
ALTER TABLE sync.envelope
  ADD COLUMN clock_wall timestamptz,
  ADD COLUMN clock_monotonic_ms bigint CHECK (clock_monotonic_ms >= 0),
  ADD COLUMN boot_id text;
ALTER TABLE sync.device_state ADD COLUMN clock jsonb;
COMMENT ON COLUMN sync.device_state.clock IS 'the last reading of the tablet''s clock, and the device_time of its last item';
ALTER TABLE sync.mutation
  ADD COLUMN device_time timestamptz,
  ADD COLUMN corrected_at timestamptz,
  ADD COLUMN skew_ms bigint,
  ADD COLUMN time_confidence text NOT NULL DEFAULT 'unknown'
    CHECK (time_confidence IN ('good', 'shifted', 'doubtful', 'unknown')),
  ADD COLUMN time_travel text[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT corrected_by_the_skew CHECK (corrected_at IS NULL OR skew_ms IS NOT NULL);
ALTER TABLE server.inspection
  ADD COLUMN skew_ms bigint,
  ADD COLUMN time_confidence text NOT NULL DEFAULT 'unknown'
    CHECK (time_confidence IN ('good', 'shifted', 'doubtful', 'unknown')),
  ADD COLUMN time_travel text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN server.inspection.skew_ms IS 'by how much the tablet''s clock was ahead; true time = its time - skew';
"""

DOWN = r"""
ALTER TABLE server.inspection DROP COLUMN skew_ms, DROP COLUMN time_confidence, DROP COLUMN time_travel;
ALTER TABLE sync.mutation
  DROP COLUMN device_time, DROP COLUMN corrected_at, DROP COLUMN skew_ms, DROP COLUMN time_confidence,
  DROP COLUMN time_travel;
ALTER TABLE sync.device_state DROP COLUMN clock;
ALTER TABLE sync.envelope DROP COLUMN clock_wall, DROP COLUMN clock_monotonic_ms, DROP COLUMN boot_id;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
