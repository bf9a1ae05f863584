"""Notifications: what happened to cases waits here to be told, inboxes of units and people, and their deliveries."""

from alembic import op

revision = "0330"
down_revision = "0320"
branch_labels = None
depends_on = None

UP = r"""
-- Written with its cause, in one transaction; taken away when the inboxes hold it.
CREATE TABLE server.untold (
  entity text NOT NULL,
  entity_id uuid NOT NULL,
  seq integer NOT NULL,
  PRIMARY KEY (entity, entity_id, seq)
);
CREATE FUNCTION server.note_untold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO server.untold (entity, entity_id, seq) VALUES ('case', NEW.case_id, NEW.seq);
  RETURN NULL;
END $$;
CREATE TRIGGER case_entry_to_be_told AFTER INSERT ON server.case_entry FOR EACH ROW
  WHEN (NEW.command IN ('case.dispatch', 'case.return', 'case.request_extension', 'case.suspend', 'case.void',
                        'case.decide', 'case.raise_level', 'case.assign_check', 'case.ask_verification',
                        'case.check', 'case.close', 'case.reopen', 'case.transfer', 'case.resume'))
  EXECUTE FUNCTION server.note_untold();

CREATE TABLE server.notification (
  notification_id uuid PRIMARY KEY,
  event_id text NOT NULL,
  kind text NOT NULL CHECK (kind ~ '^[a-z_]+$'),
  unit_code text REFERENCES server.unit,
  user_id uuid REFERENCES server."user",
  entity text NOT NULL,
  entity_id uuid NOT NULL,
  title_zh text NOT NULL,
  title_en text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT told_to_a_unit_or_a_person CHECK (num_nonnulls(unit_code, user_id) = 1),
  CONSTRAINT told_once UNIQUE NULLS NOT DISTINCT (event_id, unit_code, user_id)
);
CREATE INDEX notification_of_unit ON server.notification (unit_code, created_at DESC, notification_id DESC) WHERE unit_code IS NOT NULL;
CREATE INDEX notification_of_person ON server.notification (user_id, created_at DESC, notification_id DESC) WHERE user_id IS NOT NULL;
CREATE TABLE server.notification_read (
  user_id uuid NOT NULL REFERENCES server."user",
  notification_id uuid NOT NULL REFERENCES server.notification ON DELETE CASCADE,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, notification_id)
);
CREATE INDEX ON server.notification_read (notification_id);
-- Everything up to here has been read.
CREATE TABLE server.notification_read_until (
  user_id uuid PRIMARY KEY REFERENCES server."user",
  read_until timestamptz NOT NULL
);

CREATE TABLE server.notification_channel (
  channel_id uuid PRIMARY KEY,
  unit_code text NOT NULL REFERENCES server.unit,
  kind text NOT NULL CHECK (kind IN ('webhook', 'email')),
  address text NOT NULL CHECK (length(address) BETWEEN 3 AND 500),
  secret text CHECK (length(secret) >= 16),
  active boolean NOT NULL DEFAULT true,
  changed_at timestamptz NOT NULL,
  UNIQUE (unit_code, kind, address),
  CONSTRAINT webhooks_are_signed CHECK ((kind = 'webhook') = (secret IS NOT NULL))
);
CREATE TABLE server.notification_delivery (
  notification_id uuid NOT NULL REFERENCES server.notification ON DELETE CASCADE,
  channel_id uuid NOT NULL REFERENCES server.notification_channel ON DELETE CASCADE,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  last_error text,
  ended_at timestamptz,
  PRIMARY KEY (notification_id, channel_id),
  CHECK ((state = 'pending') = (ended_at IS NULL))
);
CREATE INDEX delivery_due ON server.notification_delivery (next_at) WHERE state = 'pending';
CREATE INDEX delivery_dead ON server.notification_delivery (ended_at DESC) WHERE state = 'dead';
CREATE INDEX ON server.notification_delivery (channel_id);
"""

DOWN = r"""
DROP TABLE server.notification_delivery;
DROP TABLE server.notification_channel;
DROP TABLE server.notification_read_until;
DROP TABLE server.notification_read;
DROP TABLE server.notification;
DROP TRIGGER case_entry_to_be_told ON server.case_entry;
DROP FUNCTION server.note_untold();
DROP TABLE server.untold;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
