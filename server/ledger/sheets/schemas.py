"""The JSON of exports and imports of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

from server.auth.schemas import plain
from server.ledger.lists import Filter
from server.ledger.schemas import CasesQuery
from server.ledger.sheets.columns import KINDS, TITLES

_SEVERAL = ("state", "category", "measure", "severity", "signal")


class FilterSchema(CasesQuery):
    """The filters of the list of cases; several values of one as a list, or separated by commas."""

    class Meta:
        """A filter that nobody knows is refused: the export would hold more than was meant."""

        unknown = RAISE
        exclude = ("cursor", "limit", "as_of")

    @pre_load
    def _joined(self, given: Any, **_: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        lists = {name: value for name, value in given.items() if isinstance(value, list)}
        return {**given, **{name: ",".join(map(str, value)) for name, value in lists.items()}}


def filter_of(given: Mapping[str, Any]) -> Filter:
    """Return the filter that JSON of `FilterSchema` names.

    Raises:
        ValidationError: it is none.
    """
    read = FilterSchema().load(dict(given))
    return Filter(**{**read, **{name: tuple(read[name]) for name in _SEVERAL}})


def is_filter(given: Mapping[str, Any]) -> None:
    """Refuse what names no filter; raises ValidationError."""
    faults = FilterSchema().validate(dict(given))
    if faults:
        raise ValidationError(faults)


class ExportSchema(Schema):
    """What to export and how it looks."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    filters = fields.Dict(load_default=dict, validate=is_filter)
    kind = plain(load_default="ledger", validate=[validate.OneOf((*KINDS, *TITLES))])
    thumbnails = fields.Boolean(load_default=False)


class DownloadQuery(FilterSchema):
    """The filters of the ledger, and how the file looks."""

    kind = plain(load_default="ledger", validate=[validate.OneOf((*KINDS, *TITLES))])
    thumbnails = fields.Boolean(load_default=False)


class FieldSchema(Schema):
    """A field that a column of a foreign ledger can become."""

    name = fields.String()
    label_zh = fields.String()
    label_en = fields.String()
    kind = fields.String()
    required = fields.Boolean()
    choices = fields.List(fields.String())


class FieldPage(Schema):
    """Every field."""

    items = fields.List(fields.Nested(FieldSchema))
    next = fields.String(allow_none=True)


class MappingSchema(Schema):
    """A saved mapping."""

    name = fields.String()
    mapping = fields.Dict()


class MappingPage(Schema):
    """Every saved mapping."""

    items = fields.List(fields.Nested(MappingSchema))
    next = fields.String(allow_none=True)


class ImportForm(Schema):
    """The fields beside the files: `mapping` is a saved name, `mapping_json` one of its own.

    `table` is the `task_id` of one's own table or import whose files are taken again instead of `file`.
    """

    class Meta:
        """A field that nobody reads is refused."""

        unknown = RAISE

    table = fields.UUID(load_default=None)
    mapping = plain(load_default=None, validate=[validate.Length(1, 80)])
    mapping_json = plain(load_default=None, validate=[validate.Length(max=200_000)])
    save_mapping = plain(load_default=None, validate=[validate.Length(1, 80)])
    dry_run = fields.Boolean(load_default=False)
    skip_refused = fields.Boolean(load_default=False)
