"""The JSON of the desks for held and quarantined items."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from server.auth.schemas import PageQuery, plain, said


class GapQuery(PageQuery):
    """Filters of the declared gaps; `worker` is a user name."""

    device_id = fields.UUID(load_default=None)
    worker = plain(load_default=None, validate=[validate.Length(1, 64)])


class ItemQuery(GapQuery):
    """Filters of a desk; `reason` is the last part of the problem's type, such as `item-fault`."""

    type = plain(load_default=None, validate=[validate.Length(1, 64)])
    reason = plain(load_default=None, validate=[validate.Length(1, 64)])


class DesksSchema(Schema):
    """How much waits at each desk; 1000 means 1000 or more."""

    held = fields.Integer()
    quarantined = fields.Integer()
    conflicts = fields.Integer()


class OpenItemSchema(Schema):
    """One item that waits for a person: whose, what was sent, why it waits, and for what."""

    device_id = fields.UUID()
    seq = fields.Integer()
    mid = fields.UUID()
    digest = fields.String()
    type = fields.String()
    entity_id = fields.UUID(allow_none=True)
    status = fields.String()
    used_twice = fields.Boolean(attribute="clash")
    user_id = fields.UUID()
    username = fields.String()
    worker_name = fields.String(attribute="display_name")
    unit_code = fields.String()
    device_name = fields.String(allow_none=True)
    device_revoked_at = fields.AwareDateTime(attribute="revoked_at", format="iso", allow_none=True)
    device_time = fields.AwareDateTime(format="iso", allow_none=True)
    received_at = fields.AwareDateTime(format="iso")
    decided_at = fields.AwareDateTime(format="iso")
    changed_at = fields.AwareDateTime(attribute="fated_at", format="iso", allow_none=True)
    problem = fields.Dict(allow_none=True)
    waits_for = fields.List(fields.String())
    sent = fields.Raw(allow_none=True)


class OpenItemPage(Schema):
    """A page of items, the longest waiting first."""

    items = fields.List(fields.Nested(OpenItemSchema))
    next = fields.String(allow_none=True)


class DeskChoiceSchema(Schema):
    """What to do with an item, and why; `digest` names it where its seq was used twice."""

    class Meta:
        """More may be told."""

        unknown = EXCLUDE

    action = plain(required=True, validate=[validate.OneOf(["apply", "reject"])])
    reason = plain(required=True, validate=[validate.Length(1, 500), said])
    digest = plain(load_default=None, validate=[validate.Regexp(r"[0-9a-f]{64}\Z")])


class DeskDecisionSchema(Schema):
    """A decision as it is kept: who, when, why, what became of the item.

    `applied_mid`, `applied_type` and `applied_entity_id` say under which mid, as which command and on which
    record it was applied, where that is not what was sent.
    """

    device_id = fields.UUID()
    seq = fields.Integer()
    mid = fields.UUID()
    digest = fields.String()
    action = fields.String()
    reason = fields.String()
    was = fields.String()
    became = fields.String()
    applied_mid = fields.UUID(allow_none=True)
    applied_type = fields.String(allow_none=True)
    applied_entity_id = fields.UUID(allow_none=True)
    user_id = fields.UUID()
    decided_at = fields.String()


class DeclaredGapSchema(Schema):
    """Items that a tablet declared lost, both seqs included."""

    device_id = fields.UUID()
    from_seq = fields.Integer()
    to_seq = fields.Integer()
    reason = fields.String()
    declared_at = fields.AwareDateTime(format="iso")
    username = fields.String()
    worker_name = fields.String(attribute="display_name")


class DeclaredGapPage(Schema):
    """A page of declared gaps, the newest first."""

    items = fields.List(fields.Nested(DeclaredGapSchema))
    next = fields.String(allow_none=True)


class NamingRecordSchema(Schema):
    """A record that names a photo."""

    entity = fields.String()
    entity_id = fields.UUID()


class AbsentPhotoSchema(Schema):
    """A photo that a tablet still owes, since when it is awaited, and the records that name it."""

    sha256 = fields.String()
    device_id = fields.UUID()
    username = fields.String()
    worker_name = fields.String(attribute="display_name")
    claimed_at = fields.AwareDateTime(format="iso")
    records = fields.List(fields.Nested(NamingRecordSchema))


class AbsentPhotoPage(Schema):
    """A page of photos that tablets still owe, the longest awaited first."""

    items = fields.List(fields.Nested(AbsentPhotoSchema))
    next = fields.String(allow_none=True)
