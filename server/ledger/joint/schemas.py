"""Joint actions as JSON."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from server.auth.schemas import PageQuery
from server.ledger.joint.rules import NEXT, STATES
from server.ledger.schemas import Several

LONGEST = 4000


def _words(**more: object) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=LONGEST), **more)  # type: ignore[arg-type]  # passed on as they are


class JointQuery(PageQuery):
    """Filters of the list of joint actions."""

    state = Several(STATES)


class ProposalSchema(Schema):
    """A joint action that a person proposes; the competent departments and the subdistrict take part."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    case_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 500))
    participants = fields.List(fields.String(), load_default=list)
    reason = fields.String(required=True, validate=validate.Length(1, LONGEST))


class JointDataSchema(Schema):
    """Data of the commands: accept {held_on, participants?, reason?}, decline {reason},
    record_result {finding, result}, conclude {succeeded, summary}.
    """

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    held_on = fields.Date(load_default=None)
    participants = fields.List(fields.String(), load_default=list)
    reason = _words()
    finding = _words()
    result = _words()
    succeeded = fields.Boolean(load_default=None, allow_none=True)
    summary = _words()


class JointCommandSchema(Schema):
    """A command on a joint action, with the version that its sender saw."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    type = fields.String(required=True, metadata={"enum": list(NEXT)})
    base_version = fields.Integer(required=True)
    data = fields.Nested(JointDataSchema, load_default=lambda: JointDataSchema().load({}))


class BundledCaseSchema(Schema):
    """A case of a joint action."""

    case_id = fields.String()
    number = fields.String(allow_none=True)
    state = fields.String()
    category = fields.String()
    level = fields.Integer()


class ParticipantSchema(Schema):
    """A unit that takes part."""

    unit = fields.String()
    name = fields.String()


class ResultSchema(Schema):
    """What a participant found and what came of it; a later one corrects an earlier one."""

    unit = fields.String()
    finding = fields.String()
    result = fields.String()
    recorded_at = fields.String()


class JointActionSchema(Schema):
    """A joint action; `proposed_by` null is the product itself."""

    joint_action_id = fields.String()
    subdistrict_unit = fields.String()
    subdistrict_name = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    version = fields.Integer()
    reason = fields.String()
    proposed_at = fields.String()
    proposed_by = fields.String(allow_none=True)
    decided_at = fields.String(allow_none=True)
    decided_by = fields.String(allow_none=True)
    decision_reason = fields.String(allow_none=True)
    held_on = fields.String(allow_none=True)
    concluded_at = fields.String(allow_none=True)
    concluded_by = fields.String(allow_none=True)
    summary = fields.String(allow_none=True)
    cases = fields.List(fields.Nested(BundledCaseSchema))
    participants = fields.List(fields.Nested(ParticipantSchema))
    results = fields.List(fields.Nested(ResultSchema))


class JointActionDetailSchema(JointActionSchema):
    """A joint action with the commands that the caller may give now."""

    commands = fields.List(fields.String())


class JointActionPage(Schema):
    """A page of joint actions, newest proposal first."""

    items = fields.List(fields.Nested(JointActionSchema))
    next = fields.String(allow_none=True)
