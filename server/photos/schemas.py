"""The JSON of asking for photos."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

MOST_DIGESTS = 2000
SIZES_PX = (240, 640, 1280)


class HaveSchema(Schema):
    """The digests that a tablet is about to send."""

    class Meta:
        """Members of a later protocol are ignored."""

        unknown = EXCLUDE

    sha256 = fields.List(
        fields.String(
            validate=validate.Regexp(
                r"^[0-9a-fA-F]{64}\Z", error="应为 64 位十六进制的 SHA-256 / 64 hex digits"
            )
        ),
        required=True,
        validate=validate.Length(max=MOST_DIGESTS),
    )


class PartialSchema(Schema):
    """Where an unfinished upload goes on."""

    offset = fields.Integer()
    url = fields.String()


# Made from a mapping, as a schema has a setting of its own named `partial`.
HaveAnswerSchema = Schema.from_dict(
    {
        "missing": fields.List(fields.String()),
        "partial": fields.Dict(keys=fields.String(), values=fields.Nested(PartialSchema)),
    },
    name="HaveAnswerSchema",
)


class PhotoQuery(Schema):
    """Which size of a photo is wanted."""

    class Meta:
        """Names that nobody reads were refused before: see `server.questions`."""

        unknown = EXCLUDE

    px = fields.Integer(
        load_default=None,
        validate=validate.OneOf(SIZES_PX),
        metadata={"description": "longest side of a thumbnail; the original without it"},
    )
