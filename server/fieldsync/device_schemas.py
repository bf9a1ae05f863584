"""The JSON of tablets as the office sees them."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from server.auth.schemas import PageQuery, plain
from server.fieldsync.devices import MANY
from server.fieldsync.reports.schemas import MOST, ReportedSchema
from server.fieldsync.wipes.schemas import WipeSchema

LONGEST_SILENCE_H = 24 * 3650


class DeviceQuery(PageQuery):
    """Filters of the list of tablets; `text` looks into user name, person, tablet's name and id."""

    revoked = fields.Boolean(load_default=None)
    app_version = plain(load_default=None, validate=[validate.Length(max=200)])
    wipe = fields.String(
        load_default=None,
        validate=validate.OneOf(["open", "done"]),
        metadata={"description": "only those that are to be erased, or are"},
    )
    troubled = fields.Boolean(
        load_default=False,
        metadata={"description": "only with something undecided, unapplied, lost or missing"},
    )
    nearly_full = fields.Boolean(
        load_default=False, metadata={"description": "only those that told of little room"}
    )
    waiting_from = fields.Integer(
        load_default=None,
        validate=validate.Range(1, MOST),
        metadata={"description": "only those that told of so many unsent items, or more"},
    )
    silent_for_h = fields.Integer(load_default=None, validate=validate.Range(1, LONGEST_SILENCE_H))


class ReasonSchema(Schema):
    """Why; it stands in the audit trail."""

    class Meta:
        """More may be told."""

        unknown = EXCLUDE

    reason = plain(load_default="", validate=[validate.Length(max=500)])


class DeviceSchema(Schema):
    """One tablet: whose it is, when it was heard of, and what waits, is missing or was lost."""

    device_id = fields.UUID()
    user_id = fields.UUID()
    username = fields.String()
    worker_name = fields.String()
    unit_code = fields.String()
    name = fields.String()
    platform = fields.String()
    app_version = fields.String()
    enrolled_at = fields.AwareDateTime(format="iso")
    revoked_at = fields.AwareDateTime(format="iso", allow_none=True)
    pushed_at = fields.AwareDateTime(format="iso", allow_none=True)
    pulled_at = fields.AwareDateTime(format="iso", allow_none=True)
    last_contact_at = fields.AwareDateTime(format="iso")
    clock_offset_ms = fields.Integer(allow_none=True)
    acked_through = fields.Integer()
    held = fields.Integer()
    quarantined = fields.Integer()
    conflicts = fields.Integer()
    photos_missing = fields.Integer()
    oldest_waiting_at = fields.AwareDateTime(format="iso", allow_none=True)
    pull_lag_s = fields.Integer(allow_none=True)
    work_lag_s = fields.Integer(allow_none=True)
    gaps = fields.Integer()
    lost_items = fields.Integer()
    unsent_items = fields.Integer()
    report = fields.Nested(ReportedSchema, allow_none=True)
    wipe = fields.Nested(WipeSchema, allow_none=True)


class DevicePage(Schema):
    """A page of tablets."""

    items = fields.List(fields.Nested(DeviceSchema))
    next = fields.String(allow_none=True)


class FleetVersionSchema(Schema):
    """How many tablets in use run a version of the app; empty where it is not known."""

    app_version = fields.String()
    tablets = fields.Integer()


class FleetSchema(Schema):
    """The tablets within reach in numbers; silent and troubled ones are counted among those in use."""

    in_use = fields.Integer()
    revoked = fields.Integer()
    to_erase = fields.Integer()
    erased = fields.Integer()
    silent_3_days = fields.Integer()
    silent_7_days = fields.Integer()
    troubled = fields.Integer()
    nearly_full = fields.Integer()
    many_waiting = fields.Integer(metadata={"description": f"with {MANY} unsent items or more"})
    held = fields.Integer()
    quarantined = fields.Integer()
    conflicts = fields.Integer()
    photos_missing = fields.Integer()
    versions = fields.List(fields.Nested(FleetVersionSchema))
