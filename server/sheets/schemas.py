"""The JSON of tasks."""

from __future__ import annotations

from marshmallow import Schema, fields


class TaskSchema(Schema):
    """Work on a sheet: poll `status` until `state` is done, refused or failed."""

    task_id = fields.String()
    kind = fields.String()
    state = fields.String()
    done_rows = fields.Integer()
    total_rows = fields.Integer(allow_none=True)
    created_at = fields.String()
    finished_at = fields.String(allow_none=True)
    answer = fields.Dict()
    status = fields.String()
    file = fields.String(allow_none=True)
    report = fields.String(allow_none=True)
