"""The JSON of votes."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from server.auth.schemas import PageQuery, plain
from server.governance.lifecycle import STATES
from server.governance.reading import COMMANDS, MOST_BALLOTS, MOST_UNITS
from server.governance.rules import CHOICES, FORMS, KINDS, MATTERS, OUTCOMES

BALLOTS = ("none", "once", "differs", "agreed")


class VotesQuery(PageQuery):
    """Filters of the list of votes; `text` is a part of the subject or of the community's name."""

    state = plain(load_default=None, validate=[validate.OneOf(STATES)])
    form = plain(load_default=None, validate=[validate.OneOf(FORMS)])
    community_id = fields.UUID(load_default=None)


class OwnersQuery(PageQuery):
    """Filters of a register; `text` is a part of number, name or unit."""

    ballot = plain(load_default=None, validate=[validate.OneOf(BALLOTS)])


class VoteInputSchema(Schema):
    """A vote to be drafted."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    community_id = fields.UUID(required=True)
    form = plain(required=True, validate=[validate.OneOf(FORMS)])
    matter = plain(required=True, validate=[validate.OneOf(MATTERS)])
    subject = plain(required=True, validate=[validate.Length(1, 200)])
    question = plain(required=True, validate=[validate.Length(1, 4000)])


class VoteCommandSchema(Schema):
    """A command on a vote with the version that was seen.

    Data: edit {form?, matter?, subject?, question?}, open {opens_on, closes_on}, count {},
    publish {posted_on, posted_at, objections_until}, object {by_name, objection_text},
    answer {objection, answer}, decide {}, void {reason}.
    """

    type = plain(required=True, validate=[validate.OneOf(COMMANDS)])
    base_version = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**31 - 1))
    data = fields.Dict(keys=plain(), load_default=dict)


class RegisterUnitSchema(Schema):
    """A unit of the register; units of one owner share `owner_no`, without one the unit is its own owner."""

    unit_no = plain(required=True, validate=[validate.Length(1, 100)])
    owner_no = plain(load_default=None, allow_none=True, validate=[validate.Length(max=100)])
    owner_name = plain(load_default="", validate=[validate.Length(max=200)])
    area_m2 = fields.Decimal(load_default=None, allow_none=True, allow_nan=False)


class RegisterSchema(Schema):
    """A whole register, in place of the one before."""

    units = fields.List(
        fields.Nested(RegisterUnitSchema), required=True, validate=validate.Length(1, MOST_UNITS)
    )


class BallotSchema(Schema):
    """A ballot as one clerk reads it; `because` belongs to a correction."""

    owner_no = plain(required=True, validate=[validate.Length(1, 100)])
    choice = plain(required=True, validate=[validate.OneOf(CHOICES)])
    kind = plain(load_default="paper", validate=[validate.OneOf(KINDS)])
    proxy_name = plain(load_default="", validate=[validate.Length(max=200)])
    because = plain(load_default="", validate=[validate.Length(max=1000)])


class BallotsSchema(Schema):
    """Ballots, entered for the first or for the second time; the second is for another person."""

    number = fields.Integer(
        required=True, strict=True, validate=validate.OneOf((1, 2)), metadata={"description": "the pass"}
    )
    ballots = fields.List(
        fields.Nested(BallotSchema), required=True, validate=validate.Length(1, MOST_BALLOTS)
    )


class VoteWeightSchema(Schema):
    """Owners by heads and by area; the area is a decimal number as text."""

    heads = fields.Integer()
    area_m2 = fields.String()


class VoteResultSchema(Schema):
    """The count and what it means under the rule; invalid ballots do not take part, abstentions do."""

    figures = fields.Dict(keys=fields.String(), values=fields.Nested(VoteWeightSchema))
    outcome = fields.String(validate=validate.OneOf(OUTCOMES))
    quorum = fields.Boolean()
    approved = fields.Boolean()


class VoteSchema(Schema):
    """A vote as lists show it; `outcome` is null until it is counted."""

    vote_id = fields.String()
    community_id = fields.String()
    community_name = fields.String()
    neighbourhood_code = fields.String()
    neighbourhood_name = fields.String()
    form = fields.String(validate=validate.OneOf(FORMS))
    matter = fields.String(validate=validate.OneOf(MATTERS))
    subject = fields.String()
    question = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    version = fields.Integer()
    rule_set = fields.String(allow_none=True)
    opens_on = fields.String(allow_none=True)
    closes_on = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    result = fields.Nested(VoteResultSchema, allow_none=True)
    objections_until = fields.String(allow_none=True)
    created_at = fields.String()
    owners = fields.Integer()
    paper_ids = fields.List(fields.String())


class VoteStepSchema(Schema):
    """One entry of a vote's history."""

    seq = fields.Integer()
    command = fields.String()
    actor = fields.String()
    stands_for = fields.String(allow_none=True)
    at = fields.String()
    data = fields.Dict()


class ObjectionSchema(Schema):
    """An objection with its answer; `objection` is the number by which it is answered."""

    objection = fields.Integer()
    by_name = fields.String()
    objection_text = fields.String()
    at = fields.String()
    answer = fields.String(allow_none=True)


class BallotProgressSchema(Schema):
    """How many ballots were entered once, twice alike, twice differently."""

    once = fields.Integer()
    agreed = fields.Integer()
    differs = fields.Integer()


class VoteDetailSchema(VoteSchema):
    """A vote with its ballots so far, objections, history, and what the caller may do now."""

    ballots = fields.Nested(BallotProgressSchema)
    objections = fields.List(fields.Nested(ObjectionSchema))
    history = fields.List(fields.Nested(VoteStepSchema))
    commands = fields.List(fields.String())
    may_register = fields.Boolean()
    may_enter = fields.Boolean()


class VotePage(Schema):
    """A page of votes, the newest first."""

    items = fields.List(fields.Nested(VoteSchema))
    next = fields.String(allow_none=True)


class BallotEntrySchema(Schema):
    """What was read off a ballot."""

    choice = fields.String()
    kind = fields.String()
    proxy_name = fields.String()


class VoteOwnerSchema(Schema):
    """An owner of the register; `first` and `second` are null until the ballot was entered twice.

    `mine` are the passes that the caller entered.
    """

    owner_no = fields.String()
    name = fields.String()
    unit_nos = fields.List(fields.String())
    area_m2 = fields.Float(allow_none=True)
    areas_missing = fields.Integer()
    ballot = fields.String(validate=validate.OneOf(BALLOTS))
    first = fields.Nested(BallotEntrySchema, allow_none=True)
    second = fields.Nested(BallotEntrySchema, allow_none=True)
    mine = fields.List(fields.Integer())


class VoteOwnerPage(Schema):
    """A page of owners, by number."""

    items = fields.List(fields.Nested(VoteOwnerSchema))
    next = fields.String(allow_none=True)


class VoteRuleSchema(Schema):
    """What a matter needs under one law; `quorum` is null where none is asked for.

    `approval` is a share of `base`; where `approval_strict` it has to be exceeded.
    """

    rule_set = fields.String()
    form = fields.String()
    matter = fields.String()
    base = fields.String()
    quorum = fields.String(allow_none=True)
    approval = fields.String()
    approval_strict = fields.Boolean()
    by_area = fields.Boolean()
    valid_from = fields.String()
    valid_to = fields.String(allow_none=True)
    source = fields.String()


class VoteRulePage(Schema):
    """All rules by the day from which they hold."""

    items = fields.List(fields.Nested(VoteRuleSchema))
    next = fields.String(allow_none=True)
