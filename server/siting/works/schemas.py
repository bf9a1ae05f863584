"""The JSON of charging works."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from server.auth.schemas import PageQuery, plain, said
from server.ledger.schemas import Several
from server.siting.schemas import STATUSES, PointSchema
from server.siting.works.lifecycle import OPEN, STATES
from server.siting.works.queries import GROUPS
from server.siting.works.reading import COMMANDS

MOST_WORKS = 200


class WorkFilters(Schema):
    """What narrows works; `text` is a part of the site's or community's name."""

    state = Several(STATES)
    place = plain(
        load_default=None,
        validate=[validate.Length(6, 12)],
        metadata={"description": "official code of county, subdistrict or neighbourhood"},
    )
    community_id = fields.UUID(load_default=None)
    responsible = plain(load_default=None, validate=[validate.Length(1, 64)])
    plan_id = fields.UUID(load_default=None)
    late = fields.Boolean(load_default=None, allow_none=True)


class WorksQuery(PageQuery, WorkFilters):
    """Filters of the list of works."""


class ProgressQuery(WorkFilters):
    """By what progress is told."""

    by = plain(load_default="subdistrict", validate=[validate.OneOf(list(GROUPS))])


class WorkExportSchema(Schema):
    """Which works to write into a table."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    state = fields.List(plain(validate=[validate.OneOf(STATES)]), load_default=list)
    place = plain(load_default=None, allow_none=True, validate=[validate.Length(6, 12)])
    community_id = fields.UUID(load_default=None, allow_none=True)
    responsible = plain(load_default=None, allow_none=True, validate=[validate.Length(1, 64)])
    plan_id = fields.UUID(load_default=None, allow_none=True)
    late = fields.Boolean(load_default=None, allow_none=True)
    text = plain(load_default=None, allow_none=True, validate=[validate.Length(max=200)])


class TakeUpSchema(Schema):
    """Sites to be worked on: new ones of a plan (`plan_id`, `sites` to choose some), or known ones."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    plan_id = fields.UUID(load_default=None, allow_none=True)
    sites = fields.List(
        plain(validate=[validate.Length(1, 200)]),
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 1000),
    )
    site_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST_WORKS))


class SeenWorkSchema(Schema):
    """A work with the version that was seen."""

    work_id = fields.UUID(required=True)
    base_version = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**31 - 1))


class WorksCommandSchema(Schema):
    """One command on one or many works: carried out on all of them or on none.

    Data: meet {held_on, place, chair, participants, decisions}, consult {vote_id} or {waived_because},
    fire_review {agreed, reviewed_on, opinion, document_no?}, power_reply {agreed, replied_on, spare_kva,
    connect_by?, document_no?}, invest {investor, contract_no, contract_on, amount_yuan,
    investor_share_percent, rest_paid_by?}, begin {begun_on, expected_on, builder, photos?},
    extend {expected_on, reason}, complete {in_service_on, charging_ports, acceptance, photos?},
    urge {urged_on, reason, photos?}, return, withdraw and reopen {reason}, retire {retired_on, reason}.
    """

    works = fields.List(fields.Nested(SeenWorkSchema), required=True, validate=validate.Length(1, MOST_WORKS))
    type = plain(required=True, validate=[validate.OneOf(COMMANDS)])
    data = fields.Dict(keys=plain(), load_default=dict)


class WorkSchema(Schema):
    """A work as lists show it; `responsible` has to act until `due_on`."""

    work_id = fields.String()
    site_id = fields.String()
    name = fields.String()
    site_status = fields.String(validate=validate.OneOf(STATUSES))
    charging_ports = fields.Integer(allow_none=True)
    community_id = fields.String()
    community_name = fields.String()
    neighbourhood_code = fields.String()
    neighbourhood_name = fields.String()
    subdistrict_code = fields.String()
    subdistrict_name = fields.String()
    plan_id = fields.String(allow_none=True)
    plan_name = fields.String(allow_none=True)
    state = fields.String(validate=validate.OneOf(STATES))
    version = fields.Integer()
    since = fields.String(allow_none=True)
    responsible = fields.String(allow_none=True)
    responsible_name = fields.String(allow_none=True)
    due_on = fields.String(allow_none=True)
    late = fields.Boolean()
    vote_id = fields.String(allow_none=True)
    vote_form = fields.String(allow_none=True)
    vote_outcome = fields.String(allow_none=True)
    created_at = fields.String()
    location = fields.Nested(PointSchema)


class WorkPage(Schema):
    """A page of works, the newest first."""

    items = fields.List(fields.Nested(WorkSchema))
    next = fields.String(allow_none=True)


class WayStepSchema(Schema):
    """A step of the way; `seq` is null where it is to come, `done` false where it ended the way."""

    command = fields.String()
    state = fields.String()
    seq = fields.Integer(allow_none=True)
    done = fields.Boolean()
    actor = fields.String(allow_none=True)
    at = fields.String(allow_none=True)
    data = fields.Dict()


class WorkEntrySchema(Schema):
    """One entry of a work's history."""

    seq = fields.Integer()
    command = fields.String()
    to_state = fields.String()
    actor = fields.String()
    unit = fields.String()
    at = fields.String()
    due_on = fields.String(allow_none=True)
    data = fields.Dict()


class WorkPaperSchema(Schema):
    """A paper that a step drafted."""

    seq = fields.Integer()
    paper_id = fields.String()
    kind = fields.String()
    number = fields.String(allow_none=True)
    state = fields.String()


class SiteStatusSchema(Schema):
    """What a site has been since when."""

    status = fields.String()
    since = fields.String()


class WorkDetailSchema(WorkSchema):
    """A work with its way, papers, photos, history, and the commands that the caller may give now."""

    steps = fields.List(fields.Nested(WayStepSchema))
    papers = fields.List(fields.Nested(WorkPaperSchema))
    photos = fields.List(fields.Dict())
    statuses = fields.List(fields.Nested(SiteStatusSchema))
    history = fields.List(fields.Nested(WorkEntrySchema))
    commands = fields.List(fields.String())


class ProgressLineSchema(Schema):
    """How far the works of a place or unit are; `ports` are in service."""

    key = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    works = fields.Integer()
    late = fields.Integer()
    ports = fields.Integer()
    states = fields.Dict(keys=fields.String(), values=fields.Integer())


class ProgressSchema(Schema):
    """Progress by place or unit."""

    by = fields.String()
    items = fields.List(fields.Nested(ProgressLineSchema))


class WorkLimitSchema(Schema):
    """Who acts next in a state (`street`: the unit of the place) and within how many days."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    state = plain(required=True, validate=[validate.OneOf(OPEN)])
    valid_from = fields.Date(required=True)
    responsible = plain(required=True, validate=[validate.Length(1, 64)])
    days = fields.Integer(required=True, strict=True, allow_none=True, validate=validate.Range(1, 3650))
    source = plain(required=True, validate=[validate.Length(1, 400), said])


class WithdrawWorkLimitSchema(Schema):
    """Which limit to come is taken back."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    state = plain(required=True, validate=[validate.OneOf(OPEN)])
    valid_from = fields.Date(required=True)


class WorkLimitShownSchema(Schema):
    """A limit with the day from which it holds; `days` null: by the day that was promised."""

    state = fields.String()
    valid_from = fields.String()
    responsible = fields.String()
    days = fields.Integer(allow_none=True)
    source = fields.String()


class WorkLimitPage(Schema):
    """All limits by state and day."""

    items = fields.List(fields.Nested(WorkLimitShownSchema))
    next = fields.String(allow_none=True)
