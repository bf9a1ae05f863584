"""The JSON of complaints."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from server.auth.schemas import PageQuery, plain
from server.communities.schemas import TabletWorkSchema
from server.complaints.intake import CHANNELS
from server.complaints.lifecycle import FINDINGS, NEXT, OUTCOMES, STATES
from server.ledger.schemas import EvidenceSchema, LocationSchema, PhotoSchema, Several


class ComplaintQuery(PageQuery):
    """Filters of the list of complaints; days are local and both ends count."""

    community_id = fields.UUID(load_default=None)
    group_id = fields.UUID(load_default=None)
    channel = plain(load_default=None, validate=[validate.OneOf(CHANNELS)])
    state = Several(STATES)
    category = plain(load_default=None, validate=[validate.Length(max=64)])
    overdue = fields.Boolean(load_default=None)
    received_from = fields.Date(load_default=None)
    received_to = fields.Date(load_default=None)
    answered_from = fields.Date(
        load_default=None, metadata={"description": "an answer or a refusal was given from then on"}
    )
    answered_to = fields.Date(load_default=None)
    subdistrict = plain(load_default=None, validate=[validate.Regexp(r"\A[0-9]{9}\Z")])


class PhoneSchema(Schema):
    """A telephone number to look for; in a body, as addresses end in logs."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    phone = plain(required=True, validate=[validate.Length(min=5, max=40)])


class ContactSchema(Schema):
    """Who complained."""

    name = fields.String()
    phone = fields.String()
    address = fields.String()


class TakerSchema(Schema):
    """Who took the complaint in."""

    user_id = fields.String()
    name = fields.String()


class CaseOfComplaintSchema(Schema):
    """The case that a complaint became."""

    case_id = fields.String()
    number = fields.String(allow_none=True)
    state = fields.String()


def _moment(*, missing: bool = True) -> fields.String:
    return fields.String(allow_none=missing)


class ComplaintSchema(Schema):
    """One complaint; who sent it is asked for apart.

    `group_id` is the first complaint of the same place and kind, `due_at` the end of the limit that runs.
    """

    complaint_id = fields.String()
    number = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    version = fields.Integer()
    community_id = fields.String()
    community_name = fields.String()
    neighbourhood_code = fields.String()
    grid_cell_code = fields.String(allow_none=True)
    channel = fields.String(validate=validate.OneOf(CHANNELS))
    category = fields.String(allow_none=True)
    category_zh = fields.String(allow_none=True)
    category_en = fields.String(allow_none=True)
    description = fields.String()
    location = fields.Nested(LocationSchema, allow_none=True)
    has_contact = fields.Boolean()
    verifier = fields.Nested(TakerSchema, allow_none=True)
    taken_by = fields.Nested(TakerSchema, allow_none=True)
    received_at = _moment(missing=False)
    due_at = _moment()
    overdue = fields.Boolean()
    acknowledge_due_at = _moment()
    verify_due_at = _moment()
    answer_due_at = _moment()
    acknowledged_at = _moment()
    verified_at = _moment()
    answered_at = _moment()
    answered_late = fields.Boolean()
    closed_at = _moment()
    erased_at = _moment()
    finding = fields.String(allow_none=True, validate=validate.OneOf(FINDINGS))
    outcome = fields.String(allow_none=True, validate=validate.OneOf(OUTCOMES))
    reopened_count = fields.Integer()
    case = fields.Nested(CaseOfComplaintSchema, allow_none=True)
    case_ended_at = _moment()
    group_id = fields.String()
    group_size = fields.Integer()
    evidence = fields.Nested(EvidenceSchema)
    tablets = fields.List(fields.Nested(TabletWorkSchema))


class ComplaintPage(Schema):
    """A page of complaints, the newest first."""

    items = fields.List(fields.Nested(ComplaintSchema))
    next = fields.String(allow_none=True)


class ComplaintDetailSchema(ComplaintSchema):
    """One complaint with what the caller may do now; `draft_answer` once its case has ended."""

    photos = fields.List(fields.Nested(PhotoSchema))
    commands = fields.List(fields.String())
    may_read_contact = fields.Boolean()
    draft_answer = fields.String(allow_none=True)


class ComplaintActorSchema(Schema):
    """A person who acted, with the unit they acted for."""

    user_id = fields.String()
    name = fields.String()
    unit = fields.String(allow_none=True)
    unit_name = fields.String(allow_none=True)
    stands_for = fields.String(allow_none=True)


class ComplaintEntrySchema(Schema):
    """One line of a complaint's history; without an actor it is the product's, or the complainer's own."""

    seq = fields.Integer()
    at = fields.String()
    command = fields.String()
    from_state = fields.String()
    to_state = fields.String()
    given_by = fields.String()
    actor = fields.Nested(ComplaintActorSchema, allow_none=True)
    facts = fields.Dict()
    words = fields.Dict()


class ComplaintHistorySchema(Schema):
    """The history of a complaint, oldest line first."""

    items = fields.List(fields.Nested(ComplaintEntrySchema))
    next = fields.String(allow_none=True)


class ComplaintCommandSchema(Schema):
    """A command on a complaint, with the version that its sender saw.

    Data: refuse, reopen {reason} · verify {finding, text?} · transfer {case_id} or {category, severity?,
    description, photos?} · answer {answer} · close {outcome, contacted_on?, text?} · note {text}.
    """

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    type = fields.String(required=True, metadata={"enum": list(NEXT)})
    base_version = fields.Integer(required=True)
    data = fields.Dict(keys=fields.String(), load_default=dict)


class NewComplaintSchema(Schema):
    """What somebody told at the desk; `contact` is kept apart from everything else."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    community_id = fields.Raw(required=True, metadata={"type": "string", "format": "uuid"})
    channel = fields.Raw(load_default="phone", metadata={"type": "string", "enum": list(CHANNELS)})
    category = fields.Raw(load_default=None, metadata={"type": "string", "nullable": True})
    description = fields.Raw(required=True, metadata={"type": "string"})
    grid_cell_code = fields.Raw(load_default=None, metadata={"type": "string", "nullable": True})
    location = fields.Raw(load_default=None, metadata={"type": "object", "nullable": True})
    contact = fields.Raw(load_default=None, metadata={"type": "object", "nullable": True})
    photos = fields.Raw(load_default=None, metadata={"type": "array", "items": {}, "nullable": True})


class ComplaintFigureSchema(Schema):
    """Counts of complaints: of all, or of one category, community or channel (`key`)."""

    key = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    name_zh = fields.String(allow_none=True)
    name_en = fields.String(allow_none=True)
    received = fields.Integer()
    places = fields.Integer()
    open = fields.Integer()
    became_cases = fields.Integer()
    acknowledged_late = fields.Integer()
    answered = fields.Integer()
    answered_in_time = fields.Integer()
    overdue = fields.Integer()
    satisfied = fields.Integer()
    reopened = fields.Integer()


class ComplaintFiguresSchema(Schema):
    """The counts of a period."""

    all = fields.Nested(ComplaintFigureSchema)
    category = fields.List(fields.Nested(ComplaintFigureSchema))
    community = fields.List(fields.Nested(ComplaintFigureSchema))
    channel = fields.List(fields.Nested(ComplaintFigureSchema))


class ComplaintPeriodQuery(Schema):
    """The local days on which complaints were received; both count."""

    received_from = fields.Date(load_default=None)
    received_to = fields.Date(load_default=None)
