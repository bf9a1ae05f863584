"""The JSON of stand-ins."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from server.auth.schemas import plain, said


class StandInPersonSchema(Schema):
    """Who is away, or acts."""

    user_id = fields.String(metadata={"format": "uuid"})
    username = fields.String()
    display_name = fields.String()
    role = fields.String()


class StandInNoteSchema(Schema):
    """A remark on what is handed over."""

    at = fields.String()
    by = fields.String()
    words = fields.String()


class StandInSchema(Schema):
    """Who acts for whom, from the first to the last day; `yours` where the caller is the one who acts."""

    stand_in_id = fields.String(metadata={"format": "uuid"})
    absent = fields.Nested(StandInPersonSchema)
    deputy = fields.Nested(StandInPersonSchema)
    from_on = fields.Date()
    to_on = fields.Date()
    reason = fields.String()
    state = fields.String(validate=validate.OneOf(["planned", "in_force", "ended", "revoked"]))
    named_by = fields.String()
    named_at = fields.String()
    revoked_by = fields.String(allow_none=True)
    revoked_at = fields.String(allow_none=True)
    notes = fields.List(fields.Nested(StandInNoteSchema))
    yours = fields.Boolean()
    may_revoke = fields.Boolean()


class StandInsSchema(Schema):
    """The stand-ins that touch the caller."""

    items = fields.List(fields.Nested(StandInSchema))


class ColleaguesSchema(Schema):
    """The active people of the caller's unit."""

    items = fields.List(fields.Nested(StandInPersonSchema))


class NewStandInSchema(Schema):
    """Who is to act, and when; `absent` is the caller unless an administrator names another."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    absent = plain(load_default=None, validate=[validate.Length(1, 64)])
    deputy = plain(required=True, validate=[validate.Length(1, 64)])
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True)
    reason = plain(required=True, validate=[validate.Length(1, 500), said])
    note = plain(load_default="", validate=[validate.Length(max=4000)])


class NewStandInNoteSchema(Schema):
    """A remark."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    words = plain(required=True, validate=[validate.Length(1, 4000), said])
