"""The JSON of work orders."""

from __future__ import annotations

from typing import Any

import orjson
from marshmallow import Schema, ValidationError, fields, post_load, validate

from server.auth.schemas import PageQuery, plain
from server.communities.values import LONGEST_TEXT
from server.complaints.hotline.fields import SATISFIED, SOLVED
from server.complaints.hotline.lifecycle import BY_PEOPLE, SIGNALS, STATES
from server.complaints.hotline.pasted import LONGEST

_SORTS = ("newest", "due")


class OrderFilter(Schema):
    """What a reader of the orders asks for; days are local and both ends count."""

    state = fields.List(plain(validate=[validate.OneOf(STATES)]), load_default=None)
    signal = fields.List(plain(validate=[validate.OneOf(SIGNALS)]), load_default=None)
    community_id = fields.UUID(load_default=None)
    case_id = fields.UUID(load_default=None)
    linked = fields.Boolean(load_default=None)
    called_from = fields.Date(load_default=None)
    called_to = fields.Date(load_default=None)
    received_from = fields.Date(load_default=None)
    received_to = fields.Date(load_default=None)
    replied_from = fields.Date(load_default=None)
    replied_to = fields.Date(load_default=None)
    subdistrict = plain(load_default=None, validate=[validate.Regexp(r"\A[0-9]{9}\Z")])
    text = plain(load_default=None, validate=[validate.Length(1, 100)])


class OrderQuery(PageQuery):
    """Filters of the list of work orders."""

    state = fields.List(plain(validate=[validate.OneOf(STATES)]), load_default=None)
    signal = fields.List(plain(validate=[validate.OneOf(SIGNALS)]), load_default=None)
    community_id = fields.UUID(load_default=None)
    case_id = fields.UUID(load_default=None)
    linked = fields.Boolean(load_default=None)
    called_from = fields.Date(load_default=None)
    called_to = fields.Date(load_default=None)
    received_from = fields.Date(load_default=None)
    received_to = fields.Date(load_default=None)
    replied_from = fields.Date(load_default=None)
    replied_to = fields.Date(load_default=None)
    subdistrict = plain(load_default=None, validate=[validate.Regexp(r"\A[0-9]{9}\Z")])
    sort = plain(load_default="newest", validate=[validate.OneOf(_SORTS)])


class OrderSchema(Schema):
    """One work order of the hotline, without who called."""

    order_id = fields.String()
    order_no = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    version = fields.Integer()
    edition = fields.Integer()
    signal = fields.String(validate=validate.OneOf(SIGNALS))
    kind = fields.String()
    title = fields.String()
    content = fields.String()
    address = fields.String()
    handling_unit = fields.String()
    unit_code = fields.String()
    unit_name = fields.String()
    called_at = fields.String()
    dispatched_at = fields.String()
    due_at = fields.String()
    return_due_at = fields.String()
    received_at = fields.String()
    community_id = fields.String(allow_none=True)
    community_name = fields.String(allow_none=True)
    reply = fields.String(allow_none=True)
    answered_at = fields.String(allow_none=True)
    contacted_on = fields.String(allow_none=True)
    satisfied = fields.String(allow_none=True, validate=validate.OneOf(tuple(SATISFIED)))
    solved = fields.String(allow_none=True, validate=validate.OneOf(tuple(SOLVED)))
    return_reason = fields.String(allow_none=True)
    cases = fields.Integer()


class OrderPage(Schema):
    """A page of work orders."""

    items = fields.List(fields.Nested(OrderSchema))
    next = fields.String(allow_none=True)


class CallerSchema(Schema):
    """Who called."""

    name = fields.String()
    phone = fields.String()


class OrderCaseSchema(Schema):
    """A case in short."""

    case_id = fields.String()
    number = fields.String(allow_none=True)
    state = fields.String()
    category = fields.String()
    category_zh = fields.String()
    category_en = fields.String()
    description = fields.String()
    reported_at = fields.String()
    community_id = fields.String()
    community_name = fields.String()


class OrderEntrySchema(Schema):
    """One entry of an order's history."""

    seq = fields.Integer()
    command = fields.String()
    from_state = fields.String()
    to_state = fields.String()
    recorded_at = fields.String()
    facts = fields.Dict()
    imported = fields.Boolean()
    actor = fields.String(allow_none=True)
    stands_for = fields.String(allow_none=True)


class OrderEditionSchema(Schema):
    """One wording in which an order came in."""

    edition = fields.Integer()
    way = fields.String()
    taken_at = fields.String()
    caller_changed = fields.Boolean()
    kind = fields.String()
    title = fields.String()
    content = fields.String()
    address = fields.String()
    handling_unit = fields.String()
    called_at = fields.String()
    dispatched_at = fields.String()
    due_at = fields.String()
    return_due_at = fields.String()


