"""The JSON that describes tables of rules."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields

from server.auth.schemas import plain


class RuleColumnSchema(Schema):
    """A column: what it holds and within which bounds."""

    name = fields.String()
    kind = fields.String()
    choices = fields.List(fields.String())
    least = fields.Float(allow_none=True)
    most = fields.Float(allow_none=True)
    optional = fields.Boolean()
    fixed = fields.Boolean()


class RuleTableSchema(Schema):
    """A table: where its rows are read, set and withdrawn, and what they consist of."""

    name = fields.String(attribute="table.name")
    path = fields.String(attribute="table.path")
    withdraw = fields.String(attribute="table.withdraw", allow_none=True)
    foresee = fields.String(attribute="table.foresee", allow_none=True)
    day_fact = fields.String(attribute="table.day_fact")
    fresh = fields.Boolean(attribute="table.fresh")
    key = fields.List(fields.Nested(RuleColumnSchema), attribute="table.key")
    values = fields.List(fields.Nested(RuleColumnSchema), attribute="table.values")
    may_set = fields.Boolean()


class RuleTableListSchema(Schema):
    """The tables that the caller may read."""

    items = fields.List(fields.Nested(RuleTableSchema))
    next = fields.String(allow_none=True)


class RuleTrailQuery(Schema):
    """Of which record: its key, joined by `/`."""

    class Meta:
        """Names that nobody reads were refused before: see `server.questions`."""

        unknown = EXCLUDE

    record = plain(load_default=None)


class RuleTrailLineSchema(Schema):
    """Who changed which record and how; `by` is null for the command line."""

    at = fields.AwareDateTime(format="iso")
    action = fields.String()
    record = fields.String()
    by = fields.String(allow_none=True)
    facts = fields.Dict()


class RuleTrailSchema(Schema):
    """Changes, the newest first."""

    items = fields.List(fields.Nested(RuleTrailLineSchema))
    next = fields.String(allow_none=True)
