"""The JSON of what a tablet tells of itself."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from server.auth.schemas import plain

MOST_BYTES = 2**53 - 1
MOST = 2**31 - 1
ROOMS = ("enough", "tight", "full")


def _count(most: int, **kwargs: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(0, most), **kwargs)


class _Lenient(Schema):
    class Meta:
        """A newer tablet may tell more."""

        unknown = EXCLUDE


class ToldStorageSchema(_Lenient):
    """How full the tablet's store is; `room` and `days_left` are reckoned by the work of its last weeks."""

    used_bytes = _count(MOST_BYTES, required=True)
    quota_bytes = _count(MOST_BYTES, required=True)
    days_left = _count(MOST, load_default=None, allow_none=True)
    room = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(ROOMS))


class ToldBatterySchema(_Lenient):
    """The tablet's battery."""

    battery_percent = fields.Integer(
        strict=True, required=True, data_key="percent", validate=validate.Range(0, 100)
    )
    charging = fields.Boolean(required=True)


class ToldOutboxSchema(_Lenient):
    """What has no fate yet and which photos have not arrived."""

    waiting_items = _count(MOST, required=True, data_key="items")
    waiting_photos = _count(MOST, required=True, data_key="photos")
    waiting_photo_bytes = _count(MOST_BYTES, required=True, data_key="photo_bytes")
    oldest_at = fields.AwareDateTime(load_default=None, allow_none=True)


class DeviceReportSchema(_Lenient):
    """What a tablet tells of itself; a part that it cannot know is left out or null."""

    app_version = plain(load_default="", validate=[validate.Length(max=200)])
    storage = fields.Nested(ToldStorageSchema, load_default=None, allow_none=True)
    battery = fields.Nested(ToldBatterySchema, load_default=None, allow_none=True)
    outbox = fields.Nested(ToldOutboxSchema, load_default=None, allow_none=True)


class ReportTakenSchema(Schema):
    """When the report was taken in, by the server's clock."""

    received_at = fields.AwareDateTime(format="iso")


class ReportedSchema(Schema):
    """The newest report of a tablet as the office reads it; null where the tablet did not say."""

    reported_at = fields.String(metadata={"format": "date-time"})
    used_bytes = fields.Integer(allow_none=True)
    quota_bytes = fields.Integer(allow_none=True)
    days_left = fields.Integer(allow_none=True)
    room = fields.String(allow_none=True, validate=validate.OneOf(ROOMS))
    battery_percent = fields.Integer(allow_none=True)
    charging = fields.Boolean(allow_none=True)
    waiting_items = fields.Integer(allow_none=True)
    waiting_photos = fields.Integer(allow_none=True)
    waiting_photo_bytes = fields.Integer(allow_none=True)
    oldest_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    nearly_full = fields.Boolean()
