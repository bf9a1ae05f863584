"""Siting scenarios and demand over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from server.auth.request import actor
from server.communities.outline import county_outline
from server.communities.values import Unfit, point
from server.ledger.lists import newest_first
from server.paging import page
from server.problems import InvalidInput
from server.queue import enqueue
from server.request import now, redis, session
from server.siting.answers import geojson
from server.siting.ground import demand, gates
from server.siting.ground.area import Named
from server.siting.scenarios import schemas, service
from server.siting.scenarios.jobs import TIME_LIMIT_S

routes = Blueprint(
    "siting-scenarios",
    __name__,
    url_prefix="/api/v1/siting",
    description="What to plan for, upon the county's own places",
)


@routes.route("/demand")
@routes.arguments(schemas.DemandQuery, location="query")
@routes.response(200)
def show_demand(query: dict[str, Any]) -> Response:
    """Show how many e-bikes look for a place at every building, each figure explained, as GeoJSON."""
    return geojson(demand.shown(session(), _named(query), actor=actor(), now=now()))


@routes.route("/gates")
@routes.arguments(schemas.GatesQuery, location="query")
@routes.response(200)
def show_gates(query: dict[str, Any]) -> Response:
    """Show the gates in and around an area as GeoJSON; `shut` ones can be opened in `open_gates`."""
    return geojson(gates.shown(session(), _named(query), query["radius_m"], actor=actor(), now=now()))


def _named(query: dict[str, Any]) -> Named:
    return Named(tuple(query["community_id"]), tuple(query["neighbourhood"]), tuple(query["subdistrict"]))


@routes.route("/scenarios", methods=["POST"])
@routes.arguments(schemas.ScenarioAskedSchema)
@routes.response(202, schemas.ScenarioSchema)
def ask_for_scenario(given: dict[str, Any]) -> dict[str, Any]:
    """Keep a scenario and have its problem built and solved; look at it until it is finished."""
    _in_wgs84(given)
    asked = schemas.asked_of(given)
    as_sent = schemas.ScenarioAskedSchema().dump(given)
    kept = service.ask(session(), given["name"], asked, as_sent, actor=actor(), now=now())
    scenario_id = str(kept.scenario_id)
    session().commit()
    enqueue(redis(), service.JOB, scenario_id, time_limit_s=TIME_LIMIT_S)
    session().refresh(kept)
    return service.with_plans(session(), [kept])[0]


def _in_wgs84(given: dict[str, Any]) -> None:
    """Bring what was drawn to WGS 84, within the county."""
    read = point(county_outline(session()))
    errors = []
    drawn = [(f"/drawn/{at}", one) for at, one in enumerate(given["drawn"])]
    drawn += [
        (f"/drawn_ways/{at}/{corner}", one)
        for at, way in enumerate(given["drawn_ways"])
        for corner, one in enumerate(way)
    ]
    for pointer, one in drawn:
        try:
            one |= {**read(one), "datum": "wgs84"}
        except Unfit as fault:
            told = {"detail": fault.detail, "detail_zh": fault.detail_zh}
            errors.append({"pointer": f"{pointer}{fault.pointer}", **told})
    if errors:
        raise InvalidInput("Drawn points cannot be used.", "所画点位不可用。", errors=errors[:20])


@routes.route("/scenarios")
@routes.arguments(schemas.ScenariosQuery, location="query")
@routes.response(200, schemas.ScenarioPage)
def list_scenarios(query: dict[str, Any]) -> dict[str, Any]:
    """List scenarios within reach, the newest first."""
    limit = query["limit"]
    found = service.newest(session(), newest_first(query["cursor"]), limit + 1, actor=actor())
    told = page(found, limit, lambda one: [one.asked_at.isoformat(), str(one.scenario_id)])
    return {**told, "items": service.with_plans(session(), told["items"])}


@routes.route("/scenarios/<uuid:scenario_id>")
@routes.response(200, schemas.ScenarioSchema)
def show_scenario(scenario_id: UUID) -> dict[str, Any]:
    """Show a scenario: how far it is, what it came to, and its plans."""
    return service.with_plans(session(), [service.found(session(), scenario_id, actor=actor())])[0]


@routes.route("/scenarios/<uuid:scenario_id>/stop", methods=["POST"])
@routes.response(200, schemas.ScenarioSchema)
def stop_scenario(scenario_id: UUID) -> dict[str, Any]:
    """Stop building a scenario; nothing of it is kept but what was asked."""
    stopped = service.stop(session(), scenario_id, actor=actor(), now=now())
    return service.with_plans(session(), [stopped])[0]


@routes.route("/scenarios/<uuid:scenario_id>/places")
@routes.response(200)
def show_places(scenario_id: UUID) -> Response:
    """Show every place that was looked at as GeoJSON, the rejected ones with the rule that rejected them."""
    one = service.found(session(), scenario_id, actor=actor(), whole=True)
    return geojson(one.places or {"type": "FeatureCollection", "features": []})


@routes.route("/scenarios/<uuid:scenario_id>/demand")
@routes.response(200)
def show_scenario_demand(scenario_id: UUID) -> Response:
    """Show the demand that the scenario was built upon, as GeoJSON."""
    one = service.found(session(), scenario_id, actor=actor(), whole=True)
    return geojson(one.demand or {"type": "FeatureCollection", "features": []})
