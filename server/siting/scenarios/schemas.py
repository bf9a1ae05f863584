"""The JSON of siting scenarios."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates_schema

from geo.siting.values import OBJECTIVES
from server.auth.schemas import PageQuery, plain, said
from server.siting.ground.area import Named
from server.siting.rows.books import FUNDS, ITEMS
from server.siting.scenarios.asked import GROUND_KINDS, GROUPED_BY, USUAL_GROUND, Asked, Drawn

MOST_COMMUNITIES, MOST_DRAWN, MOST_NAMED = 1500, 500, 2000
_PLACE_ID = [validate.Length(1, 100)]
_FINITE: dict[str, Any] = {"allow_nan": False}


def _degrees(most: float, **more: Any) -> fields.Float:
    return fields.Float(required=True, validate=validate.Range(-most, most), **_FINITE, **more)


class _Strict(Schema):
    class Meta:
        """A member that nobody reads is refused."""

        unknown = RAISE


class DrawnCornerSchema(_Strict):
    """A corner of a way that the planner drew."""

    lon = _degrees(180.0)
    lat = _degrees(90.0)
    datum = plain(load_default="wgs84", validate=[validate.OneOf(("wgs84", "cgcs2000", "gcj02", "bd09"))])


class DrawnSiteSchema(DrawnCornerSchema):
    """A point that the planner drew."""

    name = plain(load_default="", validate=[validate.Length(max=200)])
    ports = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 1000))
    pinned = fields.Boolean(load_default=False)


class GroupShareSchema(_Strict):
    """The least share of a group's e-bikes to serve; groups are what `group_by` makes."""

    group = plain(required=True, validate=[validate.Length(1, 100)])
    min_share = fields.Float(required=True, validate=validate.Range(0, 1), **_FINITE)


class SitingPhaseSchema(_Strict):
    """What may be spent and opened by the end of a phase, and how much its coverage counts."""

    budget = fields.Float(allow_none=True, validate=validate.Range(0), **_FINITE)
    p = fields.Integer(allow_none=True, validate=validate.Range(0, 50_000))
    weight = fields.Float(validate=validate.Range(0, 1000), **_FINITE)


class ScenarioAskedSchema(_Strict):
    """What to plan for: an area, money, rules. Everything but the area has a default."""

    name = plain(required=True, validate=[validate.Length(1, 100), said])
    communities = fields.List(fields.UUID(), load_default=[], validate=validate.Length(max=MOST_COMMUNITIES))
    neighbourhoods = fields.List(plain(validate=[validate.Regexp(r"\A[0-9]{12}\Z")]), load_default=[])
    subdistricts = fields.List(plain(validate=[validate.Regexp(r"\A[0-9]{9}\Z")]), load_default=[])
    rule_set = plain(load_default="default", validate=[validate.Length(1, 40)])
    objective = plain(load_default="max_cover", validate=[validate.OneOf(OBJECTIVES)])
    radius_m = fields.Float(load_default=300.0, validate=validate.Range(10, 5000), **_FINITE)
    budget = fields.Float(load_default=None, allow_none=True, validate=validate.Range(0), **_FINITE)
    p = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 50_000))
    min_separation_m = fields.Float(load_default=0.0, validate=validate.Range(0, 5000), **_FINITE)
    backup_weight = fields.Float(load_default=0.0, validate=validate.Range(0, 1), **_FINITE)
    ports = fields.Integer(load_default=20, validate=validate.Range(1, 1000))
    step_m = fields.Float(load_default=10.0, validate=validate.Range(5, 20), **_FINITE)
    apart_m = fields.Float(
        load_default=25.0,
        validate=validate.Range(0, 200),
        metadata={"description": "how far apart grid places are kept; 0 keeps all"},
        **_FINITE,
    )
    ground_kinds = fields.List(
        plain(validate=[validate.OneOf(GROUND_KINDS)]), load_default=list(USUAL_GROUND)
    )
    outline_as_ground = fields.Boolean(
        load_default=True,
        metadata={"description": "take a community whole where no open ground was drawn"},
    )
    distances = plain(load_default="walking", validate=[validate.OneOf(("walking", "straight"))])
    open_gates = fields.List(fields.UUID(), load_default=[], validate=validate.Length(max=MOST_DRAWN))
    drawn_ways = fields.List(
        fields.List(fields.Nested(DrawnCornerSchema), validate=validate.Length(2, 100)),
        load_default=[],
        validate=validate.Length(max=MOST_DRAWN),
        metadata={"description": "footways that are to be opened, as a what-if"},
    )
    drawn = fields.List(
        fields.Nested(DrawnSiteSchema), load_default=[], validate=validate.Length(max=MOST_DRAWN)
    )
    pinned = fields.List(plain(validate=_PLACE_ID), load_default=[], validate=validate.Length(max=MOST_NAMED))
    forbidden = fields.List(
        plain(validate=_PLACE_ID), load_default=[], validate=validate.Length(max=MOST_NAMED)
    )
    one_per_community = fields.Boolean(load_default=True)
    heed_power = fields.Boolean(load_default=True)
    paid_by = fields.Dict(
        keys=plain(validate=[validate.OneOf(ITEMS)]),
        values=plain(validate=[validate.OneOf(FUNDS)]),
        load_default={},
    )
    group_by = plain(load_default="kind", validate=[validate.OneOf(GROUPED_BY)])
    equity = fields.List(fields.Nested(GroupShareSchema), load_default=[], validate=validate.Length(max=1000))
    phases = fields.List(fields.Nested(SitingPhaseSchema), load_default=[], validate=validate.Length(max=20))
    time_limit_s = fields.Float(load_default=60.0, validate=validate.Range(0.1, 3600), **_FINITE)
    gap = fields.Float(load_default=0.0, validate=validate.Range(0, 1), **_FINITE)
    seed = fields.Integer(load_default=0, validate=validate.Range(0, 2**31 - 1))
    solve = fields.Boolean(
        load_default=True, metadata={"description": "false: look at places and demand only"}
    )

    @validates_schema
    def _in_order(self, given: dict[str, Any], **_: Any) -> None:
        both = set(given.get("pinned", ())) & set(given.get("forbidden", ()))
        if both:
            raise ValidationError(f"pinned, too: {sorted(both)[:5]} / 同时被设为必设", "forbidden")


