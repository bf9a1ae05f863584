"""The JSON of what is published, and of the office that keeps it."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate, validates_schema

from server.auth.schemas import plain, said
from server.published.rules import PHOTO_ROLES, STEPS

MOST_CLOSED = 50


class PublishedClosedQuery(Schema):
    """A page of the closed list."""

    class Meta:
        """Names that nobody reads were refused before: see `server.questions`."""

        unknown = EXCLUDE

    cursor = plain(load_default=None, metadata={"description": "`next` of the page before"})
    limit = fields.Integer(load_default=20, validate=validate.Range(1, MOST_CLOSED))


class PublishedStepSchema(Schema):
    """How many cases stand in one step of their way."""

    step = fields.String(validate=validate.OneOf(list(STEPS)))
    cases = fields.Integer()


class MeasureProgressSchema(Schema):
    """How many cases of a measure are open and closed."""

    measure = fields.Integer()
    title_zh = fields.String()
    title_en = fields.String()
    open = fields.Integer()
    closed = fields.Integer()


class PublishedProgressSchema(Schema):
    """How a community stands: figures, no person and no place but the community."""

    community_id = fields.String(metadata={"format": "uuid"})
    community_name = fields.String()
    neighbourhood = fields.String()
    subdistrict = fields.String()
    as_of = fields.Date()
    open = fields.Integer()
    closed = fields.Integer()
    closed_lately = fields.Integer(metadata={"description": "of the closed ones, within 30 days"})
    steps = fields.List(fields.Nested(PublishedStepSchema))
    measures = fields.List(fields.Nested(MeasureProgressSchema))


class PublishedPhotoSchema(Schema):
    """A photo by the name under which it is published, blurred."""

    name = fields.String()
    role = fields.String(validate=validate.OneOf(PHOTO_ROLES))


class ClosedCaseSchema(Schema):
    """A closed case: what, in which cell, from when to when."""

    number = fields.String()
    category = fields.String()
    category_zh = fields.String()
    category_en = fields.String()
    measure = fields.Integer()
    grid_cell_code = fields.String(allow_none=True)
    reported_on = fields.Date()
    closed_on = fields.Date()
    photos = fields.List(fields.Nested(PublishedPhotoSchema))


class PublishedClosedPage(Schema):
    """A page of the closed list, the last closed first."""

    items = fields.List(fields.Nested(ClosedCaseSchema))
    next = fields.String(allow_none=True)


class QrQuery(Schema):
    """How the QR code is drawn."""

    class Meta:
        """Names that nobody reads were refused before: see `server.questions`."""

        unknown = EXCLUDE

    format = fields.String(load_default="svg", validate=validate.OneOf(["svg", "png"]))
    address = fields.URL(
        load_default=None,
        require_tld=False,
        schemes={"http", "https"},
        validate=validate.Length(max=200),
        metadata={"description": "where residents reach the server; that of this request when left out"},
    )


class BoardSchema(Schema):
    """The code of a community's notice board; null while it has none."""

    community_id = fields.String(metadata={"format": "uuid"})
    community_name = fields.String()
    code = fields.String(allow_none=True)
    made_at = fields.String(allow_none=True)


class PublishablePhotoSchema(PublishedPhotoSchema):
    """A photo as the office sees it."""

    sha256 = fields.String()
    withheld = fields.Boolean()
    reason = fields.String(allow_none=True)


class PublishableCaseSchema(ClosedCaseSchema):
    """A closed case with all photos that are or could be published."""

    case_id = fields.String(metadata={"format": "uuid"})
    photos = fields.List(fields.Nested(PublishablePhotoSchema))


class PublishablePage(Schema):
    """A page of them, the last closed first."""

    items = fields.List(fields.Nested(PublishableCaseSchema))
    next = fields.String(allow_none=True)


class PhotoDecisionSchema(Schema):
    """Whether residents see a photo; why not, where they do not."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    published = fields.Boolean(required=True)
    reason = plain(load_default="", validate=[validate.Length(max=500)])

    @validates_schema
    def check_reason(self, data: Any, **_kwargs: Any) -> None:
        """Refuse to keep a photo back without a reason."""
        if data.get("published") is False:
            try:
                said(data.get("reason", ""))
            except ValidationError as empty:
                raise ValidationError(empty.messages, "reason") from empty
