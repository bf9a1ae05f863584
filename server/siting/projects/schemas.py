"""The JSON of projects."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from server.auth.schemas import PageQuery, plain, said
from server.siting.projects.columns import STAGES

LETTER_STATES = ("draft", "reviewed", "countersigned", "issued", "void", "served", "answered")


class ProjectsQuery(PageQuery):
    """Filters of the register; `text` is a part of the project's or developer's name."""

    stage = plain(load_default=None, validate=[validate.OneOf(list(STAGES))])
    subdistrict = plain(load_default=None, validate=[validate.Length(9, 9)])
    late = fields.Boolean(load_default=None, allow_none=True)


def _whole() -> fields.Integer:
    return fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 100_000)
    )


def _day() -> fields.Date:
    return fields.Date(load_default=None, allow_none=True)


def _words(most: int = 2000) -> fields.String:
    return plain(load_default="", validate=[validate.Length(max=most)])


class ProjectInputSchema(Schema):
    """A project: what planning asks of its charging, the planning bureau's reply, how far it is built."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    name = plain(required=True, validate=[validate.Length(1, 200), said])
    subdistrict = plain(required=True, validate=[validate.Length(1, 100)])
    stage = plain(required=True, validate=[validate.OneOf(list(STAGES))])
    developer = plain(required=True, validate=[validate.Length(1, 200), said])
    households = _whole()
    parking_spaces = _whole()
    required_ports = _whole()
    required_share_percent = fields.Float(load_default=None, allow_none=True, validate=validate.Range(0, 100))
    condition_no = _words(100)
    condition_on = _day()
    condition_text = _words()
    bureau_reply = _words()
    bureau_replied_on = _day()
    begun_on = _day()
    expected_on = _day()
    built_ports = _whole()
    note = _words()


class ProjectChangeSchema(ProjectInputSchema):
    """A whole project in place of the one that was seen at `base_version`."""

    base_version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31 - 1))


class LetterInputSchema(Schema):
    """What the builder is urged to do, and until when an answer is awaited."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    demand = plain(required=True, validate=[validate.Length(1, 2000), said])
    answer_by = fields.Date(required=True)


class AnswerInputSchema(Schema):
    """The builder's answer."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    answered_on = fields.Date(required=True)
    answer = plain(required=True, validate=[validate.Length(1, 2000), said])


class ProjectImportForm(Schema):
    """The fields beside the file."""

    class Meta:
        """A field that nobody reads is refused."""

        unknown = RAISE

    dry_run = fields.Boolean(load_default=False)


class ProjectExportSchema(Schema):
    """Which projects to write into a table."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    stage = plain(load_default=None, allow_none=True, validate=[validate.OneOf(list(STAGES))])
    subdistrict = plain(load_default=None, allow_none=True, validate=[validate.Length(9, 9)])
    late = fields.Boolean(load_default=None, allow_none=True)
    text = plain(load_default=None, allow_none=True, validate=[validate.Length(max=200)])


class LetterSchema(Schema):
    """A letter that urges, on its way from the draft to the answer."""

    paper_id = fields.String()
    number = fields.String(allow_none=True)
    state = fields.String(validate=validate.OneOf(LETTER_STATES))
    answer_by = fields.String()
    answered_on = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)


class ProjectSchema(Schema):
    """A project as lists show it; `late`: its day is past and ports are missing."""

    project_id = fields.String()
    name = fields.String()
    subdistrict_code = fields.String()
    subdistrict = fields.String()
    stage = fields.String(validate=validate.OneOf(list(STAGES)))
    developer = fields.String()
    households = fields.Integer(allow_none=True)
    parking_spaces = fields.Integer(allow_none=True)
    required_ports = fields.Integer(allow_none=True)
    required_share_percent = fields.Float(allow_none=True)
    condition_no = fields.String()
    condition_on = fields.String(allow_none=True)
    condition_text = fields.String()
    bureau_reply = fields.String()
    bureau_replied_on = fields.String(allow_none=True)
    begun_on = fields.String(allow_none=True)
    expected_on = fields.String(allow_none=True)
    built_ports = fields.Integer()
    missing_ports = fields.Integer()
    late = fields.Boolean()
    note = fields.String()
    version = fields.Integer()
    created_at = fields.String()
    letters = fields.List(fields.Nested(LetterSchema))


class ProjectDetailSchema(ProjectSchema):
    """A project, and what the caller may do with it."""

    may_keep = fields.Boolean()
    may_urge = fields.Boolean()


class ProjectPage(Schema):
    """A page of projects, the newest first."""

    items = fields.List(fields.Nested(ProjectSchema))
    next = fields.String(allow_none=True)