class AskedSchema(ScenarioAskedSchema):
    """The same, as a value: for the worker that reads it back."""

    @post_load
    def _value(self, given: dict[str, Any], **_: Any) -> Asked:
        return asked_of(given)


def asked_of(given: dict[str, Any]) -> Asked:
    """Return what was asked as a value; drawn points are taken as WGS 84."""
    told = {name: value for name, value in given.items() if name != "name"}
    area = Named(
        tuple(told.pop("communities")), tuple(told.pop("neighbourhoods")), tuple(told.pop("subdistricts"))
    )
    drawn = tuple(Drawn(**{k: v for k, v in one.items() if k != "datum"}) for one in told.pop("drawn"))
    ways = tuple(tuple((at["lon"], at["lat"]) for at in way) for way in told.pop("drawn_ways"))
    lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    return Asked(area=area, drawn=drawn, drawn_ways=ways, **{**told, **lists})


class ScenarioSchema(Schema):
    """A scenario: how far it is, what it came to, and its plans.

    `answer` counts places and demand, tells the area lost per rule and by what distances were measured;
    `because` says why there is nothing to solve.
    """

    scenario_id = fields.UUID()
    name = fields.String()
    asked = fields.Dict()
    divisions = fields.List(fields.String())
    state = fields.String(validate=validate.OneOf(("waiting", "building", "built", "impossible", "stopped")))
    stage = fields.String()
    done_steps = fields.Integer()
    answer = fields.Dict(allow_none=True)
    because = fields.Dict(allow_none=True)
    plans = fields.List(fields.UUID())
    asked_by = fields.UUID()
    asked_at = fields.AwareDateTime()
    begun_at = fields.AwareDateTime(allow_none=True)
    finished_at = fields.AwareDateTime(allow_none=True)


class ScenarioPage(Schema):
    """A page of scenarios, the newest first."""

    items = fields.List(fields.Nested(ScenarioSchema))
    next = fields.String(allow_none=True)


class ScenariosQuery(PageQuery):
    """A page of scenarios."""


class DemandQuery(Schema):
    """The area whose demand to show."""

    community_id = fields.List(fields.UUID(), load_default=[])
    neighbourhood = fields.List(plain(validate=[validate.Length(equal=12)]), load_default=[])
    subdistrict = fields.List(plain(validate=[validate.Length(equal=9)]), load_default=[])


class GatesQuery(DemandQuery):
    """The area whose gates to show, and how far around it people walk."""

    radius_m = fields.Float(load_default=300.0, validate=validate.Range(10, 5000), **_FINITE)
