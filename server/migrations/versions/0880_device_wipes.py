"""Orders to erase a lost tablet, and what the tablet said of each: learned, begun, done.

An order is never changed and never deleted: it only goes on, from asked to learned to erasing to erased, or is
taken back before the tablet has begun. While one stands the tablet stays switched off, so that its tokens get no data.
"""

from alembic import op

revision = "0880"
down_revision = "0870"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE server.device_wipe (
  wipe_id uuid PRIMARY KEY,
  device_id uuid NOT NULL REFERENCES server.device,
  reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 1 AND 500),
  ordered_by uuid NOT NULL REFERENCES server."user",
  ordered_at timestamptz NOT NULL,
  was_revoked boolean NOT NULL,
  learned_at timestamptz CHECK (learned_at >= ordered_at),
  erasing_at timestamptz CHECK (erasing_at >= learned_at),
  left_items integer CHECK (left_items >= 0),
  left_photos integer CHECK (left_photos >= 0),
  left_photo_bytes bigint CHECK (left_photo_bytes >= 0),
  left_drafts integer CHECK (left_drafts >= 0),
  erased_at timestamptz CHECK (erased_at >= erasing_at),
  withdrawn_at timestamptz CHECK (withdrawn_at >= ordered_at),
  withdrawn_by uuid REFERENCES server."user",
  withdrawn_because text CHECK (length(btrim(withdrawn_because)) BETWEEN 1 AND 500),
  CONSTRAINT wipe_goes_step_by_step CHECK (
    (learned_at IS NOT NULL OR erasing_at IS NULL) AND (erasing_at IS NOT NULL OR erased_at IS NULL)),
  CONSTRAINT wipe_begun_is_not_withdrawn CHECK (withdrawn_at IS NULL OR erasing_at IS NULL),
  CONSTRAINT wipe_withdrawn_by_somebody CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawn_because) IN (0, 3)),
  CONSTRAINT wipe_tells_what_was_left CHECK (
    num_nulls(erasing_at, left_items, left_photos, left_photo_bytes, left_drafts) IN (0, 5))
);
COMMENT ON COLUMN server.device_wipe.was_revoked IS 'the tablet was off before: taking the order back leaves it off';
COMMENT ON COLUMN server.device_wipe.left_items IS 'what the tablet could not hand in and erased, by its own word';
CREATE UNIQUE INDEX one_wipe_of_a_device ON server.device_wipe (device_id) WHERE withdrawn_at IS NULL;
CREATE INDEX ON server.device_wipe (device_id, ordered_at);

CREATE FUNCTION server.guard_device_wipe() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF num_nonnulls(NEW.learned_at, NEW.erasing_at, NEW.erased_at, NEW.withdrawn_at) > 0 THEN
      PERFORM server.case_fault('wipe_begins_as_asked', 'an order to erase begins as asked');
    END IF;
    PERFORM FROM server.device d WHERE d.device_id = NEW.device_id AND d.revoked_at IS NOT NULL FOR SHARE;
    IF NOT FOUND THEN
      PERFORM server.case_fault('wiped_is_switched_off', 'a tablet that is to be erased is switched off first');
    END IF;
  ELSIF (NEW.wipe_id, NEW.device_id, NEW.reason, NEW.ordered_by, NEW.ordered_at, NEW.was_revoked)
        IS DISTINCT FROM (OLD.wipe_id, OLD.device_id, OLD.reason, OLD.ordered_by, OLD.ordered_at, OLD.was_revoked)
     OR OLD.withdrawn_at IS NOT NULL OR OLD.erased_at IS NOT NULL
     OR (OLD.learned_at IS NOT NULL AND NEW.learned_at IS DISTINCT FROM OLD.learned_at)
     OR (OLD.erasing_at IS NOT NULL
         AND (NEW.erasing_at, NEW.left_items, NEW.left_photos, NEW.left_photo_bytes, NEW.left_drafts) IS DISTINCT FROM
             (OLD.erasing_at, OLD.left_items, OLD.left_photos, OLD.left_photo_bytes, OLD.left_drafts)) THEN
    PERFORM server.case_fault('wipe_only_goes_on', 'what was said of an order to erase stays said');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER device_wipe_guarded BEFORE INSERT OR UPDATE ON server.device_wipe
  FOR EACH ROW EXECUTE FUNCTION server.guard_device_wipe();
CREATE TRIGGER device_wipe_never_deleted BEFORE DELETE OR TRUNCATE ON server.device_wipe
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE DELETE ON server.device_wipe FROM wangge_app;

CREATE FUNCTION server.guard_wiped_device() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM server.device_wipe w WHERE w.device_id = NEW.device_id AND w.withdrawn_at IS NULL) THEN
    PERFORM server.case_fault('wiped_stays_off', 'a tablet that is to be erased, or is, is not switched on again');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER device_wiped_stays_off BEFORE UPDATE OF revoked_at ON server.device
  FOR EACH ROW WHEN (NEW.revoked_at IS NULL AND OLD.revoked_at IS NOT NULL) EXECUTE FUNCTION server.guard_wiped_device();
"""
DOWN = """
DROP TRIGGER device_wiped_stays_off ON server.device;
DROP FUNCTION server.guard_wiped_device();
DROP TABLE server.device_wipe;
DROP FUNCTION server.guard_device_wipe();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
