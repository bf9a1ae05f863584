"""Communities, cells and neighbourhoods over HTTP; creating people and giving them cells."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth import rules
from server.auth.request import actor
from server.auth.schemas import UserSchema
from server.communities import field_queries, queries, schemas, service
from server.paging import page, place_of
from server.request import now, session

routes = Blueprint("communities", __name__, url_prefix="/api/v1", description="Places and who walks them")


@routes.route("/communities")
@routes.arguments(schemas.CommunityQuery, location="query")
@routes.response(200, schemas.CommunityPage)
def list_communities(query: dict[str, Any]) -> dict[str, Any]:
    """List the communities within the caller's reach, by neighbourhood and name."""
    seen = service.reach_of(session(), actor(), "communities.list", now())
    after = place_of(query.pop("cursor"), str, str, str)
    limit = query.pop("limit")
    found = queries.communities(session(), seen, query, after, limit + 1)
    return page(found, limit, lambda row: [row["neighbourhood_code"], row["name"], row["community_id"]])


@routes.route("/communities/<uuid:community_id>")
@routes.response(200, schemas.CommunitySchema)
def get_community(community_id: UUID) -> Any:
    """Return one community."""
    return service.community(session(), actor(), str(community_id), now())


@routes.route("/facilities")
@routes.arguments(schemas.FacilityQuery, location="query")
@routes.response(200, schemas.FacilityPage)
def list_facilities(query: dict[str, Any]) -> dict[str, Any]:
    """List lifts, hydrants, cameras and the like within the caller's reach, by community."""
    seen = service.reach_of(session(), actor(), "facilities.list", now())
    after = place_of(query.pop("cursor"), str, str)
    limit = query.pop("limit")
    query.pop("text")
    found = field_queries.list_facilities(session(), seen, query, after, limit + 1)
    return page(found, limit, lambda row: [row["community_id"], row["facility_id"]])


@routes.route("/grid-cells")
@routes.arguments(schemas.GridCellQuery, location="query")
@routes.response(200, schemas.GridCellPage)
def list_grid_cells(query: dict[str, Any]) -> dict[str, Any]:
    """List the grid cells within the caller's reach, by code."""
    seen = service.reach_of(session(), actor(), "grid_cells.list", now())
    after = place_of(query.pop("cursor"), str)
    limit = query.pop("limit")
    found = queries.grid_cells(session(), seen, query, after, limit + 1)
    return page(found, limit, lambda row: [row["code"]])


@routes.route("/neighbourhoods")
@routes.arguments(schemas.NeighbourhoodQuery, location="query")
@routes.response(200, schemas.NeighbourhoodPage)
def list_neighbourhoods(query: dict[str, Any]) -> dict[str, Any]:
    """List neighbourhoods and villages, by code."""
    rules.reach(actor(), "neighbourhoods.list")
    after = place_of(query.pop("cursor"), str)
    limit = query.pop("limit")
    found = queries.neighbourhoods(session(), query, after, limit + 1)
    return page(found, limit, lambda row: [row["code"]])


@routes.route("/users", methods=["POST"])
@routes.arguments(schemas.NewUserSchema)
@routes.response(201, UserSchema)
def create_user(given: dict[str, Any]) -> Any:
    """Create a person; a grid worker with the cells they walk."""
    rules.reach(actor(), "user.create")
    unit = given.pop("unit")
    return service.create_person(session(), **given, unit_code=unit, actor=actor(), now=now())


@routes.route("/users/<username>/assignments", methods=["PUT"])
@routes.arguments(schemas.AssignSchema)
@routes.response(200, schemas.AssignmentSchema(many=True))
def assign(given: dict[str, Any], username: str) -> Any:
    """Let a grid worker walk cells; replaces what is open from the first day on."""
    last = given["last"]
    return service.assign_within_reach(
        session(),
        username=username,
        cells=given["cells"],
        starts=given["starts"],
        ends=None if last is None else last + timedelta(days=1),
        actor=actor(),
        now=now(),
    )
