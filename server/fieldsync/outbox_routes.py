"""Outbox files over HTTP: what a tablet without a network exported, brought to the office by hand."""

from __future__ import annotations

from typing import Any

import uuid6
from flask_smorest import Blueprint

from server.auth.actor import Actor
from server.auth.request import actor
from server.auth.rules import reach
from server.fieldsync import outboxes
from server.fieldsync.outbox_file import OutboxFileUnusable
from server.fieldsync.outbox_schemas import OutboxForm
from server.fieldsync.outboxes import Sent
from server.request import now, session, settings
from server.sheets import service
from server.sheets.files import SheetFiles
from server.sheets.routes import hand_over, sent_table
from server.sheets.schemas import TaskSchema

routes = Blueprint(
    "outbox-files", __name__, url_prefix="/api/v1/sync", description="Outboxes brought by hand"
)


@routes.route("/outbox-files", methods=["POST"])
@routes.arguments(OutboxForm, location="form")
@routes.response(202, TaskSchema)
def take_in_outbox(given: dict[str, Any]) -> dict[str, Any]:
    """Take in the outbox file of a tablet by the rules of a push; again, it does nothing twice.

    Send the file as `file`; or, where it is large or the line drops, first in parts (tus 1.0.0 at
    `/api/v1/sync/outbox-files/uploads`) and then the upload's id as `sent`. With `dry_run` the whole file is
    read and checked, and nothing stored; the task's id then is `sent` for taking it in. Poll `status`: the
    answer tells each item's outcome, the report as CSV all of them.
    """
    who = actor()
    reach(who, outboxes.RIGHT)
    files = SheetFiles(settings())
    sent = outboxes.sent_before(session(), given["sent"], who) if given["sent"] else _received(files)
    whose = _looked_into(files, sent, given["user"], who)
    asked = {**whose, "dry_run": given["dry_run"], "sent": str(sent.file_id)}
    task = service.ask(session(), outboxes.KIND, asked, file_name=sent.name, actor=who, now=now())
    told = service.as_json(task)
    hand_over(task.task_id)
    return told


def _received(files: SheetFiles) -> Sent:
    sent, file_id = sent_table(), uuid6.uuid7()
    files.receive(file_id, sent.stream)
    return Sent(file_id, sent.filename or "outbox.zip")


def _looked_into(files: SheetFiles, sent: Sent, user: str, who: Actor) -> dict[str, Any]:
    """Return whose work it is; a file that is none is not kept, and nothing of it is taken in."""
    try:
        return dict(outboxes.look_into(session(), files.incoming(sent.file_id), user, who))
    except OutboxFileUnusable:
        outboxes.forget(session(), files, sent.file_id)
        session().commit()
        raise
