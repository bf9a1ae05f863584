"""The JSON of the conflict list."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from server.auth.schemas import PageQuery, plain, said

KINDS = ("field", "geometry", "deleted", "not_done", "item")
CHOICES = ("current", "other", "value")


class ConflictQuery(PageQuery):
    """Filters of the conflict list; without `resolved` both what is open and what is resolved."""

    entity = plain(load_default=None, validate=[validate.Length(max=64)])
    entity_id = fields.UUID(load_default=None)
    field = plain(load_default=None, validate=[validate.Length(max=64)])
    kind = plain(load_default=None, validate=[validate.OneOf(KINDS)])
    user_id = fields.UUID(load_default=None)
    device_id = fields.UUID(load_default=None)
    resolved = fields.Boolean(load_default=None)


class PersonSchema(Schema):
    """A person by name."""

    user_id = fields.String()
    name = fields.String()


class ResolutionSchema(Schema):
    """What the office decided; `version` is the record's, where the decision changed it."""

    choose = fields.String(validate=validate.OneOf(CHOICES))
    value = fields.Raw(allow_none=True)
    reason = fields.String()
    version = fields.Integer(allow_none=True)
    by = fields.Nested(PersonSchema)
    resolved_at = fields.String()


class ConflictSchema(Schema):
    """One line: a field that met another edit, or (kind `item`) a whole item with its payload.

    `fact` names the one of a field such as `attributes` that it is about. `sent` is the item's value, `stood`
    the one it met, `other` whichever does not stand because of it, `current` what stands now: a value, or the
    record for an item; `name` is what people call the record.
    """

    conflict_id = fields.String()
    kind = fields.String(validate=validate.OneOf(KINDS))
    entity = fields.String()
    entity_id = fields.String()
    name = fields.String(allow_none=True)
    field = fields.String(allow_none=True)
    fact = fields.String(allow_none=True)
    type = fields.String()
    old = fields.Raw(allow_none=True)
    sent = fields.Raw(allow_none=True)
    stood = fields.Raw(allow_none=True)
    other = fields.Raw(allow_none=True)
    current = fields.Raw(allow_none=True)
    version = fields.Integer(allow_none=True)
    payload = fields.Dict(allow_none=True)
    worker = fields.Nested(PersonSchema)
    device_id = fields.String()
    seq = fields.Integer()
    mid = fields.String()
    noted_at = fields.String()
    resolution = fields.Nested(ResolutionSchema, allow_none=True)


class ConflictPage(Schema):
    """A page of the conflict list, the newest first."""

    items = fields.List(fields.Nested(ConflictSchema))
    next = fields.String(allow_none=True)


class ChoiceSchema(Schema):
    """A decision; `value` belongs to `choose: value`."""

    choose = fields.String(required=True, validate=validate.OneOf(CHOICES))
    value = fields.Raw(allow_none=True)
    reason = plain(required=True, validate=[validate.Length(1, 2000), said])

    @validates_schema
    def value_for_value(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a third value without one, and a value that nothing would be done with."""
        if (data["choose"] == "value") != ("value" in data):
            raise ValidationError("goes with choose: value only / 仅用于 choose: value", "value")
