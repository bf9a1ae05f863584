"""Votes of owners over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from flask_smorest import Blueprint

from server.auth import rules
from server.auth.request import actor, actor_or_stand_in
from server.governance import ballots, schemas, service
from server.governance.ballots import REGISTER, REGISTER_TEMPLATE
from server.paging import CursorInvalid, page, place_of
from server.request import now, session, settings
from server.sheets import service as sheets
from server.sheets.files import SheetFiles
from server.sheets.routes import hand_over, sent_table
from server.sheets.schemas import TaskSchema

routes = Blueprint("votes", __name__, url_prefix="/api/v1", description="What owners decide together")


@routes.route("/votes")
@routes.arguments(schemas.VotesQuery, location="query")
@routes.response(200, schemas.VotePage)
def list_votes(query: dict[str, Any]) -> dict[str, Any]:
    """List the votes within the caller's reach, the newest first."""
    after, limit = _place(query.pop("cursor")), query.pop("limit")
    found = service.listed(session(), query, after, limit + 1, actor=actor(), now=now())
    return page(found, limit, lambda one: [one["created_at"], one["vote_id"]])


@routes.route("/votes", methods=["POST"])
@routes.arguments(schemas.VoteInputSchema)
@routes.response(201, schemas.VoteDetailSchema)
def draft_vote(given: dict[str, Any]) -> dict[str, Any]:
    """Draft a vote of a community's owners: an assembly's, or an opinion poll where there is none."""
    who = actor_or_stand_in()
    return service.draft(session(), given.pop("community_id"), given, actor=who, now=now())


@routes.route("/vote-rules")
@routes.response(200, schemas.VoteRulePage)
def list_vote_rules() -> dict[str, Any]:
    """List what each matter needs, by law and with validity."""
    rules.reach(actor(), service.LIST)
    return {"items": service.rule_lines(session()), "next": None}


@routes.route("/votes/<uuid:vote_id>")
@routes.response(200, schemas.VoteDetailSchema)
def show_vote(vote_id: UUID) -> dict[str, Any]:
    """Show one vote with its progress, objections and history."""
    return service.show(session(), vote_id, actor=actor(), now=now())


@routes.route("/votes/<uuid:vote_id>/commands", methods=["POST"])
@routes.arguments(schemas.VoteCommandSchema)
@routes.response(200, schemas.VoteDetailSchema)
def command_vote(given: dict[str, Any], vote_id: UUID) -> dict[str, Any]:
    """Give a command on a vote; the answer is the vote as it then stands."""
    return service.obey(
        session(),
        vote_id,
        command=given["type"],
        base_version=given["base_version"],
        data=given["data"],
        actor=actor_or_stand_in(),
        now=now(),
    )


@routes.route("/votes/<uuid:vote_id>/owners")
@routes.arguments(schemas.OwnersQuery, location="query")
@routes.response(200, schemas.VoteOwnerPage)
def list_owners(query: dict[str, Any], vote_id: UUID) -> dict[str, Any]:
    """List the owners of a vote's register by number, each with how far the ballot is."""
    place, limit = place_of(query["cursor"], str), query["limit"]
    found = ballots.owners(
        session(),
        vote_id,
        text=query["text"],
        ballot=query["ballot"],
        after=place[0] if place else None,
        limit=limit + 1,
        actor=actor(),
        now=now(),
    )
    return page(found, limit, lambda one: [one["owner_no"]])


@routes.route("/votes/<uuid:vote_id>/owners", methods=["PUT"])
@routes.arguments(schemas.RegisterSchema)
@routes.response(200, schemas.VoteDetailSchema)
def put_owners(given: dict[str, Any], vote_id: UUID) -> dict[str, Any]:
    """Put a whole register in place of the one before; possible until the vote opens."""
    return ballots.put_register(session(), vote_id, given["units"], actor=actor(), now=now())


@routes.route("/votes/<uuid:vote_id>/owners/import", methods=["POST"])
@routes.response(202, TaskSchema)
def import_owners(vote_id: UUID) -> dict[str, Any]:
    """Send the register as a table (`file`): all of it is taken in or nothing; poll `status`."""
    who = actor()
    service.of_hand(session(), vote_id, "vote.register", who, now())
    sent, task_id = sent_table(), uuid6.uuid7()
    SheetFiles(settings()).receive(task_id, sent.stream)
    task = sheets.ask(
        session(),
        REGISTER,
        {"vote_id": str(vote_id)},
        file_name=sent.filename or "",
        actor=who,
        now=now(),
        task_id=task_id,
    )
    told = sheets.as_json(task)
    hand_over(task.task_id)
    return told


@routes.route("/votes/owners-template", methods=["POST"])
@routes.response(202, TaskSchema)
def ask_owners_template() -> dict[str, Any]:
    """Ask for an empty register to fill in; poll `status`, then fetch `file`."""
    who = actor()
    rules.reach(who, "vote.register")
    task = sheets.ask(session(), REGISTER_TEMPLATE, {}, file_name="业主名册.xlsx", actor=who, now=now())
    told = sheets.as_json(task)
    hand_over(task.task_id)
    return told


@routes.route("/votes/<uuid:vote_id>/ballots", methods=["POST"])
@routes.arguments(schemas.BallotsSchema)
@routes.response(200, schemas.VoteDetailSchema)
def enter_ballots(given: dict[str, Any], vote_id: UUID) -> dict[str, Any]:
    """Enter ballots for the first or, as another person, for the second time: all of them or none."""
    return ballots.enter(session(), vote_id, given["number"], given["ballots"], actor=actor(), now=now())


def _place(cursor: str | None) -> tuple[str, str] | None:
    place = place_of(cursor, str, str)
    if place is None:
        return None
    try:
        return datetime.fromisoformat(place[0]).isoformat(), str(UUID(place[1]))
    except ValueError as error:
        raise CursorInvalid from error