class OrderDetailSchema(OrderSchema):
    """One work order with its caller, history, editions, cases and what may be done now."""

    caller = fields.Nested(CallerSchema, allow_none=True)
    cases_linked = fields.List(fields.Nested(OrderCaseSchema))
    history = fields.List(fields.Nested(OrderEntrySchema))
    editions = fields.List(fields.Nested(OrderEditionSchema))
    commands = fields.List(fields.String())


class OrderCommandSchema(Schema):
    """One command on an order: `data` holds reason, reply, contacted_on and so on, by its type."""

    type = fields.String(required=True, validate=validate.OneOf(BY_PEOPLE))
    base_version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31 - 1))
    data = fields.Dict(keys=fields.String(), load_default=dict)


class CaseFromOrderSchema(Schema):
    """A case to be opened from an order; without a description the order's own words, nobody named."""

    base_version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31 - 1))
    community_id = fields.UUID(required=True)
    category = plain(required=True, validate=[validate.Length(1, 64)])
    severity = plain(load_default="", validate=[validate.OneOf(["", "A", "B", "C"])])
    description = plain(load_default="", validate=[validate.Length(max=2000)])


class OrderMatchedCommunity(Schema):
    """A community that an order may be about."""

    community_id = fields.String()
    name = fields.String()
    score = fields.Float()
    reasons = fields.List(fields.String())


class OrderMatchedCategory(Schema):
    """A category that an order's words tell; `reasons` are the words."""

    category = fields.String()
    score = fields.Float()
    reasons = fields.List(fields.String())


class OrderMatchedCase(OrderCaseSchema):
    """An open case that an order may be about."""

    score = fields.Float()
    reasons = fields.List(fields.String())


class OrderProposalsSchema(Schema):
    """What an order may be about, the best first."""

    communities = fields.List(fields.Nested(OrderMatchedCommunity))
    categories = fields.List(fields.Nested(OrderMatchedCategory))
    cases = fields.List(fields.Nested(OrderMatchedCase))


class ReplyDraftSchema(Schema):
    """The draft of a reply."""

    reply = fields.String()


class OrderPasteSchema(Schema):
    """Orders pasted as text: blocks of "工单编号：…", or rows copied out of a sheet with their heading."""

    text = plain(required=True, validate=[validate.Length(1, LONGEST)])
    dry_run = fields.Boolean(load_default=True)


class PastedOrderSchema(Schema):
    """What would become of one pasted order, or has become of it."""

    row = fields.Integer()
    order_no = fields.String()
    fate = fields.String(validate=validate.OneOf(("new", "changed", "same")))
    differs = fields.List(fields.String())
    called_at = fields.String()
    due_at = fields.String()
    content = fields.String()
    address = fields.String()


class PastedOrdersSchema(Schema):
    """What a pasted text came to."""

    dry_run = fields.Boolean()
    rows = fields.Integer()
    created = fields.Integer()
    changed = fields.Integer()
    unchanged = fields.Integer()
    orders = fields.List(fields.Nested(PastedOrderSchema))


class OrderFieldSchema(Schema):
    """A field that a column of a sheet can become."""

    name = fields.String()
    label_zh = fields.String()
    label_en = fields.String()
    kind = fields.String()
    required = fields.Boolean()
    choices = fields.List(fields.String())


class OrderFieldPage(Schema):
    """Every field of a work order."""

    items = fields.List(fields.Nested(OrderFieldSchema))
    next = fields.String(allow_none=True)


class OrderImportForm(Schema):
    """How a sheet that was sent is taken in: each column's field as JSON; left out, the titles speak."""

    table = fields.UUID(required=True)
    columns_json = plain(load_default="{}", validate=[validate.Length(max=20_000)])
    dry_run = fields.Boolean(load_default=False)

    @post_load
    def _read(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        try:
            columns = orjson.loads(given.pop("columns_json"))
        except ValueError:
            columns = None
        if not isinstance(columns, dict) or not all(isinstance(one, str) for one in columns.values()):
            raise ValidationError("must be a JSON object of texts", "columns_json")
        return {**given, "columns": columns}


class ReplyWordingSchema(Schema):
    """A sentence of replies; `names` are what may stand in braces."""

    stage = fields.String()
    wording = fields.String()
    names = fields.List(fields.String())


class ReplyWordingPage(Schema):
    """The sentences of replies in force."""

    items = fields.List(fields.Nested(ReplyWordingSchema))
    next = fields.String(allow_none=True)


class ReplyWordingChange(Schema):
    """A sentence of replies as it shall be from today on."""

    wording = plain(required=True, validate=[validate.Length(1, LONGEST_TEXT // 2)])
    source = plain(required=True, validate=[validate.Length(1, 200)])
