"""The form that comes with an outbox file."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate


class OutboxForm(Schema):
    """What is told beside the file, or instead of it."""

    class Meta:
        """A field that nobody reads is refused."""

        unknown = RAISE

    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Read and check the whole file, store nothing."}
    )
    user = fields.String(
        load_default="",
        validate=[validate.Length(max=64)],
        metadata={"description": "Whose work it is, where the manifest's user name is unknown here."},
    )
    sent = fields.UUID(
        load_default=None,
        metadata={
            "description": "Instead of `file`: the id of an upload that is whole, or of an earlier look."
        },
    )
