"""The JSON of versions of checklists."""

from __future__ import annotations

from marshmallow import EXCLUDE, RAISE, Schema, fields

from server.auth.schemas import plain


class ChecklistVersionSchema(Schema):
    """A version; `retired_at` is null for the current one, `inspections` counts those made with it."""

    version = fields.String()
    title_zh = fields.String()
    title_en = fields.String()
    published_on = fields.String(metadata={"format": "date"})
    items = fields.Integer()
    published_at = fields.AwareDateTime(format="iso")
    published_by = fields.String(allow_none=True)
    retired_at = fields.AwareDateTime(format="iso", allow_none=True)
    inspections = fields.Integer()


class ChecklistPlanSchema(Schema):
    """A version that is to be current from a day on; `outcome` is null while it waits."""

    plan_id = fields.UUID()
    code = fields.String()
    version = fields.String()
    starts_on = fields.Date()
    made_at = fields.AwareDateTime(format="iso")
    made_by = fields.String()
    outcome = fields.String(allow_none=True)
    ended_at = fields.AwareDateTime(format="iso", allow_none=True)
    ended_by = fields.String(allow_none=True)


class ChecklistVersionsSchema(Schema):
    """All versions of a checklist, the current one first, and what is planned."""

    code = fields.String()
    versions = fields.List(fields.Nested(ChecklistVersionSchema))
    plans = fields.List(fields.Nested(ChecklistPlanSchema))


class ChecklistPlansSchema(Schema):
    """What is planned for a later day."""

    items = fields.List(fields.Nested(ChecklistPlanSchema))
    next = fields.String(allow_none=True)


class DifferencesQuery(Schema):
    """Two versions (`sha256:…`), or codes for the current ones."""

    class Meta:
        """Unknown parameters are ignored."""

        unknown = EXCLUDE

    old = plain(required=True)
    new = plain(required=True)


class DifferenceSchema(Schema):
    """One difference: added, removed or changed, and where."""

    what = fields.String()
    pointer = fields.String()
    old = fields.Raw(allow_none=True)
    new = fields.Raw(allow_none=True)


class DifferencesSchema(Schema):
    """The differences in the order of the newer version's items."""

    items = fields.List(fields.Nested(DifferenceSchema))
    next = fields.String(allow_none=True)


class TakeInChecklistSchema(Schema):
    """A checklist's document; `starts_on` is the day from which it is to be current, today when left out."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    document = fields.Dict(keys=fields.String(), required=True)
    starts_on = fields.Date(load_default=None, allow_none=True)
    dry_run = fields.Boolean(load_default=False)


class ChecklistFaultSchema(Schema):
    """A fault of a document: where, in which item, and what."""

    pointer = fields.String()
    item = fields.String(allow_none=True)
    detail = fields.String()
    detail_zh = fields.String()


class ChecklistTakenSchema(Schema):
    """What became of a document: tried, published or planned."""

    outcome = fields.String()
    code = fields.String(allow_none=True)
    version = fields.String(allow_none=True)
    replaces = fields.String(allow_none=True)
    faults = fields.List(fields.Nested(ChecklistFaultSchema))
    differences = fields.List(fields.Nested(DifferenceSchema))
