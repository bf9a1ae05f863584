"""The JSON of residents without an account."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from server.auth.schemas import plain
from server.complaints.lifecycle import STATES


class ReportablePlaceSchema(Schema):
    """A community that can be named."""

    community_id = fields.String()
    name = fields.String()
    neighbourhood = fields.String(allow_none=True)


class ReportableKindSchema(Schema):
    """A kind of problem that can be named."""

    category = fields.String()
    label_zh = fields.String()
    label_en = fields.String()


class ReportFormSchema(Schema):
    """What a report can name."""

    communities = fields.List(fields.Nested(ReportablePlaceSchema))
    categories = fields.List(fields.Nested(ReportableKindSchema))


class PublicReportSchema(Schema):
    """A report; `contact` {name, phone, address} may be left out: whoever sends it stays unknown then."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    community_id = fields.Raw(required=True, metadata={"type": "string", "format": "uuid"})
    category = fields.Raw(load_default=None, metadata={"type": "string", "nullable": True})
    description = fields.Raw(required=True, metadata={"type": "string"})
    location = fields.Raw(load_default=None, metadata={"type": "object", "nullable": True})
    contact = fields.Raw(load_default=None, metadata={"type": "object", "nullable": True})


class ReportReceiptSchema(Schema):
    """What the report is followed by; the code is told this once."""

    number = fields.String()
    code = fields.String()
    received_at = fields.String()
    answer_due_at = fields.String(allow_none=True)


class ReportKeySchema(Schema):
    """The number and the code of one's own report."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    number = plain(required=True, validate=[validate.Length(1, 40)])
    code = plain(required=True, validate=[validate.Length(1, 40)])


class ReportVerdictSchema(ReportKeySchema):
    """Whether the answer settles it; if not, why."""

    satisfied = fields.Boolean(required=True)
    reason = plain(load_default="", validate=[validate.Length(max=4000)])


class ReportStepSchema(Schema):
    """One thing that happened."""

    at = fields.String()
    command = fields.String()


class FollowedReportSchema(Schema):
    """How a report stands."""

    number = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    community_name = fields.String()
    category = fields.String(allow_none=True)
    category_zh = fields.String(allow_none=True)
    category_en = fields.String(allow_none=True)
    description = fields.String()
    received_at = fields.String()
    answer_due_at = fields.String(allow_none=True)
    answered_at = fields.String(allow_none=True)
    closed_at = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    case_number = fields.String(allow_none=True)
    case_state = fields.String(allow_none=True)
    photos = fields.Integer()
    steps = fields.List(fields.Nested(ReportStepSchema))
    may_close = fields.Boolean()
    may_reopen = fields.Boolean()
