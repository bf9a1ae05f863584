"""The JSON of rosters."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields


class RosterForm(Schema):
    """The fields beside the file."""

    class Meta:
        """A field that nobody reads is refused."""

        unknown = RAISE

    dry_run = fields.Boolean(load_default=False)
    skip_refused = fields.Boolean(load_default=False)
