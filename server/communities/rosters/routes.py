"""Rosters over HTTP: sent here, taken in by the workers."""

from __future__ import annotations

from typing import Any

import uuid6
from flask_smorest import Blueprint

from server.auth.request import actor
from server.auth.rules import reach
from server.communities.rosters.columns import ROSTERS
from server.communities.rosters.errors import UnknownRoster
from server.communities.rosters.jobs import IMPORT, TEMPLATE
from server.communities.rosters.schemas import RosterForm
from server.request import now, session, settings
from server.sheets import service
from server.sheets.files import SheetFiles
from server.sheets.routes import hand_over, sent_table
from server.sheets.schemas import TaskSchema

routes = Blueprint("rosters", __name__, url_prefix="/api/v1/rosters", description="Rosters in Excel")


@routes.route("/<kind>", methods=["POST"])
@routes.arguments(RosterForm, location="form")
@routes.response(202, TaskSchema)
def send_roster(given: dict[str, Any], kind: str) -> dict[str, Any]:
    """Send a roster (`file`): all of it is taken in, or nothing unless `skip_refused`; poll `status` for
    what came of it.
    """
    who = actor()
    reach(who, "roster.import")
    _known(kind)
    sent, task_id = sent_table(), uuid6.uuid7()
    SheetFiles(settings()).receive(task_id, sent.stream)
    task = service.ask(
        session(),
        IMPORT,
        {**given, "roster": kind},
        file_name=sent.filename or "",
        actor=who,
        now=now(),
        task_id=task_id,
    )
    told = service.as_json(task)
    hand_over(task.task_id)
    return told


@routes.route("/<kind>/template", methods=["POST"])
@routes.response(202, TaskSchema)
def ask_template(kind: str) -> dict[str, Any]:
    """Ask for an empty roster to fill in; poll `status`, then fetch `file`."""
    who = actor()
    reach(who, "roster.import")
    _known(kind)
    name = f"{ROSTERS[kind].title}.xlsx"
    task = service.ask(session(), TEMPLATE, {"roster": kind}, file_name=name, actor=who, now=now())
    told = service.as_json(task)
    hand_over(task.task_id)
    return told


def _known(kind: str) -> None:
    if kind not in ROSTERS:
        raise UnknownRoster(kind)
