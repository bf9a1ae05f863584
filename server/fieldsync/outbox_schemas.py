"""The JSON of an outbox file that the office takes in."""

from __future__ import annotations

from typing import get_args

from marshmallow import RAISE, Schema, fields, validate

from server.fieldsync.importing import CLASH, KNOWN, NEW
from server.fieldsync.outbox_file import VERSION
from sync.mutations import Status

ESCROW = ("device-revoked", "device-unknown", "device-foreign", "file-damaged")


class OutboxForm(Schema):
    """What is told beside the file."""

    class Meta:
        """A field that nobody reads is refused."""

        unknown = RAISE

    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Read and check the whole file, store nothing."}
    )
    user = fields.String(
        load_default="",
        validate=[validate.Length(max=64)],
        metadata={"description": "Whose work it is, where the manifest's user name is unknown here."},
    )


class OutboxItemSchema(Schema):
    """One item of the file: what became of it, or with a dry run whether it would be new."""

    seq = fields.Integer()
    type = fields.String()
    status = fields.String(validate=[validate.OneOf([*get_args(Status), NEW, KNOWN, CLASH])])
    replayed = fields.Boolean(metadata={"description": "It was handed in before; nothing was done."})
    why = fields.String()
    why_zh = fields.String()


class OutboxDamageSchema(Schema):
    """A line or a photo that was left out, and why."""

    where = fields.String()
    why = fields.String()
    why_zh = fields.String()


class OutboxReportSchema(Schema):
    """What came of an outbox file, item by item."""

    device_id = fields.UUID()
    user = fields.String()
    dry_run = fields.Boolean()
    escrow = fields.String(
        allow_none=True,
        validate=[validate.OneOf(ESCROW)],
        metadata={"description": "Why every new item waits in quarantine; null: it does not."},
    )
    lines = fields.Integer(metadata={"description": f"Envelopes of format {VERSION} that were read."})
    items = fields.List(fields.Nested(OutboxItemSchema))
    damages = fields.List(fields.Nested(OutboxDamageSchema))
    photos_stored = fields.Integer()
    photos_known = fields.Integer()
    missing_photos = fields.Integer()
