"""The JSON of papers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.auth.schemas import PageQuery, plain
from server.papers.drafts import MOST_CASES
from server.papers.kinds import CASE_KINDS, KINDS, SERVICE_RETURN
from server.papers.lifecycle import STATES
from server.papers.reading import COMMANDS


class PaperQuery(PageQuery):
    """Filters of the list of papers; `text` is a part of the number."""

    kind = plain(load_default=None, validate=[validate.OneOf(list(KINDS))])
    state = plain(load_default=None, validate=[validate.OneOf(STATES)])
    body = plain(load_default=None)
    to_unit = plain(load_default=None)
    case_id = fields.UUID(load_default=None)


class PaperDraftSchema(Schema):
    """A paper about cases to be drafted by hand."""

    kind = plain(required=True, validate=[validate.OneOf(list(CASE_KINDS))])
    cases = fields.List(
        plain(validate=[validate.Length(1, 40)]),
        required=True,
        validate=validate.Length(1, MOST_CASES),
        metadata={"description": "numbers of cases"},
    )
    body = plain(load_default=None, allow_none=True, metadata={"description": "who issues it"})
    to_unit = plain(load_default=None, allow_none=True)
    fields_ = fields.Dict(keys=plain(), load_default=dict, data_key="fields")


class PaperCommandSchema(Schema):
    """A command on a paper; `base_version` is the version that was seen."""

    type = plain(required=True, validate=[validate.OneOf(COMMANDS)])
    base_version = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**31 - 1))
    data = fields.Dict(keys=plain(), load_default=dict)


class FileQuery(Schema):
    """Which file of a paper."""

    form = plain(load_default="paper", validate=[validate.OneOf(("paper", SERVICE_RETURN.code))])


class PaperSchema(Schema):
    """A paper as lists show it."""

    paper_id = fields.String()
    kind = fields.String()
    title = fields.String()
    title_en = fields.String()
    number = fields.String(allow_none=True)
    state = fields.String(validate=validate.OneOf(STATES))
    version = fields.Integer()
    body = fields.String()
    body_name = fields.String()
    to_unit = fields.String(allow_none=True)
    to_name = fields.String(allow_none=True)
    drafted_at = fields.String()
    issued_at = fields.String(allow_none=True)
    case_ids = fields.List(fields.String())


class StepSchema(Schema):
    """One entry of a paper's history; `actor` None is the product itself."""

    seq = fields.Integer()
    command = fields.String()
    actor = fields.String(allow_none=True)
    stands_for = fields.String(allow_none=True)
    at = fields.String()
    data = fields.Dict()


class PaperDetailSchema(PaperSchema):
    """A paper with its fields, its history, and the commands that the caller may give now."""

    fields_ = fields.Dict(data_key="fields", attribute="fields")
    service = fields.Dict(allow_none=True)
    receipt = fields.Dict(allow_none=True)
    scan = fields.Dict(allow_none=True)
    history = fields.List(fields.Nested(StepSchema))
    commands = fields.List(fields.String())


class PaperPage(Schema):
    """A page of papers, newest draft first."""

    items = fields.List(fields.Nested(PaperSchema))
    next = fields.String(allow_none=True)


class PaperFieldSchema(Schema):
    """A field of a kind of paper, as templates name it."""

    name = fields.String()
    label = fields.String()
    label_en = fields.String()
    shape = fields.String()
    needed = fields.Boolean()


class TemplateVersionSchema(Schema):
    """A template of a kind; `valid_to` None is in force."""

    template_id = fields.String()
    origin = fields.String()
    sha256 = fields.String()
    valid_from = fields.String()
    valid_to = fields.String(allow_none=True)
    added_by = fields.String(allow_none=True)


class TemplatesOfKindSchema(Schema):
    """A kind of paper with its fields and the templates it had, newest first; none yet means ours.

    Kinds that are not `about_cases` belong to votes, charging sites and projects, and are drafted there.
    """

    kind = fields.String()
    title = fields.String()
    title_en = fields.String()
    about_cases = fields.Boolean()
    fields_ = fields.List(fields.Nested(PaperFieldSchema), data_key="fields", attribute="fields")
    versions = fields.List(fields.Nested(TemplateVersionSchema))


class TemplatePage(Schema):
    """All kinds of papers with their templates."""

    items = fields.List(fields.Nested(TemplatesOfKindSchema))
    next = fields.String(allow_none=True)
