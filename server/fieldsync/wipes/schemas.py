"""The JSON of erasing a tablet."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from server.auth.schemas import plain, said
from server.fieldsync.reports.schemas import MOST, MOST_BYTES

STATES = ("learned", "erasing", "erased")


class WipeReasonSchema(Schema):
    """Why; it stands with the order and in the audit trail."""

    class Meta:
        """More may be told."""

        unknown = EXCLUDE

    reason = plain(required=True, validate=[validate.Length(1, 500), said])


class WipeOrderSchema(Schema):
    """An order to erase itself, as a tablet reads it."""

    wipe_id = fields.UUID()
    ordered_at = fields.AwareDateTime(format="iso")


class LeftSchema(Schema):
    """What a tablet could not hand in before it erases itself; drafts are never handed in."""

    class Meta:
        """A newer tablet may tell more."""

        unknown = EXCLUDE

    left_items = fields.Integer(
        strict=True, required=True, data_key="items", validate=validate.Range(0, MOST)
    )
    left_photos = fields.Integer(
        strict=True, required=True, data_key="photos", validate=validate.Range(0, MOST)
    )
    left_photo_bytes = fields.Integer(
        strict=True, required=True, data_key="photo_bytes", validate=validate.Range(0, MOST_BYTES)
    )
    left_drafts = fields.Integer(
        strict=True, required=True, data_key="drafts", validate=validate.Range(0, MOST)
    )


class WipeSaidSchema(Schema):
    """How far a tablet is: it has learned of the order, erases itself from now on, is erased."""

    class Meta:
        """A newer tablet may tell more."""

        unknown = EXCLUDE

    state = fields.String(required=True, validate=validate.OneOf(STATES))
    left = fields.Nested(LeftSchema, load_default=None, allow_none=True)

    @validates_schema
    def _tells_what_is_left(self, told: dict[str, Any], **_: object) -> None:
        if told.get("state") == "erasing" and told.get("left") is None:
            raise ValidationError("say what could not be handed in / 请说明哪些未能交出", "left")


class WipeTakenSchema(Schema):
    """When the word was taken in, by the server's clock."""

    received_at = fields.AwareDateTime(format="iso")


class WipeSchema(Schema):
    """An order to erase a tablet, as the office reads it; `left_…` is what it could not hand in."""

    wipe_id = fields.String(metadata={"format": "uuid"})
    reason = fields.String()
    ordered_by = fields.String()
    ordered_at = fields.String(metadata={"format": "date-time"})
    learned_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    erasing_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    erased_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    left_items = fields.Integer(allow_none=True)
    left_photos = fields.Integer(allow_none=True)
    left_photo_bytes = fields.Integer(allow_none=True)
    left_drafts = fields.Integer(allow_none=True)
