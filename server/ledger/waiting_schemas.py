"""The JSON of what waits for a person's hand."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from server.ledger.schemas import CasesQuery
from server.ledger.waiting import WAITS


class WaitingCasesQuery(CasesQuery):
    """The filters of the ledger, and what waits for the caller."""

    waiting = fields.String(
        load_default=None,
        validate=validate.OneOf(tuple(WAITS)),
        metadata={"description": "only the cases that wait for the caller in this way; see `/api/v1/work`"},
    )

    sort = fields.String(
        load_default="newest",
        validate=validate.OneOf(["newest", "due"]),
        metadata={"description": "`due`: what ends first; a report without a deadline by when it came"},
    )

    @validates_schema
    def check_day(self, data: Any, **_kwargs: Any) -> None:
        """Refuse a past day: nothing waits there."""
        if data.get("waiting") and data.get("as_of"):
            message = "What waits, waits now: leave as_of out. / 待办只看当前，请去掉 as_of。"
            raise ValidationError(message, "waiting")
        if data.get("sort") == "due" and data.get("as_of"):
            message = "A past day comes newest first: leave sort out. / 历史台账按上报时间排列，请去掉 sort。"
            raise ValidationError(message, "sort")


class WaitSchema(Schema):
    """How many cases wait in one way for the caller."""

    kind = fields.String(metadata={"description": "use it as `waiting` of `/api/v1/cases`"})
    command = fields.String(metadata={"description": "the command that ends the wait"})
    count = fields.Integer()
    red = fields.Integer()
    yellow = fields.Integer()
    oldest_at = fields.AwareDateTime(allow_none=True, metadata={"description": "report of the oldest"})


class WaitingSchema(Schema):
    """What waits for the caller on the ledger, in the order of a case's life."""

    items = fields.List(fields.Nested(WaitSchema))
