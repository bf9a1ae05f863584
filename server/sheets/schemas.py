"""The JSON of tasks."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class TaskSchema(Schema):
    """Work on a sheet: poll `status` until `state` is done, refused or failed."""

    task_id = fields.String()
    kind = fields.String()
    file_name = fields.String()
    asked = fields.Dict(metadata={"description": "What was asked for, so that it can be asked for again"})
    state = fields.String()
    done_rows = fields.Integer()
    total_rows = fields.Integer(allow_none=True)
    created_at = fields.String()
    finished_at = fields.String(allow_none=True)
    answer = fields.Dict()
    status = fields.String()
    file = fields.String(allow_none=True)
    report = fields.String(allow_none=True)


class TaskPage(Schema):
    """Tasks of one's own, newest first."""

    items = fields.List(fields.Nested(TaskSchema))
    next = fields.String(allow_none=True)


class TasksQuery(Schema):
    """Which tasks to list."""

    kind = fields.String(load_default=None, validate=[validate.Length(max=64)])
    limit = fields.Integer(load_default=20, validate=[validate.Range(1, 200)])
