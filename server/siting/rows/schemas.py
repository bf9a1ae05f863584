"""The JSON of the rows that siting reckons with."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields, post_load, validate

from server.auth.schemas import plain, said
from server.siting.rows.books import FUNDS, ITEMS, RATES, UNITS

_NAME = validate.Regexp(r"\A[a-z][a-z0-9_]{0,39}\Z")
_KIND = validate.Regexp(
    r"\A(building|entrance|fire_lane|ladder_ground|forbidden|figure|facility:[a-z][a-z0-9_]{0,63})\Z"
)


class _Row(Schema):
    source = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    set_at = fields.AwareDateTime()
    in_force = fields.Boolean()


class _Set(Schema):
    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    source = plain(required=True, validate=[validate.Length(1, 200), said])
    valid_from = fields.Date(allow_none=True)


class SitingRuleSchema(_Row):
    """A rule of a set; `valid_to` is the first day on which it no longer holds."""

    rule_set = fields.String()
    name = fields.String()
    kind = fields.String()
    value = fields.Float()
    unit = fields.String()
    hard = fields.Boolean()


class SetSitingRuleSchema(_Set):
    """A rule that is to hold from a day on; `value` null ends it."""

    rule_set = plain(required=True, validate=[_NAME])
    name = plain(required=True, validate=[_NAME])
    kind = plain(validate=[_KIND])
    value = fields.Float(allow_none=True, allow_nan=False, validate=validate.Range(0, 1000))
    unit = plain(validate=[validate.OneOf(UNITS)])
    hard = fields.Boolean()


class PriceSchema(_Row):
    """What one unit of an item costs, and who pays."""

    item = fields.String()
    yuan = fields.Float()
    paid_by = fields.String()


class SetPriceSchema(_Set):
    """A price that is to hold from a day on."""

    item = plain(required=True, validate=[validate.OneOf(ITEMS)])
    yuan = fields.Float(allow_nan=False, validate=validate.Range(0, 9_999_999))
    paid_by = plain(validate=[validate.OneOf(FUNDS)])


class RateSchema(_Row):
    """A rate; `place` is empty for the county's, else a community or building."""

    name = fields.String()
    place = fields.String()
    value = fields.Float()


class SetRateSchema(_Set):
    """A rate that is to hold from a day on; `value` null ends a place's own."""

    name = plain(required=True, validate=[validate.OneOf(RATES)])
    place = fields.UUID(load_default=None, allow_none=True)
    value = fields.Float(required=True, allow_none=True, allow_nan=False, validate=validate.Range(0, 1000))

    @post_load
    def placed(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the place as the book keys it."""
        return {**given, "place": "" if given["place"] is None else str(given["place"])}


class PowerSchema(_Row):
    """What a transformer has left."""

    facility_id = fields.UUID()
    name = fields.String()
    spare_kva = fields.Float()


class SetPowerSchema(_Set):
    """What a transformer has left from a day on; null when nobody knows any more."""

    facility_id = fields.UUID(required=True)
    spare_kva = fields.Float(
        required=True, allow_none=True, allow_nan=False, validate=validate.Range(0, 100_000)
    )


def list_of(row: type[Schema]) -> type[Schema]:
    """Return the schema of all rows of a book."""
    members: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(row)),
        "next": fields.String(allow_none=True),
    }
    return Schema.from_dict(members, name=f"{row.__name__.removesuffix('Schema')}ListSchema")


class ForbidSchema(Schema):
    """Ground that is to stay free of charging; `geometry` is a GeoJSON polygon in WGS 84."""

    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    reason = plain(required=True, validate=[validate.Length(1, 200), said])
    geometry = fields.Dict(keys=fields.String(), required=True)


class _Withdraw(Schema):
    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE

    valid_from = fields.Date(required=True)


class WithdrawSitingRuleSchema(_Withdraw):
    """Which rule to come is taken back."""

    rule_set = plain(required=True)
    name = plain(required=True)


class WithdrawPriceSchema(_Withdraw):
    """Which price to come is taken back."""

    item = plain(required=True)


class WithdrawRateSchema(_Withdraw):
    """Which rate to come is taken back; `place` empty or left out is the county's."""

    name = plain(required=True)
    place = plain(load_default="", allow_none=True)

    @post_load
    def placed(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the place as the book keys it."""
        return {**given, "place": given["place"] or ""}


class WithdrawPowerSchema(_Withdraw):
    """Which word of the utility to come is taken back."""

    facility_id = fields.UUID(required=True)
