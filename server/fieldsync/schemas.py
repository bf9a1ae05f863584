"""The JSON of tablets: enrolment, tokens, limits, the envelope and its results, the pages of a pull."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from server.auth.schemas import RefreshSchema, TokensSchema, plain
from server.fieldsync.wipes.schemas import WipeOrderSchema

MAX_PAGE = 5000
DEFAULT_PAGE = 1000
STATUSES = ("applied", "merged", "conflict", "held", "quarantined", "rejected")
__all__ = ["RefreshSchema", "TokensSchema"]


class EnrolmentSchema(Schema):
    """What a tablet tells when it enrols."""

    class Meta:
        """A newer tablet may tell more."""

        unknown = EXCLUDE

    device_id = fields.UUID(required=True)
    enrolment_code = plain(required=True, validate=[validate.Length(1, 64)])
    name = plain(load_default="tablet", validate=[validate.Length(max=200)])
    platform = plain(load_default="", validate=[validate.Length(max=200)])
    app_version = plain(load_default="", validate=[validate.Length(max=200)])


class EnrolledSchema(TokensSchema):
    """An enrolled tablet's tokens."""

    device_id = fields.UUID()


class CodeRequestSchema(Schema):
    """Whose tablet is to enrol."""

    username = plain(required=True, validate=[validate.Length(1, 64)])
    address = fields.URL(
        load_default=None,
        require_tld=False,
        schemes={"http", "https"},
        validate=validate.Length(max=200),
        metadata={"description": "where tablets reach the server; the address of this request when left out"},
    )


class CodeSchema(Schema):
    """A code that lets one tablet enrol; `qr_svg` draws `invitation_url`, which opens its page with it."""

    enrolment_code = fields.String()
    expires_at = fields.AwareDateTime(format="iso")
    invitation_url = fields.String()
    qr_svg = fields.String()


class ConfigSchema(Schema):
    """Limits (sizes in bytes), the server's time, and when to come again."""

    server_time = fields.AwareDateTime(format="iso")
    protocol_versions = fields.List(fields.Integer())
    max_mutations = fields.Integer()
    max_inflated_bytes = fields.Integer()
    max_body_bytes = fields.Integer()
    upload_chunk_bytes = fields.Integer()
    max_photo_bytes = fields.Integer()
    device_uploads_at_once = fields.Integer()
    next_sync_after = fields.AwareDateTime(format="iso")
    wipe = fields.Nested(
        WipeOrderSchema, allow_none=True, metadata={"description": "the office has the tablet erase itself"}
    )


class ClockSchema(Schema):
    """The tablet's clock at the time of sending."""

    wall = fields.AwareDateTime()
    monotonic_ms = fields.Integer()
    boot_id = fields.String()


class MutationSchema(Schema):
    """One item: a named command on one entity."""

    mid = fields.UUID(required=True)
    seq = fields.Integer(required=True)
    type = fields.String(required=True)
    entity_id = fields.UUID(required=True)
    device_time = fields.AwareDateTime(allow_none=True)
    base_version = fields.Integer(allow_none=True)
    depends_on = fields.List(fields.UUID())
    data = fields.Dict(required=True)


class EnvelopeSchema(Schema):
    """A push."""

    batch_id = fields.String()
    device_id = fields.UUID(required=True)
    first_seq = fields.Integer(required=True)
    clock = fields.Nested(ClockSchema)
    app = fields.String()
    mutations = fields.List(fields.Nested(MutationSchema), required=True)


class SyncWarningSchema(Schema):
    """Something to know that refuses nothing."""

    type = fields.String()
    pointer = fields.String()
    detail = fields.String()
    detail_zh = fields.String()


class MutationResultSchema(Schema):
    """What became of one item."""

    mid = fields.String(allow_none=True)
    seq = fields.Integer()
    status = fields.String(validate=validate.OneOf(STATUSES))
    entity_id = fields.UUID(allow_none=True)
    version = fields.Integer(allow_none=True)
    replayed = fields.Boolean()
    warnings = fields.List(fields.Nested(SyncWarningSchema))
    problem = fields.Dict(allow_none=True)
    current = fields.Dict(allow_none=True)
    missing_photos = fields.List(fields.String())


class PushAnswerSchema(Schema):
    """The results of a push, in the order of its items; `warnings` are about the request as a whole."""

    batch_id = fields.String(allow_none=True)
    received_at = fields.AwareDateTime()
    clock_offset_ms = fields.Integer(allow_none=True)
    acked_through = fields.Integer()
    results = fields.List(fields.Nested(MutationResultSchema))
    warnings = fields.List(fields.Nested(SyncWarningSchema))
    receipt = fields.String()


class ReceiptKeySchema(Schema):
    """An Ed25519 public key as a JSON Web Key (RFC 8037)."""

    kty = fields.String()
    crv = fields.String()
    kid = fields.String()
    use = fields.String()
    alg = fields.String()
    x = fields.String()


class ReceiptKeysSchema(Schema):
    """The keys of receipts, the newest first; old ones stay."""

    keys = fields.List(fields.Nested(ReceiptKeySchema))


class PullQuery(Schema):
    """Where to read on, and how much. Give `resync` once, then follow the cursor."""

    class Meta:
        """Unknown parameters are ignored, as proxies add some."""

        unknown = EXCLUDE

    cursor = plain(load_default=None, validate=[validate.Length(max=100_000)])
    limit = fields.Integer(load_default=DEFAULT_PAGE, validate=validate.Range(1, MAX_PAGE))
    resync = plain(load_default=None, validate=[validate.Length(max=100)])


class OperationSchema(Schema):
    """One change: `put` with the record, `tombstone` without, `evict` for a whole bucket."""

    op = fields.String(validate=validate.OneOf(["put", "tombstone", "evict"]))
    bucket = fields.String()
    entity = fields.String()
    id = fields.String()
    version = fields.Integer()
    rev = fields.Integer()
    mid = fields.UUID(allow_none=True)
    data = fields.Dict()


class CheckpointSchema(Schema):
    """What a tablet should hold of a bucket."""

    count = fields.Integer()
    checksum = fields.String()


class PullPageSchema(Schema):
    """One page of a pull; the last one has the checkpoint of every bucket."""

    ops = fields.List(fields.Nested(OperationSchema))
    cursor = fields.String()
    more = fields.Boolean()
    checkpoint = fields.Dict(keys=fields.String(), values=fields.Nested(CheckpointSchema), allow_none=True)
    resync = fields.List(fields.String())
