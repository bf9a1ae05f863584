"""Sign-in, the caller, people and units over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import current_app, request
from flask_smorest import Blueprint

from server.auth import queries, rules, schemas, service
from server.auth.attempts import Attempts
from server.auth.errors import WrongCredentials
from server.auth.request import actor
from server.paging import page, place_of
from server.request import now, session, settings

routes = Blueprint("auth", __name__, url_prefix="/api/v1", description="People and units")


def attempts() -> Attempts:
    """Return the application's count of failed sign-ins."""
    found: Attempts | None = current_app.extensions.get("wangge.attempts")
    if found is None:
        found = Attempts(settings().redis_url, settings().sign_in_limit)
        current_app.extensions["wangge.attempts"] = found
    return found


@routes.route("/auth/login", methods=["POST"])
@routes.arguments(schemas.LoginSchema)
@routes.response(200, schemas.SignedInSchema)
def sign_in(given: dict[str, str]) -> dict[str, Any]:
    """Sign in with user name and password."""
    name, address = service.plain_name(given["username"]), request.remote_addr or ""
    attempts().check(name, address)
    try:
        tokens, person = service.sign_in(session(), **given, now=now(), settings=settings())
    except WrongCredentials:
        attempts().failed(name, address)
        raise
    return {**asdict(tokens), "user": person}


@routes.route("/auth/refresh", methods=["POST"])
@routes.arguments(schemas.RefreshSchema)
@routes.response(200, schemas.TokensSchema)
def refresh(given: dict[str, str]) -> Any:
    """Take new tokens; the old refresh token works until the new one was used."""
    return service.refresh(session(), given["refresh_token"], now(), settings())


@routes.route("/me")
@routes.response(200, schemas.MeSchema)
def me() -> dict[str, Any]:
    """Return the caller and what they may do."""
    caller = actor()
    person = service.known_person(session(), caller.user_id)
    return {
        **{name: getattr(person, name) for name in person.__slots__},
        "device_id": caller.device_id,
        "rights": rules.rights(caller),
        "has_work": rules.has_work(caller.role),
    }


@routes.route("/units")
@routes.arguments(schemas.UnitQuery, location="query")
@routes.response(200, schemas.UnitPage)
def list_units(query: dict[str, Any]) -> dict[str, Any]:
    """List units by code."""
    rules.reach(actor(), "units.list")
    after = place_of(query["cursor"], str)
    found = queries.units(
        session(), query["text"], query["kind"], after[0] if after else None, query["limit"] + 1
    )
    return page(found, query["limit"], lambda unit: [unit.code])


@routes.route("/users")
@routes.arguments(schemas.UserQuery, location="query")
@routes.response(200, schemas.UserPage)
def list_users(query: dict[str, Any]) -> dict[str, Any]:
    """List the people within the caller's reach by user name."""
    scope = rules.reach(actor(), "users.list")
    after = place_of(query["cursor"], str)
    found = queries.people(
        session(),
        actor(),
        scope,
        query["text"],
        after[0] if after else None,
        query["limit"] + 1,
        unit=query["unit"],
        role=query["role"],
        active=query["active"],
    )
    return page(found, query["limit"], lambda person: [person.username])


@routes.route("/roles")
@routes.response(200, schemas.RoleTableSchema)
def show_roles() -> dict[str, Any]:
    """Show what each role may do and how far: the very table that the product decides by."""
    rules.reach(actor(), "users.list")
    actions = [{"action": action, "reach": dict(row)} for action, row in rules.REACH.items()]
    return {"roles": rules.ROLES, "actions": actions}


@routes.route("/users/<username>/password", methods=["PUT"])
@routes.arguments(schemas.PasswordSchema)
@routes.response(200, schemas.UserSchema)
def reset_password(given: dict[str, str], username: str) -> Any:
    """Give a person another password; their sign-ins end."""
    rules.reach(actor(), "user.change")
    return service.reset_password(session(), username=username, **given, actor=actor(), now=now())


@routes.route("/users/<username>/active", methods=["PUT"])
@routes.arguments(schemas.ActiveSchema)
@routes.response(200, schemas.UserSchema)
def set_active(given: dict[str, bool], username: str) -> Any:
    """Switch a person off or on."""
    rules.reach(actor(), "user.change")
    return service.set_active(session(), username=username, **given, actor=actor(), now=now())
