"""The JSON of notifications."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from server.auth.schemas import PageQuery, plain

MOST_READ_AT_ONCE = 1000


class InboxQuery(PageQuery):
    """Filters of the inbox."""

    unread = fields.Boolean(load_default=False)


class NotificationSchema(Schema):
    """One thing told; `entity` and `entity_id` name the record to open."""

    notification_id = fields.String()
    event_id = fields.String()
    kind = fields.String()
    unit_code = fields.String(allow_none=True)
    entity = fields.String()
    entity_id = fields.String()
    title_zh = fields.String()
    title_en = fields.String()
    created_at = fields.String()
    read_at = fields.String(allow_none=True)


class InboxPage(Schema):
    """A page of the inbox, the newest first."""

    items = fields.List(fields.Nested(NotificationSchema))
    next = fields.String(allow_none=True)


class UnreadSchema(Schema):
    """How many are unread; 1000 means 1000 or more."""

    unread = fields.Integer()


class ReadSchema(Schema):
    """What has been read: these, and everything not newer than `until`."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST_READ_AT_ONCE))
    until = fields.UUID(load_default=None)


class ChannelInputSchema(Schema):
    """Where a unit wants to be told."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    unit_code = plain(required=True, validate=[validate.Length(1, 64)])
    kind = plain(required=True, validate=[validate.OneOf(("webhook", "email"))])
    address = plain(required=True, validate=[validate.Length(3, 500)])
    secret = plain(load_default=None, allow_none=True, validate=[validate.Length(16, 200)])
    active = fields.Boolean(load_default=True)


class ChannelSchema(Schema):
    """Where a unit wants to be told; the secret is never shown."""

    channel_id = fields.String()
    unit_code = fields.String()
    kind = fields.String()
    address = fields.String()
    active = fields.Boolean()
    changed_at = fields.String()


class ChannelsSchema(Schema):
    """All channels."""

    items = fields.List(fields.Nested(ChannelSchema))
    next = fields.String(allow_none=True)


class DeadLetterSchema(Schema):
    """A delivery that was given up, with the last fault."""

    notification_id = fields.String()
    channel_id = fields.String()
    unit_code = fields.String()
    channel = fields.String()
    address = fields.String()
    event_id = fields.String()
    title_zh = fields.String()
    title_en = fields.String()
    attempts = fields.Integer()
    last_error = fields.String(allow_none=True)
    ended_at = fields.String()


class DeadLettersSchema(Schema):
    """Deliveries that were given up, the latest first."""

    items = fields.List(fields.Nested(DeadLetterSchema))
    next = fields.String(allow_none=True)


class RevivedSchema(Schema):
    """How many deliveries are tried anew."""

    revived = fields.Integer()
