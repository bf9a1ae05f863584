"""What a tablet last told of itself: its room, its battery and what still waits on it."""

from alembic import op

revision = "0860"
down_revision = "0850"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE server.device_report (
  device_id uuid PRIMARY KEY REFERENCES server.device,
  reported_at timestamptz NOT NULL,
  used_bytes bigint CHECK (used_bytes >= 0),
  quota_bytes bigint CHECK (quota_bytes >= 0),
  days_left integer CHECK (days_left >= 0),
  room text CHECK (room IN ('enough', 'tight', 'full')),
  battery_percent smallint CHECK (battery_percent BETWEEN 0 AND 100),
  charging boolean,
  waiting_items integer CHECK (waiting_items >= 0),
  waiting_photos integer CHECK (waiting_photos >= 0),
  waiting_photo_bytes bigint CHECK (waiting_photo_bytes >= 0),
  oldest_at timestamptz,
  nearly_full boolean NOT NULL GENERATED ALWAYS AS (
    coalesce(room IN ('tight', 'full'), false) OR coalesce(quota_bytes > 0 AND used_bytes >= quota_bytes * 0.9, false)
  ) STORED,
  CONSTRAINT room_is_told_whole CHECK ((used_bytes IS NULL) = (quota_bytes IS NULL)),
  CONSTRAINT battery_is_told_whole CHECK ((battery_percent IS NULL) = (charging IS NULL)),
  CONSTRAINT outbox_is_told_whole CHECK (
    num_nulls(waiting_items, waiting_photos, waiting_photo_bytes) IN (0, 3)
    AND (waiting_items IS NOT NULL OR oldest_at IS NULL))
);
COMMENT ON TABLE server.device_report IS 'the newest word of each tablet; NULL where it did not say';
COMMENT ON COLUMN server.device_report.oldest_at IS 'when the oldest waiting item was made, by the tablet''s clock';
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE server.device_report")
