"""Joint enforcement over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.ledger.joint import schemas, service
from server.ledger.lists import newest_first
from server.paging import page
from server.request import now, session

routes = Blueprint("joint_actions", __name__, url_prefix="/api/v1", description="Joint enforcement")


@routes.route("/joint-actions")
@routes.arguments(schemas.JointQuery, location="query")
@routes.response(200, schemas.JointActionPage)
def list_joint_actions(query: dict[str, Any]) -> dict[str, Any]:
    """List the joint actions within the caller's reach, newest proposal first."""
    after, limit = newest_first(query["cursor"]), query["limit"]
    found = service.listed(session(), query["state"], after, limit + 1, actor=actor())
    return page(found, limit, lambda one: [one["proposed_at"], one["joint_action_id"]])


@routes.route("/joint-actions", methods=["POST"])
@routes.arguments(schemas.ProposalSchema)
@routes.response(201, schemas.JointActionDetailSchema)
def propose_joint_action(given: dict[str, Any]) -> dict[str, Any]:
    """Propose a joint action on cases of one subdistrict; the subdistrict decides."""
    return service.propose(session(), **given, actor=actor(), now=now())


@routes.route("/joint-actions/<uuid:joint_action_id>")
@routes.response(200, schemas.JointActionDetailSchema)
def show_joint_action(joint_action_id: UUID) -> dict[str, Any]:
    """Show a joint action with its cases, participants and results."""
    return service.show(session(), joint_action_id, actor=actor())


@routes.route("/joint-actions/<uuid:joint_action_id>/commands", methods=["POST"])
@routes.arguments(schemas.JointCommandSchema)
@routes.response(200, schemas.JointActionDetailSchema)
def command_joint_action(given: dict[str, Any], joint_action_id: UUID) -> dict[str, Any]:
    """Accept, decline, record a result or conclude; the answer is the joint action as it then stands."""
    return service.obey(
        session(),
        joint_action_id,
        command=given["type"],
        base_version=given["base_version"],
        data=given["data"],
        actor=actor(),
        now=now(),
    )
